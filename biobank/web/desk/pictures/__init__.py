"""Pictures at the desk: adding, describing and attaching them to people."""
