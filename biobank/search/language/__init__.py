"""The query language: words, phrases, fields, OR, - and parentheses (docs/reference/search-language.md)."""
