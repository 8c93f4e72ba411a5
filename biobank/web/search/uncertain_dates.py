"""The year ranges that a search assumes for uncertain births and deaths."""

from biobank.records.date_formatting import format_uncertain_years
from biobank.records.dates import DateError
from biobank.search.query import SearchQuery
from biobank.web.core.gettext import _


def describe_uncertain_dates(
    query: SearchQuery, birth: str | None, death: str | None
) -> tuple[str, ...]:
    """Return the uncertain dates that the query or its order concerns, as texts."""
    born = _year_range(birth, query.lang) if birth and _concerns_births(query) else ""
    died = _year_range(death, query.lang) if death and query.died else ""
    texts = (
        _("birth date used for search: %(years)s", years=born) if born else "",
        _("death date used for search: %(years)s", years=died) if died else "",
    )
    return tuple(text for text in texts if text)


def _concerns_births(query: SearchQuery) -> bool:
    return query.born is not None or query.sort.removeprefix("-") == "birth"


def _year_range(date: str, lang: str) -> str:
    try:
        return format_uncertain_years(date, lang)
    except DateError:
        return ""
