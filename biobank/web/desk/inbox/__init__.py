"""The desk's inbox: what the public sent, and what is done with it."""
