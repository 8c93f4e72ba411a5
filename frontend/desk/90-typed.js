hearTyped();
