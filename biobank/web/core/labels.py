"""Labels of record values: kinds, facets, numbers and dates."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache, partial

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_skeleton
from flask import g
from flask_babel import format_decimal, get_locale, lazy_gettext

from biobank.common.clock import as_utc
from biobank.common.i18n import LANGUAGE_NAMES, LANGUAGES
from biobank.records.date_formatting import format_edtf, format_life_years
from biobank.records.dates import DateError
from biobank.records.organisations.registrations import Registration
from biobank.web.core.gettext import _, ngettext

FACET_TITLES = {
    "century": lazy_gettext("Century of birth"),
    "profession": lazy_gettext("Profession"),
    "birthplace": lazy_gettext("Place of birth"),
    "place": lazy_gettext("Associated place"),
    "country": lazy_gettext("Country"),
    "organisation": lazy_gettext("Organisation"),
    "gender": lazy_gettext("Gender"),
    "deathplace": lazy_gettext("Place of death"),
    "language": lazy_gettext("Language of biography"),
}
NAME_KIND_LABELS = {
    "preferred": lazy_gettext("In other languages"),
    "birth": lazy_gettext("Name at birth"),
    "pen": lazy_gettext("Pen name"),
    "stage": lazy_gettext("Stage name"),
    "title": lazy_gettext("Title"),
    "former": lazy_gettext("Former name"),
    "variant": lazy_gettext("Other spellings"),
}
ORGANISATION_KIND_LABELS = {
    "school": lazy_gettext("School"),
    "university": lazy_gettext("University"),
    "institute": lazy_gettext("Institute"),
    "academy": lazy_gettext("Academy"),
    "museum": lazy_gettext("Museum"),
    "theatre": lazy_gettext("Theatre"),
    "orchestra": lazy_gettext("Orchestra"),
    "studio": lazy_gettext("Studio"),
    "union": lazy_gettext("Union"),
    "society": lazy_gettext("Society"),
    "party": lazy_gettext("Party"),
    "parliament": lazy_gettext("Parliament"),
    "federation": lazy_gettext("Federation"),
    "army": lazy_gettext("Army"),
    "company": lazy_gettext("Company"),
    "newspaper": lazy_gettext("Newspaper"),
    "magazine": lazy_gettext("Magazine"),
    "diaspora": lazy_gettext("Diaspora organisation"),
}
CALENDAR_LABELS = {
    "gregorian": lazy_gettext("Gregorian calendar"),
    "julian": lazy_gettext("Julian calendar"),
    "hijri": lazy_gettext("Hijri calendar"),
}
SORT_TITLES = {
    "relevance": lazy_gettext("Relevance"),
    "name": lazy_gettext("Name"),
    "birth": lazy_gettext("Date of birth (oldest first)"),
    "-birth": lazy_gettext("Date of birth (newest first)"),
    "updated": lazy_gettext("Recently updated"),
    "checked": lazy_gettext("Last verified (oldest first)"),
}
#: Numbers, dates and life years whose formatted text is cached.
LABEL_CACHE_SIZE = 8_192
#: Scripts written from right to left.
RIGHT_TO_LEFT = frozenset({"Arab", "Hebr", "Syrc", "Thaa"})
#: Languages written from right to left unless the record names a script.
RIGHT_TO_LEFT_LANGUAGES = frozenset({"ar", "fa", "azb", "ota", "ur", "ckb", "he", "syr"})
MESSAGE_KIND_LABELS = {
    "objection": lazy_gettext("Objection"),
    "correction": lazy_gettext("Correction"),
    "proposal": lazy_gettext("Suggested person"),
    "registration": lazy_gettext("Registration"),
}


def format_number(value: float) -> str:
    """Format a number in the language of the request."""
    return _format_number(str(get_locale()), value)


def number_formatter() -> Callable[[float], str]:
    """Return a function that formats numbers in the language of the request."""
    return partial(_format_number, str(get_locale()))


@lru_cache(maxsize=LABEL_CACHE_SIZE)
def _format_number(_locale: str, value: float) -> str:
    return str(format_decimal(value))


@lru_cache(maxsize=LABEL_CACHE_SIZE)
def format_edtf_date(date: str | None, lang: str) -> str:
    """Format an EDTF date; one that cannot be parsed is returned as it is."""
    if not date:
        return ""
    try:
        return format_edtf(date, lang)
    except DateError:
        return date


@lru_cache(maxsize=LABEL_CACHE_SIZE)
def format_years(birth: str | None, death: str | None, lang: str, *, living: bool) -> str:
    """Format the years beside a name; empty if they cannot be parsed."""
    try:
        return format_life_years(birth, death, lang, living)
    except DateError:
        return ""


def format_day(day: date, lang: str) -> str:
    """Format a date, or the date of a timestamp."""
    return format_edtf(f"{day:%Y-%m-%d}", lang)


def language_name(code: str, lang: str) -> str:
    """Return the name of a language in `lang`, or its code if unknown."""
    try:
        name = Locale.parse(code.replace("-", "_")).get_language_name(lang)
    except (UnknownLocaleError, ValueError):
        return code
    return name or code


def native_language_name(lang: str) -> str:
    """Return the name of one of the three languages in that language."""
    return next((name for code, name in LANGUAGE_NAMES.items() if code == lang), lang)


def script_name(script: str, lang: str) -> str:
    return str(Locale(lang).scripts.get(script, script))


def language_phrase(lang: str) -> str:
    """Return the phrase "in <language>" for one of the three languages."""
    phrases = {"az": _("in Azerbaijani"), "en": _("in English"), "ru": _("in Russian")}
    return phrases[lang] if lang in LANGUAGES else lang


def text_direction(lang: str, script: str | None) -> str:
    """Return `rtl` or `ltr`, by the script if given, else by the language."""
    right = script in RIGHT_TO_LEFT if script else lang in RIGHT_TO_LEFT_LANGUAGES
    return "rtl" if right else "ltr"


def language_tag(lang: str, script: str | None) -> str:
    """Return the BCP 47 tag of a name, with the script if given."""
    return f"{lang}-{script}" if script and "-" not in lang else lang


def format_day_of_year(day: date, lang: str) -> str:
    """Format a day without its year: `23 noyabr`, `23 November`."""
    # Plain English puts the month first; the bank's dates are in the British order.
    return str(format_skeleton("MMMMd", day, locale="en_GB" if lang == "en" else lang))


def format_timestamp(timestamp: datetime) -> str:
    """Format a timestamp in UTC with a localised date: `26 November 2026, 04:42 UTC`."""
    return f"{format_day(as_utc(timestamp), g.lang)}, {as_utc(timestamp):%H:%M} UTC"


def registration_label(entry: Registration, lang: str) -> str:
    """Return number and date of a registration: `AZD-2026-0001, 26 November 2026`."""
    return f"{entry.number}, {format_day(entry.registered_on, lang)}"


def retry_message(seconds: int) -> str:
    """Return that there were too many attempts, and when to try again."""
    minutes = -(-seconds // 60)
    if seconds <= 60:
        return ngettext(
            "Too many attempts. Try again in %(count)s second.",
            "Too many attempts. Try again in %(count)s seconds.",
            seconds,
            count=seconds,
        )
    return ngettext(
        "Too many attempts. Try again in %(count)s minute.",
        "Too many attempts. Try again in %(count)s minutes.",
        minutes,
        count=minutes,
    )
