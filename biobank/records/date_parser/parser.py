"""Parser of dates as people type them in Azerbaijani, English and Russian, into EDTF.

Examples: `c. 1141`, `təxminən 1141`, `XII əsr`, `18 сентября 1885`, `between 1483 and 1494`,
`18.09.1885`. EDTF is returned unchanged. Ambiguous dates are rejected, not guessed.
"""

import re
from collections.abc import Callable, Iterable

from biobank.names.folding import fold
from biobank.records.date_parser import lexicon
from biobank.records.date_parser.parts import parse_part
from biobank.records.dates import parse_date
from biobank.records.edtf import DateError, EdtfPart, parse_single
from biobank.records.proleptic_calendar import format_iso, year_of

#: Longest typed date in characters; words are longer than EDTF.
MAX_TYPED_DATE_CHARS = 120

_ORDINAL = re.compile(r"(?<=[0-9ivxl])-c[iu]\b")
_SPACED = re.compile(r"\s+-\s+")
_OR = re.compile(r"\s*(?:,|\bor\b|\bve ya\b|\bya da\b|\byaxud\b|\bили\b|\bлибо\b)\s*")
#: A dash without spaces: 1928–48, xix–xx, 19th–20th, 2 bce–?, but not the one of 1880-е.
_CLOSE = re.compile(r"(.*(?:[0-9?ivx~]|st|nd|rd|th|bce|ce))\s?-\s?([0-9?ivx].*)")


def parse_typed_date(text: str) -> str:
    """Return the EDTF of a typed date.

    Raises:
        DateError: the text is not a date, or is ambiguous.
    """
    if len(text) > MAX_TYPED_DATE_CHARS:
        raise DateError(
            "date_too_long", f"the date is too long; the maximum is {MAX_TYPED_DATE_CHARS} characters"
        )
    try:
        return parse_date(text).text
    except DateError as error:
        edtf = _parse(_normalize(text))
        if edtf is None:
            raise error
    return parse_date(edtf).text


def _normalize(text: str) -> str:
    """Fold the text, replace eras by tokens and remove Azerbaijani ordinal suffixes."""
    folded = _ORDINAL.sub("", fold(text))
    for pattern, token in lexicon.ERA_PATTERNS:
        folded = re.sub(pattern, token, folded)
    return " ".join(folded.split())


def _parse(text: str) -> str | None:
    # A qualifier of the whole text applies to each of its dates: "from 1928 (?)".
    rules: tuple[Callable[[str], str | None], ...] = (_parse_compound, parse_part, _parse_span)
    for rule in rules:
        if edtf := rule(text):
            return edtf
    return None


def _parse_compound(text: str) -> str | None:
    """Parse ranges and choices that are expressed in words."""
    if pair := _match_pair(lexicon.BETWEEN_PATTERNS, text):
        return f"[{pair[0]}..{pair[1]}]"
    if choice := _parse_choice(text):
        return choice
    if pair := _match_pair(lexicon.FROM_TO_PATTERNS, text):
        return f"{pair[0]}/{pair[1]}"
    templates: tuple[tuple[tuple[str, ...], str], ...] = (
        (lexicon.OR_LATER_PATTERNS, "[{}..]"),
        (lexicon.OR_EARLIER_PATTERNS, "[..{}]"),
        (lexicon.SINCE_PATTERNS, "{}/.."),
        (lexicon.UNTIL_PATTERNS, "../{}"),
    )
    for patterns, side in ((lexicon.AFTER_PATTERNS, 1), (lexicon.BEFORE_PATTERNS, -1)):
        if part := _match_single(patterns, text):
            return _open_range(part, side)
    for open_patterns, template in templates:
        if part := _match_single(open_patterns, text):
            return template.format(part)
    return None


def _match_single(patterns: Iterable[str], text: str) -> str | None:
    """Return the single date inside one of the patterns."""
    bare, doubt = _strip_doubt(text)
    for pattern in patterns:
        if (match := re.fullmatch(pattern, bare)) and (part := _parse_single_date(match[1] + doubt)):
            return part
    return None


def _match_pair(patterns: Iterable[str], text: str) -> tuple[str, str] | None:
    for pattern in patterns:
        if match := re.fullmatch(pattern, text):
            second = _parse_single_date(match[2])
            first = _parse_single_date(match[1]) or (
                _parse_single_date(_complete_first(match[1], match[2])) if second else None
            )
            if first and second:
                return _align_eras(first, second, match[1], match[2])
    return None


def _parse_single_date(text: str) -> str | None:
    """Parse a single date; a bare number is a year of any length."""
    edtf = parse_part(text.strip())
    return None if edtf is None or edtf.startswith("[") else edtf


def _strip_doubt(text: str) -> tuple[str, str]:
    bare = lexicon.DOUBT_SUFFIX.sub("", text)
    return bare, " (?)" if bare != text else ""


def _parse_choice(text: str) -> str | None:
    if not re.search(r"\b(?:or|ve ya|ya da|yaxud|или|либо)\b", text):
        return None
    parts = [_parse_single_date(part) for part in _OR.split(text)]
    parsed = [part for part in parts if part]
    return f"[{','.join(parsed)}]" if len(parsed) == len(parts) > 1 else None


def _open_range(part: str, side: int) -> str:
    """Return an open range before or after a date, with its precision and qualifiers."""
    date = parse_single(part)
    if date.qualifier:
        return f"[{part}..]" if side > 0 else f"[..{part}]"
    day = date.latest + 1 if side > 0 else date.earliest - 1
    edge = _format_like(date, day)
    return f"[{edge}..]" if side > 0 else f"[..{edge}]"


def _format_like(part: EdtfPart, day: int) -> str:
    if part.month is None or part.month > 12:
        year = year_of(day)
        return f"{'-' if year < 0 else ''}{abs(year):04}"
    text = format_iso(day)
    return text if part.day else text[:-3]


def _parse_span(text: str) -> str | None:
    """Parse two dates joined by a dash; a question mark is an unknown end."""
    halves = _SPACED.split(text)
    if len(halves) == 1:
        match = _CLOSE.fullmatch(text)
        halves = list(match.groups()) if match else halves
    if len(halves) != 2:
        return None
    first, second = halves
    if "?" in (first, second):
        start, end = (None if half == "?" else _parse_single_date(half) for half in halves)
        return f"{start or ''}/{end or ''}" if start or end else None
    if re.fullmatch(r"[0-9]{4}", first) and re.fullmatch(r"[0-9]{2}", second):
        second = first[:2] + second  # 1914–18
    if "bce" in first and re.fullmatch(r"[0-9]{1,2}", second):
        second = f"bce {second}"  # a short year has its era from the first
    start, end = _parse_single_date(first), _parse_single_date(second)
    start = start or (_parse_single_date(_complete_first(first, second)) if end else None)
    return "/".join(_align_eras(start, end, first, second)) if start and end else None


def _complete_first(first: str, second: str) -> str:
    """Complete the first date with the shared part: `5` of `5 – 7 march 1905`."""
    return f"{first} {second.partition(' ')[2]}"


def _align_eras(start: str, end: str, first: str, second: str) -> tuple[str, str]:
    """Apply an era written once to both years, if the range would be reversed: 106–43 BCE."""
    if "bce" in second and "bce" not in first and start > end.lstrip("-"):
        start = _parse_single_date(f"{first} bce") or start
    if "bce" in first and "bce" not in second and re.fullmatch(r"[0-9]+", second):
        start_year, end_year = (re.sub(r"[^0-9]", "", text) for text in (first, second))
        if int(start_year) > int(end_year):
            end = _parse_single_date(f"{second} bce") or end
    return start, end
