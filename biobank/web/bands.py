"""The year ranges that a search assumes for uncertain births and deaths."""

from biobank.records.date_words import band_in_words
from biobank.records.dates import DateError
from biobank.search.query import SearchQuery
from biobank.web.text import _


def make_bands(query: SearchQuery, birth: str | None, death: str | None) -> tuple[str, ...]:
    """Return the uncertain dates that the query or its order concerns, as texts."""
    born = _band(birth, query.lang) if birth and _about_births(query) else ""
    died = _band(death, query.lang) if death and query.died else ""
    told = (
        _("searched as born %(years)s", years=born) if born else "",
        _("searched as died %(years)s", years=died) if died else "",
    )
    return tuple(words for words in told if words)


def _about_births(query: SearchQuery) -> bool:
    return query.born is not None or query.sort.removeprefix("-") == "birth"


def _band(date: str, lang: str) -> str:
    try:
        return band_in_words(date, lang)
    except DateError:
        return ""
