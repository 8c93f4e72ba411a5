"""Dates of Wikidata as EDTF: precision, calendar, years BCE, doubt, and several at once.

Wikidata keeps a Julian date as it was written in that calendar (phabricator.wikimedia.org/T246731)
and counts years as historians do: -0044 is 44 BCE (T99674). Its RDF does neither.
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
#: Properties by which a statement's circumstances and its nature are told.
CIRCUMSTANCES = ("P1480", "P5102")
CIRCA = "Q5727902"
#: Presumably, possibly, probably, disputed.
DOUBTED = frozenset(("Q18122778", "Q30230067", "Q56644435", "Q18912752"))
EARLIEST, LATEST = "P1319", "P1326"


@dataclass(frozen=True)
class Told:
    """A date, and what the calendar of its time called it where that was another one."""

    edtf: str
    original: str | None = None


@dataclass(frozen=True)
class _Time:
    """A time of Wikidata; `year` is astronomical: 0 is 1 BCE."""

    year: int
    month: int
    day: int
    precision: int
    julian: bool


def read_statements(statements: list[Statement]) -> tuple[Told | None, list[Said]]:
    """The date that statements tell together, and what is to be said of it."""
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
    """A time by itself as EDTF, to the day, month or year; None where it is less exact."""
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
    # Sets take no mark of doubt; they are wide enough to need none.
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
    # What is told as exact to the day may have none: then it is exact to what it has.
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
    """A decade, century or millennium; those BCE run the other way and share no digits."""
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
        # A set within a set is none of EDTF: a Julian month is left to the other end.
        end = read_time(values[0]) or ""
        ends.append("" if end.startswith("[") else end)
    return f"[{ends[0]}..{ends[1]}]" if any(ends) else None


def _doubt(qualifiers: Snaks) -> str:
    told = {item_id(value) for prop in CIRCUMSTANCES for value in qualifiers.get(prop, ())}
    about, doubted = CIRCA in told, bool(told & DOUBTED)
    return "%" if about and doubted else "~" if about else "?" if doubted else ""


def _joined(found: list[Told], notices: list[Said]) -> Told | None:
    """One date of several: the most exact where the others hold it, else one of them."""
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
    """Whether `one` says less than `other` and nothing against it."""
    wide, narrow = parse_date(one.edtf), parse_date(other.edtf)
    if one is other or None in (wide.earliest, wide.latest, narrow.earliest, narrow.latest):
        return False
    outer, inner = (wide.earliest, wide.latest), (narrow.earliest, narrow.latest)
    return outer != inner and outer[0] <= inner[0] and inner[1] <= outer[1]  # type: ignore[operator]
