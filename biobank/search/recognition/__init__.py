"""Recognition of conditions in plain words: `women poets of the 12th century` (docs/adr/0025)."""
