"""Wikidata dates as EDTF: precision, calendar, years BCE, uncertainty, and several statements.

Wikidata stores a Julian date as written in that calendar (phabricator.wikimedia.org/T246731) and
counts years historically: -0044 is 44 BCE (T99674). Its RDF does neither.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from biobank.exchange.importing.said import Said, say
from biobank.exchange.importing.wikidata.julian import Unread, days_of_month, julian_day
from biobank.exchange.importing.wikidata.statements import Snaks, Statement, item_id
from biobank.records.dates import parse_date
from biobank.records.days import iso_day
from biobank.records.edtf import MAX_LENGTH

TIME = re.compile(r"(?P<sign>[+-])(?P<year>[0-9]{1,16})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})T.*")
JULIAN = "Q1985786"
MILLENNIUM, CENTURY, DECADE, YEAR, MONTH, DAY = range(6, 12)
#: Properties that qualify a statement: sourcing circumstances and nature of statement.
CIRCUMSTANCES = ("P1480", "P5102")
CIRCA = "Q5727902"
#: Presumably, possibly, probably, disputed.
DOUBTED = frozenset(("Q18122778", "Q30230067", "Q56644435", "Q18912752"))
EARLIEST, LATEST = "P1319", "P1326"


@dataclass(frozen=True)
class Told:
    """A date, and its original form if it was in another calendar."""

    edtf: str
    original: str | None = None


@dataclass(frozen=True)
class _Time:
    """A Wikidata time; `year` is astronomical: 0 is 1 BCE."""

    year: int
    month: int
    day: int
    precision: int
    julian: bool


def read_statements(statements: list[Statement]) -> tuple[Told | None, list[Said]]:
    """Return the date that statements give together, and notices about it."""
    found: list[Told] = []
    notices: list[Said] = []
    for statement in statements:
        try:
            if told := _read(statement):
                found.append(told)
        except Unread as unread:
            notices.append(unread.said.leaving_out())
        except ValueError as error:
            notices.append(say("no_date", why=str(error)).leaving_out())
    return _joined(found, notices), notices


def read_time(value: Any) -> str | None:
    """Return a time as EDTF, to the day, month or year; None if it is less precise."""
    time = _time(value)
    return _exact(time).edtf if time and time.precision >= YEAR else None


def _read(statement: Statement) -> Told | None:
    if statement.type == "novalue":
        return None
    time = _time(statement.value) if statement.type == "value" else None
    bounds = _bounds(statement.qualifiers)
    if bounds and (time is None or time.precision <= YEAR):
        return Told(parse_date(bounds).text)
    if time is None:
        return None
    told = _exact(time) if time.precision >= YEAR else Told(_vague(time))
    doubt = _doubt(statement.qualifiers)
    if not doubt:
        return told
    # EDTF sets take no qualifier; they are wide enough without one.
    return replace(told, edtf=told.edtf if told.edtf.startswith("[") else told.edtf + doubt)


def _time(value: Any) -> _Time | None:
    if not isinstance(value, Mapping):
        return None
    found = TIME.fullmatch(str(value.get("time", "")))
    precision = value.get("precision")
    if not found or not isinstance(precision, int):
        return None
    year, month, day = (int(found[part]) for part in ("year", "month", "day"))
    if not year or year > 9999:
        raise Unread(say("wikidata_far", time=found[0][:40]))
    if precision < MILLENNIUM:
        raise Unread(say("wikidata_vague", time=found[0][:40]))
    # A time with day precision may lack the day; reduce the precision to what is there.
    exact = DAY if month and day else MONTH if month else YEAR
    return _Time(
        year if found["sign"] == "+" else 1 - year,
        month,
        day,
        min(precision, exact),
        str(value.get("calendarmodel", "")).rpartition("/")[2] == JULIAN,
    )


def _exact(time: _Time) -> Told:
    year = _year(time.year)
    if time.precision == YEAR:
        return Told(year)
    original = f"{year}-{time.month:02}" + (f"-{time.day:02}" if time.precision == DAY else "")
    if not time.julian:
        return Told(parse_date(original).text)
    if time.precision == DAY:
        return Told(iso_day(julian_day(time.year, time.month, time.day)), original)
    first = julian_day(time.year, time.month, 1)
    last = first + days_of_month(time.year, time.month) - 1
    return Told(f"[{iso_day(first)}..{iso_day(last)}]", original)


def _vague(time: _Time) -> str:
    """Return a decade, century or millennium; BCE ones are intervals, as they share no digits."""
    size = {DECADE: 10, CENTURY: 100, MILLENNIUM: 1000}[time.precision]
    if time.precision == DECADE:
        if time.year > 0:
            return f"{time.year // 10:03}X"
        last = (1 - time.year) // 10 * 10
        return f"[{_year(1 - last - 9)}..{_year(1 - last if last else 0)}]"
    if time.year > 0:
        first = (time.year - 1) // size * size
        return f"{first // 100:02}XX" if size == 100 else f"[{first + 1:04}..{first + size:04}]"
    nth = -time.year // size
    return f"[{_year(1 - (nth + 1) * size)}..{_year(-nth * size)}]"


def _year(year: int) -> str:
    return f"{'-' if year < 0 else ''}{abs(year):04}"


def _bounds(qualifiers: Snaks) -> str | None:
    ends = []
    for prop in (EARLIEST, LATEST):
        values = qualifiers.get(prop) or [None]
        # EDTF has no nested sets: for a Julian month only the other bound is used.
        end = read_time(values[0]) or ""
        ends.append("" if end.startswith("[") else end)
    return f"[{ends[0]}..{ends[1]}]" if any(ends) else None


def _doubt(qualifiers: Snaks) -> str:
    told = {item_id(value) for prop in CIRCUMSTANCES for value in qualifiers.get(prop, ())}
    about, doubted = CIRCA in told, bool(told & DOUBTED)
    return "%" if about and doubted else "~" if about else "?" if doubted else ""


def _joined(found: list[Told], notices: list[Said]) -> Told | None:
    """Merge several dates: the narrowest one if all others contain it, else a set."""
    found = list({told.edtf: told for told in found}.values())
    exact = [one for one in found if not any(_holds(one, other) for other in found)]
    if len(exact) < 2:
        return exact[0] if exact else None
    told = sorted(one.edtf for one in exact)
    notices.append(say("wikidata_dates", count=len(told), dates=", ".join(told[:6])))
    single = [edtf.strip("[]") for edtf in told]
    together = f"[{','.join(single)}]"
    return Told(parse_date(together).text if len(together) <= MAX_LENGTH else told[0])


def _holds(one: Told, other: Told) -> bool:
    """Return whether `wider` contains `narrower` and is less precise."""
    wide, narrow = parse_date(one.edtf), parse_date(other.edtf)
    if one is other or None in (wide.earliest, wide.latest, narrow.earliest, narrow.latest):
        return False
    outer, inner = (wide.earliest, wide.latest), (narrow.earliest, narrow.latest)
    return outer != inner and outer[0] <= inner[0] and inner[1] <= outer[1]  # type: ignore[operator]
