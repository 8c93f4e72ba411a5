"""Analysis of words into index terms, the same for indexing and queries in every engine."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from biobank.names.folding import fold_word, tokens
from biobank.search.analysis import azerbaijani, snowball
from biobank.search.analysis.stopwords import is_detached_ending, is_stopword


class AnalysedToken(NamedTuple):
    """A word with ``word == text[start:end]`` and its folded stems, the most likely first."""

    start: int
    end: int
    word: str
    terms: tuple[str, ...]
    stop: bool


def analyse(text: str, lang: str) -> Iterator[AnalysedToken]:
    """Yield the words of a text in order, with up to three terms in "az" and one in "en" and "ru".

    `lang` is the language of the text: an English word in an Azerbaijani text is stemmed as
    Azerbaijani. In a language without a stemmer the term is the folded word.
    """
    for token in tokens(text):
        terms, stop = _cached_terms(token.text, lang)
        stop = stop or (lang == "az" and is_detached_ending(text, token.start, token.text))
        yield AnalysedToken(token.start, token.end, token.text, terms, stop)


@lru_cache(maxsize=131_072)
def _cached_terms(word: str, lang: str) -> tuple[tuple[str, ...], bool]:
    """Return the terms of a word and whether it is a stopword; cached because words repeat."""
    return stem_terms(word, lang), is_stopword(word, lang)


def stem_terms(word: str, lang: str) -> tuple[str, ...]:
    """Return the terms of one word, at least one."""
    if lang == "az":
        return azerbaijani.stems(word)
    if lang in ("en", "ru"):
        return (snowball.stem(word, lang),)
    return (fold_word(word),)
