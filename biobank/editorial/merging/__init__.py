"""Merging of people and splitting of records, and their undo."""
