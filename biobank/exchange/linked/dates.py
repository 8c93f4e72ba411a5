"""Dates as RDF literals: XSD types if certain, and always EDTF."""

import re
from collections.abc import Iterator

from biobank.exchange.linked.graph import Literal, Statement, typed
from biobank.exchange.linked.vocabularies import EDTF, XSD

#: A certain day, month or year CE. Programs disagree on which year BCE `-0043` is, so dates before
#: the year 1 are given as EDTF only.
_CERTAIN = re.compile(r"(?!0000)\d{4}(-(?:0[1-9]|1[0-2])(-\d{2})?)?")


def certain(date: str | None) -> Literal | None:
    """Return the date as xsd:date, gYearMonth or gYear; None if it is not certain."""
    found = _CERTAIN.fullmatch(date or "")
    if not found:
        return None
    name = "date" if found[2] else "gYearMonth" if found[1] else "gYear"
    return typed(found[0], XSD + name)


def edtf(date: str) -> Literal:
    return typed(date, EDTF + "EDTF")


def when(date: str | None, sure: str, all_: str) -> Iterator[Statement]:
    """Yield the date by predicate `certain_predicate` if it is certain, and always as EDTF."""
    if not date:
        return
    if (known := certain(date)) is not None:
        yield sure, known
    yield all_, edtf(date)


def span(date: str | None, start: str, end: str, all_: str) -> Iterator[Statement]:
    """Yield the certain ends of an interval such as `1928/1948`, and always the EDTF.

    A single date yields EDTF only, since it may be either end.
    """
    if not date:
        return
    first, slash, last = date.partition("/")
    if slash:
        for predicate, half in ((start, first), (end, last)):
            if (known := certain(half)) is not None:
                yield predicate, known
    yield all_, edtf(date)
