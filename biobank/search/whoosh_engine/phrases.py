"""Matching of words as written: phrases and prefixes."""

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np

from biobank.names.folding import fold_word, tokens
from biobank.search.language.tree import Phrase, Prefix
from biobank.search.query import MAX_PREFIX_WORDS
from biobank.search.whoosh_engine.fields import (
    EXACT_PREFIX,
    NAME_FIELD,
    SOURCES_FIELD,
    group_fields,
)
from biobank.search.whoosh_engine.postings import Ints
from biobank.search.whoosh_engine.scoring import (
    GROUP_WEIGHTS,
    SEARCHED_GROUPS,
    FieldPostings,
    WordEvidence,
    combine_evidence,
)
from biobank.search.whoosh_engine.view import IndexView

#: Exceeds all positions in a field, so that document and position fit in one number.
POSITION_STRIDE = 2**32


def match_phrase(view: IndexView, part: Phrase) -> WordEvidence:
    """Return the documents that contain the words of a phrase consecutively."""
    words = [fold_word(token.text) for token in tokens(part.text)]
    postings = [
        (field, documents, _phrase_score(group, documents, len(words)))
        for group, field in _searched_fields(part.field)
        if len(documents := _phrase_documents(view, field, _exact_terms(field, words)))
    ]
    return combine_evidence(view, 0, part.text, postings)


def match_prefix(view: IndexView, part: Prefix) -> tuple[WordEvidence, bool]:
    """Return the documents with a word that has the prefix, and whether words were left out."""
    folded_prefix = fold_word(part.text)
    postings: list[FieldPostings] = []
    truncated = False
    for group, field in _searched_fields(part.field):
        terms = view.terms(field, _exact_terms(field, [folded_prefix])[0], MAX_PREFIX_WORDS + 1)
        truncated = truncated or len(terms) > MAX_PREFIX_WORDS
        for term in terms[:MAX_PREFIX_WORDS]:
            postings += (
                (field, documents, _phrase_score(group, documents, 1))
                for documents, _ in view.postings(field, term)
            )
    return combine_evidence(view, 0, part.text, postings), truncated


def _searched_fields(field: str) -> Iterator[tuple[str, str]]:
    return chain.from_iterable(
        ((group, field_name) for field_name in group_fields(group))
        for group in SEARCHED_GROUPS[field]
    )


def _exact_terms(field: str, words: Sequence[str]) -> list[str]:
    """Return the terms of words as written; names and source titles have no others."""
    return (
        list(words)
        if field in (NAME_FIELD, SOURCES_FIELD)
        else [EXACT_PREFIX + word for word in words]
    )


def _phrase_score(
    group: str, documents: Ints, words: int
) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Return the score of a phrase: that of its words together."""
    return np.full(len(documents), GROUP_WEIGHTS[group] * words, np.float32)


def _phrase_documents(view: IndexView, field: str, terms: Sequence[str]) -> Ints:
    """Return documents that contain `terms` at consecutive positions."""
    starts: Ints | None = None
    for offset, term in enumerate(terms):
        documents, positions = view.positions(field, term)
        term_starts = documents * POSITION_STRIDE + positions - offset
        starts = (
            term_starts
            if starts is None
            else np.intersect1d(starts, term_starts, assume_unique=True)
        )
        if not len(starts):
            return starts
    return np.unique(starts // POSITION_STRIDE) if starts is not None else np.empty(0, np.int64)
