"""GEDCOM 7.0: structures, dates, names, families and individuals."""
