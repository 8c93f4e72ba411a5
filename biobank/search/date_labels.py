"""Labels of date and age ranges in conditions of a query."""

import re
from typing import Final

from biobank.records.date_words import date_in_words
from biobank.records.dates import DateError
from biobank.search import labels
from biobank.search.language.fields import UNKNOWN

_RANGE: Final = re.compile(r"([^.<>\[\]/]*)\.\.([^.<>\[\]/]*)")


def dates_in_words(text: str, lang: str) -> str:
    """Format a normalized date condition in language `lang`, for example 1880–1920."""
    if text == UNKNOWN:
        return labels.GENDERS[UNKNOWN][lang]
    try:
        if found := _RANGE.fullmatch(text):
            return _span(found[1], found[2], lang)
        return date_in_words(text, lang)
    except DateError:
        return text


def _span(start: str, end: str, lang: str) -> str:
    if not start or not end:
        return date_in_words(f"[{start}..{end}]", lang)
    first, last = date_in_words(start, lang), date_in_words(end, lang)
    return f"{first}–{last}" if (first + last).isdigit() else f"{first} – {last}"


def ages_in_words(text: str, lang: str) -> str:
    """Format a normalized age condition, for example 60–70 or ≥ 91."""
    if text == UNKNOWN:
        return labels.GENDERS[UNKNOWN][lang]
    least, dots, most = text.partition("..")
    if least and most:
        return f"{least}–{most}"
    return text if not dots else f"≥ {least}" if least else f"≤ {most}"
