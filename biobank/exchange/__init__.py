"""Import and export: file formats, seeding, dumps, the change feed and reconciliation."""
