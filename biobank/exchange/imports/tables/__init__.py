"""Tables to import: their rows, whatever the file format."""
