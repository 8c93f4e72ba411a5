"""The record of a person and what it refers to: organisations, places, terms, sources."""
