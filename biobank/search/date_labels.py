"""Ranges of dates and of ages as the conditions of a question are told."""

import re
from typing import Final

from biobank.records.date_words import date_in_words
from biobank.records.dates import DateError
from biobank.search import labels
from biobank.search.language.fields import UNKNOWN

_RANGE: Final = re.compile(r"([^.<>\[\]/]*)\.\.([^.<>\[\]/]*)")


def dates_in_words(text: str, lang: str) -> str:
    """A condition on dates in its one form, as a reader of `lang` says it: 1880–1920."""
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
    """A condition on ages in its one form: 60–70, ≥ 91."""
    if text == UNKNOWN:
        return labels.GENDERS[UNKNOWN][lang]
    least, dots, most = text.partition("..")
    if least and most:
        return f"{least}–{most}"
    return text if not dots else f"≥ {least}" if least else f"≤ {most}"
