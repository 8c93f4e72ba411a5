"""Conversion between the form of birth years and a date filter."""

from biobank.records.proleptic_calendar import year_of
from biobank.search.normalize import date_filter
from biobank.search.query import DateFilter


def filter_years(dates: DateFilter | None) -> tuple[int | None, int | None]:
    """Return the first and last year of a filter; None where it is open or absent."""
    if dates is None or dates.is_unknown:
        return None, None
    first, last = dates.earliest, dates.latest
    return (
        None if first is None else year_of(first),
        None if last is None else year_of(last),
    )


def years_filter(since: int | None, until: int | None) -> DateFilter | None:
    """Return the filter of births between two years in any order, or None for all."""
    if since is not None and until is not None and since > until:
        since, until = until, since
    text = year_range_text(since, until)
    return None if text == ".." else date_filter(text)


def year_range_text(since: int | None, until: int | None) -> str:
    """Return the text of a date filter from `since` to `until`."""
    return f"{_edtf_year(since)}..{_edtf_year(until)}"


def _edtf_year(year: int | None) -> str:
    """Format a year as EDTF: four digits, with a sign before the common era."""
    return "" if year is None else f"{'-' if year < 0 else ''}{abs(year):04d}"
