"""The inbox of the desk: messages of the public and their handling."""
