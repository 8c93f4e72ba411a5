"""Filters: conditions of a query other than words (facets, dates, ages, places), each as a mask."""

import numpy as np

from biobank.search.document import related_value
from biobank.search.engine import QueryContext
from biobank.search.geo import TIE_KINDS
from biobank.search.language.fields import RELATION_FIELDS, UNKNOWN
from biobank.search.language.tree import Value
from biobank.search.normalize import date_filter, parse_age
from biobank.search.query import DateFilter, FacetChoice
from biobank.search.whoosh_engine.facets import Mask
from biobank.search.whoosh_engine.postings import Ints
from biobank.search.whoosh_engine.segment import OPEN_END_DAY, OPEN_START_DAY
from biobank.search.whoosh_engine.view import IndexView

DayRanges = tuple[Ints, Ints]


def facet_mask(view: IndexView, facet: str, choice: FacetChoice) -> Mask:
    """Return documents with an included value of `facet` and no excluded one."""
    mask = any_value_mask(view, facet, choice.include) if choice.include else np.ones(view.size, np.bool_)
    return mask & ~any_value_mask(view, facet, choice.exclude) if choice.exclude else mask


def date_mask(view: IndexView, role: str, dates: DateFilter, certainty: str) -> Mask:
    """Return documents with a birth, death or check possibly or certainly within `dates`."""
    ranges = {"born": view.born, "died": view.died, "checked": view.checked}[role]
    if dates.is_unknown:
        return ranges[0] > ranges[1]
    return _range_mask(ranges, dates.earliest, dates.latest, certainty)


def value_mask(view: IndexView, value: Value, certainty: str, context: QueryContext) -> Mask:
    """Return documents in which a field of the query text has its value."""
    if value.field in ("born", "died", "checked"):
        return date_mask(view, value.field, date_filter(value.value), certainty)
    if value.field == "alive":
        return _alive_mask(view, date_filter(value.value), certainty)
    if value.field in RELATION_FIELDS:
        return _related_mask(view, value, context)
    if value.field == "age":
        return _age_mask(view, value.value, certainty)
    if value.field == "near":
        return place_mask(view, context.places.get(value.value, frozenset()), TIE_KINDS[0])
    if value.field == "relation" and value.value != UNKNOWN:
        if value.value in context.people:
            return any_value_mask(view, "relation", context.people[value.value])
        return view.mask_with("tie", value.value)
    # People without a biography in any language have no text.
    field = "language" if value.field == "text" else value.field
    return view.mask_with(field, value.value)


def _related_mask(view: IndexView, value: Value, context: QueryContext) -> Mask:
    """Return documents of people whose relation of the field's type is to any person of the value."""
    if value.value == UNKNOWN:
        return ~view.mask_with("tie", value.field)
    people = context.people.get(value.value, frozenset())
    return any_value_mask(view, "related", frozenset(related_value(value.field, id_) for id_ in people))


def _alive_mask(view: IndexView, dates: DateFilter, certainty: str) -> Mask:
    """Return documents of people alive on any day of `dates`, possibly or certainly."""
    if dates.is_unknown:
        return view.alive[0] > view.alive[1]
    ranges = view.certainly_alive if certainty == "certain" else view.alive
    # A life that overlaps the days suffices also where it is certain.
    return _range_mask(ranges, dates.earliest, dates.latest, "possible")


def place_mask(view: IndexView, places: frozenset[str], tie: str) -> Mask:
    """Return documents with a tie to any of `places`, without broader places."""
    mask = np.zeros(view.size, np.bool_)
    for tie_kind in TIE_KINDS[1:] if tie == TIE_KINDS[0] else (tie,):
        mask |= any_value_mask(view, f"at_{tie_kind}", places)
    return mask


def any_value_mask(view: IndexView, facet: str, values: tuple[str, ...] | frozenset[str]) -> Mask:
    """Return documents that have any of `values`."""
    mask = np.zeros(view.size, np.bool_)
    for value in values:
        mask[view.facets[facet].documents_with(value)] = True
    return mask


def _age_mask(view: IndexView, value: str, certainty: str) -> Mask:
    first, last = view.lived
    if value == UNKNOWN:
        return first > last
    return _range_mask(view.lived, *parse_age(value), certainty)


def _range_mask(ranges: DayRanges, minimum: int | None, maximum: int | None, certainty: str) -> Mask:
    first, last = ranges
    known = first <= last
    earliest = OPEN_START_DAY if minimum is None else minimum
    latest = OPEN_END_DAY if maximum is None else maximum
    if certainty == "certain":
        return known & (first >= earliest) & (last <= latest)
    return known & (first <= latest) & (last >= earliest)
