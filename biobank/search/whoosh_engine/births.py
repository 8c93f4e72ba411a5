"""Births by decade, with uncertain dates counted separately."""

import numpy as np

from biobank.records.days import day_of
from biobank.search.port import Births
from biobank.search.whoosh_engine.facets import Mask
from biobank.search.whoosh_engine.postings import Ints
from biobank.search.whoosh_engine.view import View

YEARS = 10
#: Range of counted decades: from the first written records to any foreseeable entry. A birth
#: "before" or "after" a date counts in every decade that it may lie in.
FIRST, LAST = 0, 2100
DECADES = range(FIRST, LAST, YEARS)
_STARTS = np.array([day_of(decade, 1, 1) for decade in (*DECADES, LAST)], np.int64)


def births(view: View, mask: Mask) -> tuple[Births, ...]:
    """Return the decades in which people of `mask` were possibly or certainly born."""
    first, last = (days[mask] for days in view.born)
    known = first <= last
    begin, end = _decade(first[known]), _decade(last[known])
    # Difference array: each span adds 1 at its start and subtracts 1 after its end.
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
    """Return the decade index of each day; -1 before the first, or beyond the last."""
    return np.searchsorted(_STARTS, days, side="right").astype(np.int64) - 1
