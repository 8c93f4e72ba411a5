"""GEDCOM 7.0: people and their families as genealogists exchange them."""
