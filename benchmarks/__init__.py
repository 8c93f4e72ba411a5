"""Performance measurements on banks larger than the seed, run by `make bench`."""
