"""Labels in search results: kinds of conditions, and values that are no records."""

import re
from collections.abc import Mapping
from typing import Final

from biobank.common.messages import Message, gettext_noop, pgettext_noop
from biobank.records.date_formatting import format_after_year, format_before_year, format_edtf
from biobank.records.dates import DateError
from biobank.records.numerals import english_ordinal_suffix, roman
from biobank.search.language.fields import UNKNOWN

GENDER_LABELS: Final[Mapping[str, Message]] = {
    "male": pgettext_noop("gender", "male"),
    "female": pgettext_noop("gender", "female"),
    "other": pgettext_noop("gender", "other"),
    "unknown": pgettext_noop("gender", "unknown"),
}
LANGUAGE_LABELS: Final[Mapping[str, Message]] = {
    "az": pgettext_noop("language", "Azerbaijani"),
    "en": pgettext_noop("language", "English"),
    "ru": pgettext_noop("language", "Russian"),
}
NAME_FORM_LABEL: Final = gettext_noop("written form of the name")
NOT_IN_NAME_LABEL: Final = gettext_noop("not in this name")
OTHER_GENDER_LABEL: Final = gettext_noop("surname of the other gender")
BORN_LABEL: Final = pgettext_noop("query", "born")
DIED_LABEL: Final = pgettext_noop("query", "died")
NOT_LABEL: Final = pgettext_noop("query", "not")
OR_LABEL: Final = pgettext_noop("query", "or")
KM_LABEL: Final = pgettext_noop("query", "km")
#: Labels of the place relations that an area filter applies to.
TIE_LABELS: Final[Mapping[str, Message]] = {
    "any": gettext_noop("on the map"),
    "birth": gettext_noop("on the map, born"),
    "death": gettext_noop("on the map, died"),
    "activity": gettext_noop("on the map, active"),
}
#: Labels of query fields in conditions.
FIELD_LABELS: Final[Mapping[str, Message]] = {
    "name": pgettext_noop("query field", "name"),
    "text": pgettext_noop("query field", "in the text"),
    "work": pgettext_noop("query field", "work"),
    "source": pgettext_noop("query field", "source"),
    "profession": pgettext_noop("query field", "profession"),
    "place": pgettext_noop("query field", "place"),
    "birthplace": pgettext_noop("query field", "place of birth"),
    "deathplace": pgettext_noop("query field", "place of death"),
    "country": pgettext_noop("query field", "country"),
    "organisation": pgettext_noop("query field", "organisation"),
    "award": pgettext_noop("query field", "award"),
    "gender": pgettext_noop("query field", "gender"),
    "century": pgettext_noop("query field", "century"),
    "language": pgettext_noop("query field", "biography in"),
    "relation": pgettext_noop("query field", "related to"),
    "born": pgettext_noop("query field", "born"),
    "died": pgettext_noop("query field", "died"),
    "alive": pgettext_noop("query field", "alive"),
    "event": pgettext_noop("query field", "event"),
    "age": pgettext_noop("query field", "age"),
    "near": pgettext_noop("query field", "near"),
    "lacks": pgettext_noop("query field", "lacks"),
    "unsourced": pgettext_noop("query field", "without a source"),
    "uncertain": pgettext_noop("query field", "uncertain"),
    "stale": pgettext_noop("query field", "out of date"),
    "checked": pgettext_noop("query field", "compared with the sources"),
}
_TEXT_LABELS: Final[Mapping[str, Message]] = {
    "az": gettext_noop("Azerbaijani text"),
    "en": gettext_noop("English text"),
    "ru": gettext_noop("Russian text"),
}
_FACT_LABELS: Final[Mapping[str, Message]] = {
    "birth": pgettext_noop("fact", "birth"),
    "death": pgettext_noop("fact", "death"),
    "floruit": pgettext_noop("fact", "years of activity"),
    "event": pgettext_noop("fact", "event"),
    "relation": pgettext_noop("fact", "relation"),
    "membership": pgettext_noop("fact", "membership"),
    "work": pgettext_noop("fact", "work"),
    "award": pgettext_noop("fact", "award"),
}
#: Labels of completeness values by query field and value.
GAP_LABELS: Final[Mapping[str, Mapping[str, Message]]] = {
    "lacks": {
        **_TEXT_LABELS,
        "relation": _FACT_LABELS["relation"],
        "citation": pgettext_noop("fact", "citation"),
        "portrait": pgettext_noop("fact", "portrait"),
        "identifier": pgettext_noop("fact", "identifier"),
    },
    "unsourced": {
        "fact": pgettext_noop("fact", "fact"),
        **_FACT_LABELS,
        "biography": pgettext_noop("fact", "biography"),
    },
    "uncertain": {"date": pgettext_noop("fact", "date"), **_FACT_LABELS},
    "stale": _TEXT_LABELS,
}
CERTAIN_LABEL: Final = gettext_noop("certain dates only")


#: A century id of the facets: `19`, `1bce`.
CENTURY_ID_PATTERN: Final = re.compile(r"[1-9][0-9]?(bce)?")


def century_label(value: str, lang: str) -> str:
    """Format a century id: `19` as XIX əsr, 19th century, XIX век; `1bce` is BCE."""
    is_bce = value.endswith("bce")
    number = int(value.removesuffix("bce"))
    if lang == "en":
        return f"{number}{english_ordinal_suffix(number)} century{' BCE' if is_bce else ''}"
    if lang == "ru":
        return f"{roman(number)} век{' до н. э.' if is_bce else ''}"
    return f"{'e.ə. ' if is_bce else ''}{roman(number)} əsr"


#: Open ranges that end in a year: <1914, >1950, and ..1913, which means <1914.
_BEFORE_PATTERN: Final = re.compile(r"(?:<\s*|(\.\.))((?!0000)[0-9]{4})")
_AFTER_PATTERN: Final = re.compile(r">\s*((?!0000)[0-9]{4})")
_RANGE_PATTERN: Final = re.compile(r"([^.<>\[\]/]*)\.\.([^.<>\[\]/]*)")


def format_date_condition(text: str, lang: str) -> str:
    """Format a normalized date condition in language `lang`, for example 1880–1920."""
    if text == UNKNOWN:
        return GENDER_LABELS[UNKNOWN].translate(lang)
    if match := _BEFORE_PATTERN.fullmatch(text):
        # The years up to 1913 are those before 1914, which reads the same in all three languages.
        return format_before_year(int(match[2]) + bool(match[1]), lang)
    if match := _AFTER_PATTERN.fullmatch(text):
        return format_after_year(int(match[1]), lang)
    try:
        if match := _RANGE_PATTERN.fullmatch(text):
            return _format_span(match[1], match[2], lang)
        return format_edtf(text, lang)
    except DateError:
        return text


def _format_span(start: str, end: str, lang: str) -> str:
    if not start or not end:
        return format_edtf(f"[{start}..{end}]", lang)
    if century := _century_of_years(start, end):
        return century_label(str(century), lang)
    first, last = format_edtf(start, lang), format_edtf(end, lang)
    return f"{first}–{last}" if (first + last).isdigit() else f"{first} – {last}"


def _century_of_years(start: str, end: str) -> int:
    """Return the century of the common era that two years begin and end; 0 for other years."""
    is_century = start[2:] == "01" and end[2:] == "00" and (start + end).isdigit() and len(end) == 4
    return int(end[:2]) if is_century and int(end[:2]) == int(start[:2]) + 1 else 0


def format_age_condition(text: str, lang: str) -> str:
    """Format a normalized age condition, for example 60–70 or ≥ 91."""
    if text == UNKNOWN:
        return GENDER_LABELS[UNKNOWN].translate(lang)
    minimum, dots, maximum = text.partition("..")
    if minimum and maximum:
        return f"{minimum}–{maximum}"
    return text if not dots else f"≥ {minimum}" if minimum else f"≤ {maximum}"
