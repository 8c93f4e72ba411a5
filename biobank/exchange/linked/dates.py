"""Dates: typed where they are certain, and always as the record has them."""

import re
from collections.abc import Iterator

from biobank.exchange.linked.graph import Literal, Statement, typed
from biobank.exchange.linked.vocabularies import EDTF, XSD

#: A day, a month or a year of our era that nothing is doubtful of. Programs disagree on which
#: year BCE `-0043` is, so dates before the year 1 are given as EDTF alone.
_CERTAIN = re.compile(r"(?!0000)\d{4}(-(?:0[1-9]|1[0-2])(-\d{2})?)?")


def certain(date: str | None) -> Literal | None:
    """The date as xsd:date, gYearMonth or gYear; none where it is not certain."""
    found = _CERTAIN.fullmatch(date or "")
    if not found:
        return None
    name = "date" if found[2] else "gYearMonth" if found[1] else "gYear"
    return typed(found[0], XSD + name)


def edtf(date: str) -> Literal:
    return typed(date, EDTF + "EDTF")


def when(date: str | None, sure: str, all_: str) -> Iterator[Statement]:
    """The date by the predicate `sure` where it is certain, and as EDTF by `all_` in any case."""
    if not date:
        return
    if (known := certain(date)) is not None:
        yield sure, known
    yield all_, edtf(date)


def span(date: str | None, start: str, end: str, all_: str) -> Iterator[Statement]:
    """As `when`, of what lasts: the ends of `1928/1948`. Which end `1928` is nobody knows."""
    if not date:
        return
    first, slash, last = date.partition("/")
    if slash:
        for predicate, half in ((start, first), (end, last)):
            if (known := certain(half)) is not None:
                yield predicate, known
    yield all_, edtf(date)
