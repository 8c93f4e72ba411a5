"""Bringing records in: what a file says, whose records they are, keeping them, the report."""
