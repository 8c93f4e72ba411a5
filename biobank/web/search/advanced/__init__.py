"""The advanced search: a form of fields, the query it builds, and its field errors."""
