"""Editing of reference records: terms, places, organisations and sources."""
