"""Dumps of the whole bank: one file per format, each with its licence and date."""
