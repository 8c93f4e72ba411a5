"""The inbox: messages from the public, and their handling by editors."""
