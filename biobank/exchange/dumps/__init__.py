"""The whole bank as files, one a format, each with its licence and its date."""
