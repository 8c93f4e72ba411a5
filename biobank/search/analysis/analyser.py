"""Words of a text with their terms.  Index and query go through here alike, whatever the engine."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from biobank.names.folding import fold_word, tokens
from biobank.search.analysis import azerbaijani, snowball
from biobank.search.analysis.stopwords import is_hung_on, is_stopword


class Token(NamedTuple):
    """A word: ``word == text[start:end]``, and the folded stems it may be found by, best first."""

    start: int
    end: int
    word: str
    terms: tuple[str, ...]
    stop: bool


def analyse(text: str, lang: str) -> Iterator[Token]:
    """The words of a text in order; up to three terms each in "az", one in "en" and "ru".

    The language is the text's: an English word in an Azerbaijani text is stemmed as Azerbaijani.  A
    language without a stemmer has the folded word as its term.
    """
    for token in tokens(text):
        terms, stop = _known(token.text, lang)
        stop = stop or (lang == "az" and is_hung_on(text, token.start, token.text))
        yield Token(token.start, token.end, token.text, terms, stop)


@lru_cache(maxsize=131_072)
def _known(word: str, lang: str) -> tuple[tuple[str, ...], bool]:
    """The terms of a word and whether it is too common to seek: most words come again and again."""
    return terms_of(word, lang), is_stopword(word, lang)


def terms_of(word: str, lang: str) -> tuple[str, ...]:
    """The terms of one word, never none."""
    if lang == "az":
        return azerbaijani.stems(word)
    if lang in ("en", "ru"):
        return (snowball.stem(word, lang),)
    return (fold_word(word),)
