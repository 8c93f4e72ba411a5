"""Search: query language, engine interface, indexer and search service."""
