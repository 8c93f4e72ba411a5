"""The conditions of a question that are not words: facets and dates, each a mask of a view."""

from collections.abc import Mapping

import numpy as np

from biobank.search.query import Choice, DateFilter, SearchQuery
from biobank.search.whoosh_engine.facets import Mask
from biobank.search.whoosh_engine.segment import EARLIEST, LATEST
from biobank.search.whoosh_engine.view import View


def conditions_of(view: View, query: SearchQuery) -> dict[str, Mask]:
    """One mask a condition, by facet, `born` and `died`."""
    masks = {facet: chosen(view, facet, choice) for facet, choice in query.choices.items()}
    for role, dates in (("born", query.born), ("died", query.died)):
        if dates:
            masks[role] = dated(view, role, dates, query.certainty)
    return masks


def all_of(view: View, conditions: Mapping[str, Mask], without: str = "") -> Mask:
    """Those who are not deleted and meet all `conditions`, or all but one."""
    mask = view.live.copy()
    for name, condition in conditions.items():
        if name != without:
            mask &= condition
    return mask


def chosen(view: View, facet: str, choice: Choice) -> Mask:
    """Documents that have one of the values chosen of `facet` and none of those excluded."""
    mask = np.ones(view.size, np.bool_)
    if choice.include:
        mask[:] = False
        for value in choice.include:
            mask |= view.with_value(facet, value)
    for value in choice.exclude:
        mask &= ~view.with_value(facet, value)
    return mask


def dated(view: View, role: str, dates: DateFilter, certainty: str) -> Mask:
    """Documents whose birth or death possibly, or certainly, lies within `dates`."""
    first, last = view.born if role == "born" else view.died
    earliest = EARLIEST if dates.earliest is None else dates.earliest
    latest = LATEST if dates.latest is None else dates.latest
    known = first <= last
    if certainty == "certain":
        return known & (first >= earliest) & (last <= latest)
    return known & (first <= latest) & (last >= earliest)
