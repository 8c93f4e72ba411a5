"""Dates in tables, converted to EDTF."""

import re

from biobank.exchange.imports.mapping.rules import ValueRule
from biobank.exchange.imports.messages import ImportMessage, import_message
from biobank.exchange.imports.tables.rows import RowError
from biobank.records.date_parser.parser import parse_typed_date
from biobank.records.dates import parse_date

#: A year alone: with a sign, as a decade (530s), with a qualifier (1237?), or as 1885.0.
YEAR_PATTERN = re.compile(
    r"(?P<sign>[+\-−]?)(?P<year>[0-9]{1,4})(?:\.0+)?(?P<decade>s?)(?P<doubt>[?~%]?)"
)
NEW_YEAR_PATTERN = re.compile(r"(-?[0-9]{4})-01-01")
DATE_PART_PATTERNS = {
    "dd": r"(?P<day>[0-9]{2})",
    "d": r"(?P<day>[0-9]{1,2})",
    "mm": r"(?P<month>[0-9]{2})",
    "m": r"(?P<month>[0-9]{1,2})",
    "yyyy": r"(?P<year>[0-9]{4})",
}


def parse_table_date(text: str, rule: ValueRule) -> tuple[str, ImportMessage | None]:
    """Return the EDTF of `text` by a rule, and a notice if it was reinterpreted.

    Raises:
        DateError, RowError: if it cannot be parsed.
    """
    if rule.date == "typed":
        edtf = parse_typed_date(text)
    elif rule.date == "year":
        edtf = _parse_year(text, rule.negative)
    elif rule.date == "edtf":
        edtf = parse_date(text).text
    else:
        edtf = _parse_pattern(text, str(rule.date))
    if rule.first_of_january == "year" and (new_year := NEW_YEAR_PATTERN.fullmatch(edtf)):
        return new_year[1], import_message("read_as_year", text=text[:40], year=new_year[1])
    return edtf, None


def format_iso_year(year: int) -> str:
    """Format a year with four digits, as in EDTF; `year` is astronomical, 0 is 1 BCE."""
    return f"{'-' if year < 0 else ''}{abs(year):04}"


def _parse_year(text: str, negative: str) -> str:
    match = YEAR_PATTERN.fullmatch(text.strip())
    if not match:
        raise RowError(import_message("no_year", text=text[:40]))
    year, is_negative = int(match["year"]), match["sign"] not in ("", "+")
    if match["decade"]:
        if is_negative or year % 10:
            raise RowError(import_message("no_decade", text=text[:40]))
        return parse_date(f"{year:04}"[:3] + "X" + match["doubt"]).text
    if negative == "bce" and not year:
        raise RowError(import_message("year_0"))
    astronomical = year if not is_negative else 1 - year if negative == "bce" else -year
    return parse_date(format_iso_year(astronomical) + match["doubt"]).text


def _parse_pattern(text: str, pattern: str) -> str:
    expression = re.sub(
        r"yyyy|dd|mm|d|m|[./\- ]",
        lambda part: DATE_PART_PATTERNS.get(part[0], re.escape(part[0])),
        pattern,
    )
    match = re.fullmatch(expression, text.strip())
    if not match:
        raise RowError(import_message("not_as_pattern", text=text[:40], pattern=pattern))
    parts = match.groupdict()
    day = f"-{int(parts['day']):02}" if "day" in parts else ""
    return parse_date(f"{parts['year']}-{int(parts['month']):02}{day}").text
