"""Portraits, pictures and recordings on the pages of readers."""
