"""Conversion between CSL-JSON names and dates and form values."""

import re
from collections.abc import Mapping
from typing import Any

_DAY = r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?"
_DATE = re.compile(rf"{_DAY}(?:/{_DAY})?")


def people_rows(people: Any) -> list[dict[str, str]]:
    """Return a list of CSL names as rows; a single name is shown as the family name."""
    if not isinstance(people, list):
        return []
    return [_row(person) for person in people if isinstance(person, Mapping)]


def people_of(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return rows as CSL names: a person if there is a given name, else a literal name."""
    return [
        {"family": row["family"], "given": row["given"]}
        if row["family"] and row["given"]
        else {"literal": row["family"] or row["given"]}
        for row in rows
    ]


def date_text(value: Any) -> str:
    """Return a CSL date as `1999`, `1999-05`, `1999-05-01` or `1999/2001`, or its literal text."""
    if not isinstance(value, Mapping):
        return ""
    parts = value.get("date-parts")
    if isinstance(parts, list) and parts and all(isinstance(part, list) for part in parts):
        return "/".join(_day_text(part) for part in parts[:2])
    return str(value.get("literal") or value.get("raw") or "")


def date_of(text: str) -> dict[str, Any] | None:
    """Parse a typed CSL date; text that is not a date becomes a literal."""
    if not text:
        return None
    found = _DATE.fullmatch(text)
    if not found:
        return {"literal": text}
    days = [
        [int(part) for part in half if part] for half in (found.groups()[:3], found.groups()[3:])
    ]
    return {"date-parts": [day for day in days if day]}


def _row(person: Mapping[str, Any]) -> dict[str, str]:
    family = person.get("literal") or person.get("family") or ""
    particle = person.get("non-dropping-particle") or ""
    return {
        "family": " ".join(filter(None, (str(particle), str(family)))),
        "given": str(person.get("given") or ""),
    }


def _day_text(parts: list[Any]) -> str:
    numbers = [str(part) for part in parts[:3]]
    if not all(number.isdecimal() for number in numbers):
        return " ".join(numbers)
    return "-".join(f"{int(number):0{2 if at else 4}}" for at, number in enumerate(numbers))
