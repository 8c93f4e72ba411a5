"""Matching of words as written: phrases and prefixes."""

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np

from biobank.names.folding import fold_word, tokens
from biobank.search.language.tree import Phrase, Prefix
from biobank.search.query import PREFIXED_MOST
from biobank.search.whoosh_engine.fields import AS_WRITTEN, NAME, SOURCES, fields_of
from biobank.search.whoosh_engine.postings import Ints
from biobank.search.whoosh_engine.scoring import (
    SOUGHT,
    WEIGHTS,
    Evidence,
    Standing,
    evidence_of,
)
from biobank.search.whoosh_engine.view import View

#: Exceeds all positions in a field, so that document and position fit in one number.
PLACES = 2**32


def phrase(view: View, part: Phrase) -> Evidence:
    """Return the documents that contain the words of a phrase consecutively."""
    words = [fold_word(token.text) for token in tokens(part.text)]
    stands = [
        (field, found, _worth(group, found, len(words)))
        for group, field in _fields(part.field)
        if len(found := _documents(view, field, _terms(field, words)))
    ]
    return evidence_of(view, 0, part.text, stands)


def prefix(view: View, part: Prefix) -> tuple[Evidence, bool]:
    """Return the documents with a word that has the prefix, and whether words were left out."""
    beginning = fold_word(part.text)
    stands: list[Standing] = []
    wide = False
    for group, field in _fields(part.field):
        terms = view.terms(field, _terms(field, [beginning])[0], PREFIXED_MOST + 1)
        wide = wide or len(terms) > PREFIXED_MOST
        for term in terms[:PREFIXED_MOST]:
            stands += (
                (field, documents, _worth(group, documents, 1))
                for documents, _ in view.postings(field, term)
            )
    return evidence_of(view, 0, part.text, stands), wide


def _fields(field: str) -> Iterator[tuple[str, str]]:
    return chain.from_iterable(
        ((group, each) for each in fields_of(group)) for group in SOUGHT[field]
    )


def _terms(field: str, words: Sequence[str]) -> list[str]:
    """Return the terms of words as written; names and source titles have no others."""
    return list(words) if field in (NAME, SOURCES) else [AS_WRITTEN + word for word in words]


def _worth(group: str, documents: Ints, words: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Return the score of a phrase: that of its words together."""
    return np.full(len(documents), WEIGHTS[group] * words, np.float32)


def _documents(view: View, field: str, terms: Sequence[str]) -> Ints:
    """Return documents that contain `terms` at consecutive positions."""
    where: Ints | None = None
    for at, term in enumerate(terms):
        documents, places = view.positions(field, term)
        begins = documents * PLACES + places - at
        where = begins if where is None else np.intersect1d(where, begins, assume_unique=True)
        if not len(where):
            return where
    return np.unique(where // PLACES) if where is not None else np.empty(0, np.int64)
