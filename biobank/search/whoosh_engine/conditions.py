"""Filters: conditions of a query other than words (facets, dates, ages, places), each as a mask."""

import numpy as np

from biobank.search.asking import date_filter
from biobank.search.language.fields import UNKNOWN
from biobank.search.language.meaning import ages
from biobank.search.language.tree import Value
from biobank.search.port import Knowing
from biobank.search.query import Choice, DateFilter
from biobank.search.where import TIES
from biobank.search.whoosh_engine.facets import Mask
from biobank.search.whoosh_engine.postings import Ints
from biobank.search.whoosh_engine.segment import EARLIEST, LATEST
from biobank.search.whoosh_engine.view import View

Spans = tuple[Ints, Ints]


def chosen(view: View, facet: str, choice: Choice) -> Mask:
    """Return documents with an included value of `facet` and no excluded one."""
    mask = any_of(view, facet, choice.include) if choice.include else np.ones(view.size, np.bool_)
    return mask & ~any_of(view, facet, choice.exclude) if choice.exclude else mask


def dated(view: View, role: str, dates: DateFilter, certainty: str) -> Mask:
    """Return documents with a birth, death or check possibly or certainly within `dates`."""
    spans = {"born": view.born, "died": view.died, "checked": view.checked}[role]
    if dates.unknown:
        return spans[0] > spans[1]
    return _within(spans, dates.earliest, dates.latest, certainty)


def valued(view: View, value: Value, certainty: str, knowing: Knowing) -> Mask:
    """Return documents in which a field of the query text has its value."""
    if value.field in ("born", "died", "checked"):
        return dated(view, value.field, date_filter(value.value), certainty)
    if value.field == "age":
        return _aged(view, value.value, certainty)
    if value.field == "near":
        return tied(view, knowing.places.get(value.value, frozenset()), TIES[0])
    if value.field == "relation" and value.value != UNKNOWN:
        if value.value in knowing.people:
            return any_of(view, "relation", knowing.people[value.value])
        return view.with_value("tie", value.value)
    # People without a biography in any language have no text.
    field = "language" if value.field == "text" else value.field
    return view.with_value(field, value.value)


def tied(view: View, places: frozenset[str], tie: str) -> Mask:
    """Return documents with a tie to any of `places`, without broader places."""
    mask = np.zeros(view.size, np.bool_)
    for each in TIES[1:] if tie == TIES[0] else (tie,):
        mask |= any_of(view, f"at_{each}", places)
    return mask


def any_of(view: View, facet: str, values: tuple[str, ...] | frozenset[str]) -> Mask:
    """Return documents that have any of `values`."""
    mask = np.zeros(view.size, np.bool_)
    for value in values:
        mask[view.facets[facet].having(value)] = True
    return mask


def _aged(view: View, value: str, certainty: str) -> Mask:
    first, last = view.lived
    if value == UNKNOWN:
        return first > last
    return _within(view.lived, *ages(value), certainty)


def _within(spans: Spans, least: int | None, most: int | None, certainty: str) -> Mask:
    first, last = spans
    known = first <= last
    earliest = EARLIEST if least is None else least
    latest = LATEST if most is None else most
    if certainty == "certain":
        return known & (first >= earliest) & (last <= latest)
    return known & (first <= latest) & (last >= earliest)
