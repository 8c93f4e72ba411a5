"""Parsing of URL arguments into a SearchQuery, shared by the web pages and the API."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Protocol

from biobank.errors import BadQuery
from biobank.i18n import LANGUAGES
from biobank.records.dates import DateError
from biobank.search.asking import date_filter
from biobank.search.language.meaning import dates
from biobank.search.query import (
    CERTAINTIES,
    FACETS,
    PAGE_MOST,
    SIZE_DEFAULT,
    SIZE_MOST,
    SORTS,
    SUGGESTIONS_DEFAULT,
    SUGGESTIONS_MOST,
    TEXT_MOST,
    VALUES_MOST,
    Choice,
    DateFilter,
    SearchQuery,
)
from biobank.search.where import TIES, Area

#: Maximum length in characters of one facet value; longer than any id.
VALUE_MOST = 120


class Arguments(Protocol):
    """Multi-valued arguments by name, as web frameworks provide them."""

    def getlist(self, key: str) -> Sequence[str]: ...


def query_from(arguments: Arguments, lang: str) -> SearchQuery:
    """Parse the arguments of a search URL; the query text is left as it was typed.

    Raises:
        BadQuery: If an argument is invalid; the message names it and the accepted values.
    """
    return SearchQuery(
        text=_text(arguments),
        lang=lang,
        page=_number(arguments, "page", 1, PAGE_MOST),
        size=_number(arguments, "size", SIZE_DEFAULT, SIZE_MOST),
        sort=_one_of(arguments, "sort", SORTS),
        choices=MappingProxyType(
            {facet: choice for facet in FACETS if (choice := _choice(arguments, facet)).values}
        ),
        born=_dates(arguments, "born"),
        died=_dates(arguments, "died"),
        certainty=_one_of(arguments, "certainty", CERTAINTIES),
        area=Area.read(bbox) if (bbox := _single(arguments, "bbox")) else None,
        tie=_one_of(arguments, "tie", TIES),
    )


def reader_language(arguments: Arguments) -> str:
    """Return the `lang` argument of a URL without a language in its path; default Azerbaijani."""
    return _one_of(arguments, "lang", LANGUAGES)


def suggestion_from(arguments: Arguments) -> tuple[str, str, int]:
    """Parse the typed prefix, the reader's language and the maximum number of suggestions."""
    size = _number(arguments, "size", SUGGESTIONS_DEFAULT, SUGGESTIONS_MOST)
    return _text(arguments), reader_language(arguments), size


def _single(arguments: Arguments, name: str) -> str:
    values = [value.strip() for value in arguments.getlist(name)]
    return values[0] if values else ""


def _text(arguments: Arguments) -> str:
    text = _single(arguments, "q")
    if len(text) > TEXT_MOST:
        message = f"The question has {len(text)} characters; at most {TEXT_MOST} are read."
        raise BadQuery(message, code="query_too_long")
    return text


def _number(arguments: Arguments, name: str, default: int, most: int) -> int:
    # JSON may encode a whole number with a trailing .0.
    value = _single(arguments, name).removesuffix(".0")
    if not value:
        return default
    if not (value.isascii() and value.isdecimal() and len(value) <= 9 and 1 <= int(value) <= most):
        raise BadQuery(f"{name} takes a whole number from 1 to {most}.")
    return int(value)


def _one_of(arguments: Arguments, name: str, allowed: Sequence[str]) -> str:
    value = _single(arguments, name) or allowed[0]
    if value not in allowed:
        raise BadQuery(f"{name} takes one of {', '.join(allowed)}.")
    return value


def _choice(arguments: Arguments, facet: str) -> Choice:
    values = arguments.getlist(facet)
    if len(values) > VALUES_MOST or any(len(value) > VALUE_MOST for value in values):
        raise BadQuery(f"{facet} takes up to {VALUES_MOST} values of {VALUE_MOST} characters.")
    return Choice.of([value.strip() for value in values if value.strip()])


def _dates(arguments: Arguments, name: str) -> DateFilter | None:
    text = _single(arguments, name)
    if not text:
        return None
    try:
        # Normalize alternative notations; an invalid date is reported as it was typed.
        return date_filter(dates(text) or text)
    except DateError as error:
        raise BadQuery(f"{name}: {error.message}", code="bad_date") from error
