"""Dates in tables, converted to EDTF."""

import re

from biobank.exchange.importing.mapping.rules import Rule
from biobank.exchange.importing.said import Said, say
from biobank.exchange.importing.tables.rows import RowFault
from biobank.records.dates import parse_date
from biobank.records.typed_dates import read_typed

#: A year alone: with a sign, as a decade (530s), with a qualifier (1237?), or as 1885.0.
YEAR = re.compile(r"(?P<sign>[+\-−]?)(?P<year>[0-9]{1,4})(?:\.0+)?(?P<decade>s?)(?P<doubt>[?~%]?)")
NEW_YEAR = re.compile(r"(-?[0-9]{4})-01-01")
PARTS = {
    "dd": r"(?P<day>[0-9]{2})",
    "d": r"(?P<day>[0-9]{1,2})",
    "mm": r"(?P<month>[0-9]{2})",
    "m": r"(?P<month>[0-9]{1,2})",
    "yyyy": r"(?P<year>[0-9]{4})",
}


def read_date(text: str, rule: Rule) -> tuple[str, Said | None]:
    """Return the EDTF of `text` by a rule, and a notice if it was reinterpreted.

    Raises:
        DateError, RowError: if it cannot be parsed.
    """
    if rule.date == "typed":
        found = read_typed(text)
    elif rule.date == "year":
        found = _year(text, rule.negative)
    elif rule.date == "edtf":
        found = parse_date(text).text
    else:
        found = _by_pattern(text, str(rule.date))
    if rule.first_of_january == "year" and (new_year := NEW_YEAR.fullmatch(found)):
        return new_year[1], say("read_as_year", text=text[:40], year=new_year[1])
    return found, None


def iso_year(year: int) -> str:
    """Format a year with four digits, as in EDTF; `year` is astronomical, 0 is 1 BCE."""
    return f"{'-' if year < 0 else ''}{abs(year):04}"


def _year(text: str, negative: str) -> str:
    found = YEAR.fullmatch(text.strip())
    if not found:
        raise RowFault(say("no_year", text=text[:40]))
    year, before = int(found["year"]), found["sign"] not in ("", "+")
    if found["decade"]:
        if before or year % 10:
            raise RowFault(say("no_decade", text=text[:40]))
        return parse_date(f"{year:04}"[:3] + "X" + found["doubt"]).text
    if negative == "bce" and not year:
        raise RowFault(say("year_0"))
    astronomical = year if not before else 1 - year if negative == "bce" else -year
    return parse_date(iso_year(astronomical) + found["doubt"]).text


def _by_pattern(text: str, pattern: str) -> str:
    expression = re.sub(
        r"yyyy|dd|mm|d|m|[./\- ]", lambda part: PARTS.get(part[0], re.escape(part[0])), pattern
    )
    found = re.fullmatch(expression, text.strip())
    if not found:
        raise RowFault(say("not_as_pattern", text=text[:40], pattern=pattern))
    parts = found.groupdict()
    day = f"-{int(parts['day']):02}" if "day" in parts else ""
    return parse_date(f"{parts['year']}-{int(parts['month']):02}{day}").text
