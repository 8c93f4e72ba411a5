"""Stemming of English and Russian words with the Snowball stemmers (snowballstem.org, BSD)."""

from __future__ import annotations

import threading
from functools import lru_cache

import snowballstemmer

from biobank.names.folding import fold, normalise

_ALGORITHMS = {"en": "english", "ru": "russian"}
# A stemmer stores the current word in itself, so threads must not share one.
_thread_local = threading.local()


@lru_cache(maxsize=65_536)
def stem(word: str, lang: str) -> str:
    """Return the folded stem of a word in "en" or "ru", ignoring case and accents (ё is е)."""
    word = normalise(word)
    if lang == "en":
        # Remove the possessive first, since folding removes apostrophes.
        word = word.removesuffix("'").removesuffix("'s").removesuffix("'S")
    return fold(str(_stemmer(lang).stemWord(fold(word))))


def _stemmer(lang: str) -> snowballstemmer.stemmer:
    stemmers: dict[str, snowballstemmer.stemmer] = _thread_local.__dict__
    if lang not in stemmers:
        stemmers[lang] = snowballstemmer.stemmer(_ALGORITHMS[lang])
    return stemmers[lang]
