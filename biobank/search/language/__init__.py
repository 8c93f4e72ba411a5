"""The query language: words, phrases, fields, OR, - and parentheses (docs/search.md)."""
