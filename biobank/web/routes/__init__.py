"""The handlers, by kind of page."""
