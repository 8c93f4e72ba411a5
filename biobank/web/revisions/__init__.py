"""The pages of a person's history: the list of revisions, one of them, and what it changed."""
