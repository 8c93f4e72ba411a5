"""Tests of the public forms."""
