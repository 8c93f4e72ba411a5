"""Editorial workflow: revisions, review, publication and their tools."""
