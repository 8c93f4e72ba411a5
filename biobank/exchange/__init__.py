"""Records in and out: the seed, import and export."""
