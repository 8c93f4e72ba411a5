"""The inbox: what the public sends, and what becomes of it."""
