"""The advanced search: a form of fields, the question it asks, and what in it cannot be read."""
