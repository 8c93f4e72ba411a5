"""The writing form: a record as the fields of a form and back, its rows, its mistakes, its page."""
