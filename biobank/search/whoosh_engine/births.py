"""Births by decade, those of uncertain dates told apart."""

import numpy as np

from biobank.records.days import day_of
from biobank.search.port import Births
from biobank.search.whoosh_engine.facets import Mask
from biobank.search.whoosh_engine.postings import Ints
from biobank.search.whoosh_engine.view import View

YEARS = 10
#: Decades that are told apart: from the first Azerbaijanis in writing to any who will be entered.
#: A birth that is "before" or "after" counts in each of those that it may lie in.
FIRST, LAST = 0, 2100
DECADES = range(FIRST, LAST, YEARS)
_STARTS = np.array([day_of(decade, 1, 1) for decade in (*DECADES, LAST)], np.int64)


def births(view: View, mask: Mask) -> tuple[Births, ...]:
    """The decades in which anyone of `mask` was born, possibly and certainly."""
    first, last = (days[mask] for days in view.born)
    known = first <= last
    begin, end = _decade(first[known]), _decade(last[known])
    # Each span of decades adds one where it begins and takes it away behind its end.
    steps = np.zeros(len(DECADES) + 1, np.int64)
    inside = (end >= 0) & (begin < len(DECADES))
    np.add.at(steps, np.maximum(begin[inside], 0), 1)
    np.subtract.at(steps, np.minimum(end[inside], len(DECADES) - 1) + 1, 1)
    possible = np.cumsum(steps)[:-1]
    sure = begin[inside & (begin == end)]
    certain = np.bincount(sure, minlength=len(DECADES))
    return tuple(
        Births(DECADES[at], int(possible[at]), int(certain[at]))
        for at in np.flatnonzero(possible).tolist()
    )


def _decade(days: Ints) -> Ints:
    """The number of the decade of each day; -1 before the first, or beyond the last."""
    return np.searchsorted(_STARTS, days, side="right").astype(np.int64) - 1
