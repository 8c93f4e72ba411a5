// Scripts of the desk; without them its forms still send all they hold.
