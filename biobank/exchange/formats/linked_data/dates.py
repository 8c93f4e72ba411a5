"""Dates as RDF literals: XSD types if certain, and always EDTF."""

import re
from collections.abc import Iterator

from biobank.exchange.formats.linked_data.graph import RdfLiteral, RdfStatement, typed_literal
from biobank.exchange.formats.linked_data.vocabularies import EDTF_DATATYPES, XSD

#: A certain day, month or year CE. Programs disagree on which year BCE `-0043` is, so dates before
#: the year 1 are given as EDTF only.
_CERTAIN_DATE = re.compile(r"(?!0000)\d{4}(-(?:0[1-9]|1[0-2])(-\d{2})?)?")


def certain_date(date: str | None) -> RdfLiteral | None:
    """Return the date as xsd:date, gYearMonth or gYear; None if it is not certain."""
    match = _CERTAIN_DATE.fullmatch(date or "")
    if not match:
        return None
    name = "date" if match[2] else "gYearMonth" if match[1] else "gYear"
    return typed_literal(match[0], XSD + name)


def edtf_literal(date: str) -> RdfLiteral:
    return typed_literal(date, EDTF_DATATYPES + "EDTF")


def date_statements(
    date: str | None, certain_predicate: str, edtf_predicate: str
) -> Iterator[RdfStatement]:
    """Yield the date by predicate `certain_predicate` if it is certain, and always as EDTF."""
    if not date:
        return
    if (known := certain_date(date)) is not None:
        yield certain_predicate, known
    yield edtf_predicate, edtf_literal(date)


def interval_statements(
    date: str | None, start: str, end: str, edtf_predicate: str
) -> Iterator[RdfStatement]:
    """Yield the certain ends of an interval such as `1928/1948`, and always the EDTF.

    A single date yields EDTF only, since it may be either end.
    """
    if not date:
        return
    start_date, slash, end_date = date.partition("/")
    if slash:
        for predicate, endpoint in ((start, start_date), (end, end_date)):
            if (known := certain_date(endpoint)) is not None:
                yield predicate, known
    yield edtf_predicate, edtf_literal(date)
