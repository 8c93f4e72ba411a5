"""What the public sends, and what becomes of it."""
