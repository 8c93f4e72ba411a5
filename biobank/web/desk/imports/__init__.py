"""Imports at the desk: files are uploaded, checked, reviewed and saved as drafts."""
