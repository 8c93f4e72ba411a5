"""Portraits, pictures and recordings on public pages."""
