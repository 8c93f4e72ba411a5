"""Scripts and spellings of names: folding, collation, transliteration and name matching."""
