"""Reference records: kinds, redirects of merged ids, usage and edits."""
