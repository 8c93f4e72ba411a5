"""Labels of date and age ranges in conditions of a query."""

import re
from typing import Final

from biobank.records.date_formatting import format_edtf
from biobank.records.dates import DateError
from biobank.search import labels
from biobank.search.language.fields import UNKNOWN

_RANGE_PATTERN: Final = re.compile(r"([^.<>\[\]/]*)\.\.([^.<>\[\]/]*)")


def format_date_condition(text: str, lang: str) -> str:
    """Format a normalized date condition in language `lang`, for example 1880–1920."""
    if text == UNKNOWN:
        return labels.GENDER_LABELS[UNKNOWN][lang]
    try:
        if match := _RANGE_PATTERN.fullmatch(text):
            return _format_span(match[1], match[2], lang)
        return format_edtf(text, lang)
    except DateError:
        return text


def _format_span(start: str, end: str, lang: str) -> str:
    if not start or not end:
        return format_edtf(f"[{start}..{end}]", lang)
    first, last = format_edtf(start, lang), format_edtf(end, lang)
    return f"{first}–{last}" if (first + last).isdigit() else f"{first} – {last}"


def format_age_condition(text: str, lang: str) -> str:
    """Format a normalized age condition, for example 60–70 or ≥ 91."""
    if text == UNKNOWN:
        return labels.GENDER_LABELS[UNKNOWN][lang]
    minimum, dots, maximum = text.partition("..")
    if minimum and maximum:
        return f"{minimum}–{maximum}"
    return text if not dots else f"≥ {minimum}" if minimum else f"≤ {maximum}"
