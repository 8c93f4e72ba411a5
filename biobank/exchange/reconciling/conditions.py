"""Queries without a name as searches for people with the given facts."""

from biobank.exchange.reconciling.agreement import WEIGHED, Told
from biobank.records.days import iso_day
from biobank.search.query import SIZE_MOST, VALUES_MOST, Choice, DateFilter, SearchQuery


def conditions(told: Told, most: int) -> SearchQuery | None:
    """Build a search for people with all claimed facts; None if no claim was understood."""
    choices = {pid: Choice(include=ids[:VALUES_MOST]) for pid in WEIGHED if (ids := told.ids(pid))}
    born, died = _days(told, "birth"), _days(told, "death")
    if not (choices or born or died):
        return None
    size = min(most, SIZE_MOST)
    return SearchQuery(size=size, choices=choices, born=born, died=died)


def _days(told: Told, role: str) -> DateFilter | None:
    """Return a filter by the first date given for a birth or death."""
    for span in told.spans(role):
        first, last = span.earliest, span.latest
        days = ("" if day is None else iso_day(day) for day in (first, last))
        return DateFilter("..".join(days), first, last)
    return None
