"""Pages of a person's history: the list of revisions, a revision, and its changes."""
