"""A mapping file: which columns of a table are which fields of a record."""
