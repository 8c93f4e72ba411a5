"""Places: points with names by language and by period."""
