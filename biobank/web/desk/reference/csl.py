"""Conversion between CSL-JSON names and dates and form values."""

import re
from collections.abc import Mapping
from typing import Any

_DAY_REGEX = r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?"
_CSL_DATE_PATTERN = re.compile(rf"{_DAY_REGEX}(?:/{_DAY_REGEX})?")


def name_rows(people: Any) -> list[dict[str, str]]:
    """Return a list of CSL names as rows; a single name is shown as the family name."""
    if not isinstance(people, list):
        return []
    return [_name_row(person) for person in people if isinstance(person, Mapping)]


def csl_names(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return rows as CSL names: a person if there is a given name, else a literal name."""
    return [
        {"family": row["family"], "given": row["given"]}
        if row["family"] and row["given"]
        else {"literal": row["family"] or row["given"]}
        for row in rows
    ]


def format_csl_date(value: Any) -> str:
    """Return a CSL date as `1999`, `1999-05`, `1999-05-01` or `1999/2001`, or its literal text."""
    if not isinstance(value, Mapping):
        return ""
    parts = value.get("date-parts")
    if isinstance(parts, list) and parts and all(isinstance(part, list) for part in parts):
        return "/".join(_format_day(part) for part in parts[:2])
    return str(value.get("literal") or value.get("raw") or "")


def parse_csl_date(text: str) -> dict[str, Any] | None:
    """Parse a typed CSL date; text that is not a date becomes a literal."""
    if not text:
        return None
    match = _CSL_DATE_PATTERN.fullmatch(text)
    if not match:
        return {"literal": text}
    days = [[int(part) for part in groups if part] for groups in (match.groups()[:3], match.groups()[3:])]
    return {"date-parts": [day for day in days if day]}


def _name_row(person: Mapping[str, Any]) -> dict[str, str]:
    family = person.get("literal") or person.get("family") or ""
    particle = person.get("non-dropping-particle") or ""
    return {
        "family": " ".join(filter(None, (str(particle), str(family)))),
        "given": str(person.get("given") or ""),
    }


def _format_day(parts: list[Any]) -> str:
    numbers = [str(part) for part in parts[:3]]
    if not all(number.isdecimal() for number in numbers):
        return " ".join(numbers)
    return "-".join(f"{int(number):0{2 if index else 4}}" for index, number in enumerate(numbers))
