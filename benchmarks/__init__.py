"""Figures: how quick the bank is, on banks larger than the seed. Run by `make bench`."""
