"""The writing form: its schema, conversion to and from records, validation and page."""
