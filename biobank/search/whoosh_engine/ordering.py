"""Result order: static orders are computed once per view, relevance for each query."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from biobank.search.query import SearchQuery
from biobank.search.whoosh_engine.evaluation import ScoredDocuments
from biobank.search.whoosh_engine.postings import Ints
from biobank.search.whoosh_engine.view import IndexView

#: Smallest score difference that counts, so that rounding errors do not break ties.
SCORE_STEP = 1e-4


def select_page(view: IndexView, query: SearchQuery, matching: Ints, scored: ScoredDocuments) -> Ints:
    """Return the documents of the page of `query` among `matching`."""
    end = min(query.offset + query.size, len(matching))
    if query.offset >= end:
        return matching[:0]
    by_score = query.sort == "relevance" and bool(scored.scores.any())
    if not by_score:
        return _static_order(view, query, scored)[query.offset : end]
    return _by_score(view, query.lang, matching, scored, end)[query.offset : end]


def _static_order(view: IndexView, query: SearchQuery, scored: ScoredDocuments) -> Ints:
    key = (query.sort, query.lang)
    if key not in view.orders:
        # Two threads may compute the same order at once, with the same result.
        view.orders[key] = np.lexsort(_sort_keys(view, query.sort, query.lang))
    order = view.orders[key]
    return order[scored.mask[order]]


def _sort_keys(view: IndexView, sort: str, lang: str) -> tuple[NDArray[Any], ...]:
    """Return keys for `lexsort`, the primary one last. Ties: documentation score, then name."""
    name_rank = view.name_rank(lang)
    tie_breakers = (name_rank, -view.documented)
    earliest, latest = view.born
    unknown = earliest > latest
    if sort == "name":
        return (name_rank,)
    if sort == "birth":
        return (*tie_breakers, earliest, unknown)
    if sort == "-birth":
        # People without a known birth come last in both orders.
        return (*tie_breakers, -earliest, unknown)
    if sort == "checked":
        first, last = view.checked
        return (*tie_breakers, first, first <= last)
    if sort == "updated":
        return (*tie_breakers, -view.updated)
    return tie_breakers


def _by_score(view: IndexView, lang: str, matching: Ints, scored: ScoredDocuments, limit: int) -> Ints:
    """Return the `limit` best of `matching`, best first."""
    steps = np.round(scored.scores[matching] / np.float64(SCORE_STEP)).astype(np.int64)
    # A single integer key per document, so that partitioning is one pass.
    keys = _tie_ranks(view, lang)[matching] - steps * view.size
    if limit < len(keys):
        best = np.argpartition(keys, limit)[:limit]
        matching, keys = matching[best], keys[best]
    return matching[np.argsort(keys)]


def _tie_ranks(view: IndexView, lang: str) -> Ints:
    """Return the rank of each document among equal scores."""
    key = ("ties", lang)
    if key not in view.orders:
        rank = np.empty(view.size, np.int64)
        rank[np.lexsort(_sort_keys(view, "relevance", lang))] = np.arange(view.size)
        view.orders[key] = rank
    return view.orders[key]
