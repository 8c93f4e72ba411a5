"""Parsing of URL arguments into a SearchQuery, shared by the web pages and the API."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Protocol

from biobank.common.i18n import LANGUAGES
from biobank.errors import BadQuery
from biobank.records.dates import DateError
from biobank.search.geo import TIE_KINDS, Area
from biobank.search.normalize import date_filter, normalize_dates
from biobank.search.query import (
    CERTAINTIES,
    DEFAULT_PAGE_SIZE,
    DEFAULT_SUGGESTIONS,
    FACETS,
    MAX_FACET_VALUES,
    MAX_PAGE,
    MAX_PAGE_SIZE,
    MAX_QUERY_CHARS,
    MAX_SUGGESTIONS,
    SORT_ORDERS,
    DateFilter,
    FacetChoice,
    SearchQuery,
)

#: Maximum length in characters of one facet value; longer than any id.
MAX_FACET_VALUE_CHARS = 120


#: Values of `literal`: conditions are recognised in plain words, or not.
LITERAL_VALUES = ("0", "1")


class QueryArguments(Protocol):
    """Multi-valued arguments by name, as web frameworks provide them."""

    def getlist(self, key: str) -> Sequence[str]: ...


def parse_search_query(arguments: QueryArguments, lang: str) -> SearchQuery:
    """Parse the arguments of a search URL; the query text is left as it was typed.

    Raises:
        BadQuery: If an argument is invalid; the message names it and the accepted values.
    """
    return SearchQuery(
        text=_query_text(arguments),
        lang=lang,
        page=_positive_int(arguments, "page", 1, MAX_PAGE),
        size=_positive_int(arguments, "size", DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE),
        sort=_enum_value(arguments, "sort", SORT_ORDERS),
        choices=MappingProxyType(
            {facet: choice for facet in FACETS if (choice := _facet_choice(arguments, facet)).values}
        ),
        born=_date_filter(arguments, "born"),
        died=_date_filter(arguments, "died"),
        certainty=_enum_value(arguments, "certainty", CERTAINTIES),
        area=Area.parse(bbox) if (bbox := _first_value(arguments, "bbox")) else None,
        tie=_enum_value(arguments, "tie", TIE_KINDS),
        literal=_enum_value(arguments, "literal", LITERAL_VALUES) == "1",
    )


def parse_language(arguments: QueryArguments) -> str:
    """Return the `lang` argument of a URL without a language in its path; default Azerbaijani."""
    return _enum_value(arguments, "lang", LANGUAGES)


def parse_suggestion_query(arguments: QueryArguments) -> tuple[str, str, int]:
    """Parse the typed prefix, the reader's language and the maximum number of suggestions."""
    size = _positive_int(arguments, "size", DEFAULT_SUGGESTIONS, MAX_SUGGESTIONS)
    return _query_text(arguments), parse_language(arguments), size


def parse_suggestion_kinds(arguments: QueryArguments, kinds: Sequence[str]) -> tuple[str, ...]:
    """Parse the kinds of suggestions, separated by commas; empty if none are named.

    Raises:
        BadQuery: If a kind is not one of `kinds`.
    """
    text = _first_value(arguments, "kinds")
    names = tuple(text.split(",")) if text else ()
    if not set(names) <= set(kinds):
        raise BadQuery(f"kinds takes any of {', '.join(kinds)}, separated by commas.")
    return names


def _first_value(arguments: QueryArguments, name: str) -> str:
    values = [value.strip() for value in arguments.getlist(name)]
    return values[0] if values else ""


def _query_text(arguments: QueryArguments) -> str:
    text = _first_value(arguments, "q")
    if len(text) > MAX_QUERY_CHARS:
        message = f"The question has {len(text)} characters; at most {MAX_QUERY_CHARS} are read."
        raise BadQuery(message, code="query_too_long")
    return text


def _positive_int(arguments: QueryArguments, name: str, default: int, maximum: int) -> int:
    # JSON may encode a whole number with a trailing .0.
    value = _first_value(arguments, name).removesuffix(".0")
    if not value:
        return default
    if not (value.isascii() and value.isdecimal() and len(value) <= 9 and 1 <= int(value) <= maximum):
        raise BadQuery(f"{name} takes a whole number from 1 to {maximum}.")
    return int(value)


def _enum_value(arguments: QueryArguments, name: str, allowed: Sequence[str]) -> str:
    value = _first_value(arguments, name) or allowed[0]
    if value not in allowed:
        raise BadQuery(f"{name} takes one of {', '.join(allowed)}.")
    return value


def _facet_choice(arguments: QueryArguments, facet: str) -> FacetChoice:
    values = arguments.getlist(facet)
    if len(values) > MAX_FACET_VALUES or any(len(value) > MAX_FACET_VALUE_CHARS for value in values):
        raise BadQuery(
            f"{facet} takes up to {MAX_FACET_VALUES} values of {MAX_FACET_VALUE_CHARS} characters."
        )
    return FacetChoice.from_values([value.strip() for value in values if value.strip()])


def _date_filter(arguments: QueryArguments, name: str) -> DateFilter | None:
    text = _first_value(arguments, name)
    if not text:
        return None
    try:
        # Normalize alternative notations; an invalid date is reported as it was typed.
        return date_filter(normalize_dates(text) or text)
    except DateError as error:
        raise BadQuery(f"{name}: {error.message}", code="bad_date") from error
