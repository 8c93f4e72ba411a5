"""Pages of what is to be done: the lists, the people on them, searches that are kept."""
