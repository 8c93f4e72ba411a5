"""Controlled vocabularies: professions, awards, and the types of relations, events and works."""
