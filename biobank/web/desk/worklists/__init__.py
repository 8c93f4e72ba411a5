"""Worklists at the desk: lists with counts, their people, and saved searches."""
