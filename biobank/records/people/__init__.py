"""People: the record, its tables, its checks and its read side."""
