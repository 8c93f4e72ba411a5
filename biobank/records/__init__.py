"""Records of people and of what they refer to: organisations, places, terms, sources, media."""
