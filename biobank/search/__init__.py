"""The search: questions, the engine behind a port, the indexer, and the answers."""
