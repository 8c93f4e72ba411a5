"""People: the record, its tables, checks and queries."""
