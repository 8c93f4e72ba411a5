"""Births by decade, with uncertain dates counted separately."""

import numpy as np

from biobank.records.proleptic_calendar import to_ordinal
from biobank.search.engine import DecadeBirths
from biobank.search.whoosh_engine.facets import Mask
from biobank.search.whoosh_engine.postings import Ints
from biobank.search.whoosh_engine.view import IndexView

DECADE_YEARS = 10
#: Range of counted decades: from the first written records to any foreseeable entry. A birth
#: "before" or "after" a date counts in every decade that it may lie in.
FIRST_YEAR, END_YEAR = 0, 2100
DECADES = range(FIRST_YEAR, END_YEAR, DECADE_YEARS)
_DECADE_START_DAYS = np.array(
    [to_ordinal(decade, 1, 1) for decade in (*DECADES, END_YEAR)], np.int64
)


def count_births(view: IndexView, mask: Mask) -> tuple[DecadeBirths, ...]:
    """Return the decades in which people of `mask` were possibly or certainly born."""
    first, last = (days[mask] for days in view.born)
    known = first <= last
    begin, end = _decade_index(first[known]), _decade_index(last[known])
    # Difference array: each span adds 1 at its start and subtracts 1 after its end.
    steps = np.zeros(len(DECADES) + 1, np.int64)
    inside = (end >= 0) & (begin < len(DECADES))
    np.add.at(steps, np.maximum(begin[inside], 0), 1)
    np.subtract.at(steps, np.minimum(end[inside], len(DECADES) - 1) + 1, 1)
    possible = np.cumsum(steps)[:-1]
    certain_decades = begin[inside & (begin == end)]
    certain = np.bincount(certain_decades, minlength=len(DECADES))
    return tuple(
        DecadeBirths(DECADES[decade_index], int(possible[decade_index]), int(certain[decade_index]))
        for decade_index in np.flatnonzero(possible).tolist()
    )


def _decade_index(days: Ints) -> Ints:
    """Return the decade index of each day; -1 before the first, or beyond the last."""
    return np.searchsorted(_DECADE_START_DAYS, days, side="right").astype(np.int64) - 1
