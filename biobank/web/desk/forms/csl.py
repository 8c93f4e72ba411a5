"""Conversion between CSL-JSON names and dates and what is typed."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

_DAY_REGEX: Final = r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?"
_CSL_DATE_PATTERN: Final = re.compile(rf"{_DAY_REGEX}(?:/{_DAY_REGEX})?", re.ASCII)
#: Maximum number of authors on one line.
MAX_FORM_AUTHORS: Final = 50


def csl_name_rows(people: Any) -> list[dict[str, str]]:
    """Return a list of CSL names as rows; a single name is shown as the family name."""
    if not isinstance(people, list):
        return []
    return [_name_row(person) for person in people if isinstance(person, Mapping)]


def csl_names(rows: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return rows as CSL names: a person if there is a given name, else a literal name."""
    names = ((row.get("family", ""), row.get("given", "")) for row in rows)
    return [
        {"family": family, "given": given} if family and given else {"literal": family or given}
        for family, given in names
    ]


def format_csl_names(people: Any) -> str:
    """Return CSL names on one line: `Hajibeyov, Uzeyir; Azertag`."""
    return "; ".join(", ".join(filter(None, row.values())) for row in csl_name_rows(people))


def parse_csl_names(text: str) -> list[dict[str, str]]:
    """Parse names on one line; a comma separates family and given name."""
    names = [name.strip() for name in text.split(";") if name.strip()][:MAX_FORM_AUTHORS]
    return [_parse_name(name) for name in names]


def format_csl_date(value: Any) -> str:
    """Return a CSL date as `1999`, `1999-05`, `1999-05-01` or `1999/2001`, or its literal text."""
    if not isinstance(value, Mapping):
        return ""
    parts = value.get("date-parts")
    if isinstance(parts, list) and parts and all(isinstance(part, list) for part in parts):
        return "/".join(_format_day(part) for part in parts[:2])
    return str(value.get("literal") or value.get("raw") or "")


def parse_csl_date(text: str) -> dict[str, Any]:
    """Parse a typed CSL date; text that is not a date becomes a literal."""
    match = _CSL_DATE_PATTERN.fullmatch(text)
    if not match:
        return {"literal": text}
    days = [[int(part) for part in groups if part] for groups in (match.groups()[:3], match.groups()[3:])]
    return {"date-parts": [day for day in days if day]}


def _parse_name(name: str) -> dict[str, str]:
    family, _comma, given = (part.strip() for part in name.partition(","))
    return {"family": family, "given": given} if family and given else {"literal": name}


def _name_row(person: Mapping[str, Any]) -> dict[str, str]:
    family = person.get("literal") or person.get("family") or ""
    particle = person.get("non-dropping-particle") or ""
    return {
        "family": " ".join(filter(None, (str(particle), str(family)))),
        "given": "" if person.get("literal") else str(person.get("given") or ""),
    }


def _format_day(parts: list[Any]) -> str:
    numbers = [str(part) for part in parts[:3]]
    if not all(number.isdecimal() for number in numbers):
        return " ".join(numbers)
    return "-".join(f"{int(number):0{2 if index else 4}}" for index, number in enumerate(numbers))
