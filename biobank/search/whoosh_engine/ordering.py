"""Result order: static orders are computed once per view, relevance for each query."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from biobank.search.query import SearchQuery
from biobank.search.whoosh_engine.matching import Scored
from biobank.search.whoosh_engine.postings import Ints
from biobank.search.whoosh_engine.view import View

#: Smallest score difference that counts, so that rounding errors do not break ties.
STEP = 1e-4


def page_of(view: View, query: SearchQuery, found: Ints, scored: Scored) -> Ints:
    """Return the documents of the page of `query` among `matching`."""
    last = min(query.offset + query.size, len(found))
    if query.offset >= last:
        return found[:0]
    by_words = query.sort == "relevance" and bool(scored.scores.any())
    order = _by_score(view, found, scored, last) if by_words else _fixed(view, query.sort, scored)
    return order[query.offset : last]


def _fixed(view: View, sort: str, scored: Scored) -> Ints:
    if sort not in view.orders:
        # Two threads may compute the same order at once, with the same result.
        view.orders[sort] = np.lexsort(_keys(view, sort))
    order = view.orders[sort]
    return order[scored.mask[order]]


def _keys(view: View, sort: str) -> tuple[NDArray[Any], ...]:
    """Return keys for `lexsort`, the primary one last. Ties: documentation score, then name."""
    ties = (view.name_rank, -view.documented)
    earliest, latest = view.born
    unknown = earliest > latest
    if sort == "name":
        return (view.name_rank,)
    if sort == "birth":
        return (*ties, earliest, unknown)
    if sort == "-birth":
        # People without a known birth come last in both orders.
        return (*ties, -earliest, unknown)
    if sort == "checked":
        first, last = view.checked
        return (*ties, first, first <= last)
    if sort == "updated":
        return (*ties, -view.updated)
    return ties


def _by_score(view: View, found: Ints, scored: Scored, most: int) -> Ints:
    """Return the `limit` best of `matching`, best first."""
    steps = np.round(scored.scores[found] / np.float64(STEP)).astype(np.int64)
    # A single integer key per document, so that partitioning is one pass.
    keys = _ties(view)[found] - steps * view.size
    if most < len(keys):
        best = np.argpartition(keys, most)[:most]
        found, keys = found[best], keys[best]
    return found[np.argsort(keys)]


def _ties(view: View) -> Ints:
    """Return the rank of each document among equal scores."""
    if "ties" not in view.orders:
        rank = np.empty(view.size, np.int64)
        rank[np.lexsort(_keys(view, "relevance"))] = np.arange(view.size)
        view.orders["ties"] = rank
    return view.orders["ties"]
