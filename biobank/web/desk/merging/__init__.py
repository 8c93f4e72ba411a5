"""The pages of merging: the choice of two records, what becomes of them, undoing, splitting."""
