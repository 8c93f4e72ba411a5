"""The language of questions: words, phrases, fields, OR, - and parentheses (docs/search.md)."""
