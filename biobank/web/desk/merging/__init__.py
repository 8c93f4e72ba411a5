"""Merging of records: choosing two records, preview, undo and split."""
