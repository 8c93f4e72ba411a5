"""Parser of dates as people type them in Azerbaijani, English and Russian, into EDTF.

Examples: `c. 1141`, `təxminən 1141`, `XII əsr`, `18 сентября 1885`, `between 1483 and 1494`,
`18.09.1885`. EDTF is returned unchanged. Ambiguous dates are rejected, not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from biobank.names.folding import fold
from biobank.records import typed_date_words as words
from biobank.records.dates import parse_date
from biobank.records.days import iso_day, year_of
from biobank.records.edtf import DateError, Part, single
from biobank.records.typed_date_parts import read_part

#: Longest typed date in characters; words are longer than EDTF.
TYPED_MOST = 120

_ORDINAL = re.compile(r"(?<=[0-9ivxl])-c[iu]\b")
_SPACED = re.compile(r"\s+-\s+")
_OR = re.compile(r"\s*(?:,|\bor\b|\bve ya\b|\bya da\b|\byaxud\b|\bили\b|\bлибо\b)\s*")
#: A dash without spaces: 1928–48, xix–xx, 19th–20th, 2 bce–?, but not the one of 1880-е.
_CLOSE = re.compile(r"(.*(?:[0-9?ivx~]|st|nd|rd|th|bce|ce))\s?-\s?([0-9?ivx].*)")


def read_typed(text: str) -> str:
    """Return the EDTF of a typed date.

    Raises:
        DateError: the text is not a date, or is ambiguous.
    """
    if len(text) > TYPED_MOST:
        raise DateError("date_too_long", f"a date has at most {TYPED_MOST} characters")
    try:
        return parse_date(text).text
    except DateError as error:
        found = _read(_prepared(text))
        if found is None:
            raise error
    return parse_date(found).text


def _prepared(text: str) -> str:
    """Fold the text, replace eras by tokens and remove Azerbaijani ordinal suffixes."""
    folded = _ORDINAL.sub("", fold(text))
    for pattern, token in words.ERAS:
        folded = re.sub(pattern, token, folded)
    return " ".join(folded.split())


def _read(text: str) -> str | None:
    # A qualifier of the whole text applies to each of its dates: "from 1928 (?)".
    rules: tuple[Callable[[str], str | None], ...] = (_compound, read_part, _span)
    for rule in rules:
        if found := rule(text):
            return found
    return None


def _compound(text: str) -> str | None:
    """Parse ranges and choices that are expressed in words."""
    if pair := _pair(words.BETWEEN, text):
        return f"[{pair[0]}..{pair[1]}]"
    if found := _one_of(text):
        return found
    if pair := _pair(words.FROM_TO, text):
        return f"{pair[0]}/{pair[1]}"
    forms: tuple[tuple[tuple[str, ...], str], ...] = (
        (words.OR_LATER, "[{}..]"),
        (words.OR_EARLIER, "[..{}]"),
        (words.SINCE, "{}/.."),
        (words.UNTIL, "../{}"),
    )
    for patterns, side in ((words.AFTER, 1), (words.BEFORE, -1)):
        if part := _inside(patterns, text):
            return _beyond(part, side)
    for told, form in forms:
        if part := _inside(told, text):
            return form.format(part)
    return None


def _inside(patterns: Iterable[str], text: str) -> str | None:
    """Return the single date inside one of the patterns."""
    bare, doubt = _doubt_taken(text)
    for pattern in patterns:
        if (found := re.fullmatch(pattern, bare)) and (part := _part(found[1] + doubt)):
            return part
    return None


def _pair(patterns: Iterable[str], text: str) -> tuple[str, str] | None:
    for pattern in patterns:
        if found := re.fullmatch(pattern, text):
            second = _part(found[2])
            first = _part(found[1]) or (_part(_completed(found[1], found[2])) if second else None)
            if first and second:
                return _same_era(first, second, found[1], found[2])
    return None


def _part(text: str) -> str | None:
    """Parse a single date; a bare number is a year of any length."""
    found = read_part(text.strip())
    return None if found is None or found.startswith("[") else found


def _doubt_taken(text: str) -> tuple[str, str]:
    bare = words.DOUBTED.sub("", text)
    return bare, " (?)" if bare != text else ""


def _one_of(text: str) -> str | None:
    if not re.search(r"\b(?:or|ve ya|ya da|yaxud|или|либо)\b", text):
        return None
    parts = [_part(part) for part in _OR.split(text)]
    kept = [part for part in parts if part]
    return f"[{','.join(kept)}]" if len(kept) == len(parts) > 1 else None


def _beyond(part: str, side: int) -> str:
    """Return an open range before or after a date, with its precision and qualifiers."""
    found = single(part)
    if found.qualifier:
        return f"[{part}..]" if side > 0 else f"[..{part}]"
    day = found.latest + 1 if side > 0 else found.earliest - 1
    edge = _as_exact(found, day)
    return f"[{edge}..]" if side > 0 else f"[..{edge}]"


def _as_exact(part: Part, day: int) -> str:
    if part.month is None or part.month > 12:
        year = year_of(day)
        return f"{'-' if year < 0 else ''}{abs(year):04}"
    text = iso_day(day)
    return text if part.day else text[:-3]


def _span(text: str) -> str | None:
    """Parse two dates joined by a dash; a question mark is an unknown end."""
    halves = _SPACED.split(text)
    if len(halves) == 1:
        found = _CLOSE.fullmatch(text)
        halves = list(found.groups()) if found else halves
    if len(halves) != 2:
        return None
    first, second = halves
    if "?" in (first, second):
        start, end = (None if half == "?" else _part(half) for half in halves)
        return f"{start or ''}/{end or ''}" if start or end else None
    if re.fullmatch(r"[0-9]{4}", first) and re.fullmatch(r"[0-9]{2}", second):
        second = first[:2] + second  # 1914–18
    if "bce" in first and re.fullmatch(r"[0-9]{1,2}", second):
        second = f"bce {second}"  # a short year has its era from the first
    start, end = _part(first), _part(second)
    start = start or (_part(_completed(first, second)) if end else None)
    return "/".join(_same_era(start, end, first, second)) if start and end else None


def _completed(first: str, second: str) -> str:
    """Complete the first date with the shared part: `5` of `5 – 7 march 1905`."""
    return f"{first} {second.partition(' ')[2]}"


def _same_era(start: str, end: str, first: str, second: str) -> tuple[str, str]:
    """Apply an era written once to both years, if the range would be reversed: 106–43 BCE."""
    if "bce" in second and "bce" not in first and start > end.lstrip("-"):
        start = _part(f"{first} bce") or start
    if "bce" in first and "bce" not in second and re.fullmatch(r"[0-9]+", second):
        start_year, end_year = (re.sub(r"[^0-9]", "", text) for text in (first, second))
        if int(start_year) > int(end_year):
            end = _part(f"{second} bce") or end
    return start, end
