"""Request handlers, by feature."""
