"""Organisations that people belong to over a period."""
