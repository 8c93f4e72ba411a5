"""Reference lists: terms, places, organisations and sources, each described by its entity type."""
