"""Tests of citations against style manuals, readers of the file formats, and the seed."""
