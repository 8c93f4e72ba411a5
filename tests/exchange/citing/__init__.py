"""Citing, checked against manuals, readers of the formats, and whatever the seed holds."""
