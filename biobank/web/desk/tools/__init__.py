"""Helpers of the writing form: autocomplete, dates, preview and duplicate warnings."""
