"""Worklists: saved searches for records to improve, their sizes and their progress."""
