"""Queries without a name as searches for people with the given facts."""

from biobank.exchange.reconciliation.agreement import PROPERTY_WEIGHTS, Claims
from biobank.records.proleptic_calendar import format_iso
from biobank.search.query import (
    MAX_FACET_VALUES,
    MAX_PAGE_SIZE,
    DateFilter,
    FacetChoice,
    SearchQuery,
)


def build_search_query(claims: Claims, limit: int) -> SearchQuery | None:
    """Build a search for people with all claimed facts; None if no claim was understood."""
    choices = {
        property_id: FacetChoice(include=ids[:MAX_FACET_VALUES])
        for property_id in PROPERTY_WEIGHTS
        if (ids := claims.ids(property_id))
    }
    born, died = _date_filter(claims, "birth"), _date_filter(claims, "death")
    if not (choices or born or died):
        return None
    size = min(limit, MAX_PAGE_SIZE)
    return SearchQuery(size=size, choices=choices, born=born, died=died)


def _date_filter(claims: Claims, role: str) -> DateFilter | None:
    """Return a filter by the first date given for a birth or death."""
    for span in claims.spans(role):
        first, last = span.earliest, span.latest
        days = ("" if day is None else format_iso(day) for day in (first, last))
        return DateFilter("..".join(days), first, last)
    return None
