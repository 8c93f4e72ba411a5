"""The forms of everybody."""
