"""Labels in search results, by language: kinds of conditions and match explanations.

They are part of the response data and therefore separate from the page texts.
"""

import re
from collections.abc import Mapping
from typing import Final

from biobank.records.date_formatting import format_edtf
from biobank.records.dates import DateError
from biobank.records.numerals import english_ordinal_suffix, roman
from biobank.search import labels
from biobank.search.language.fields import UNKNOWN

GENDER_LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    "male": {"az": "kişi", "en": "male", "ru": "мужской"},
    "female": {"az": "qadın", "en": "female", "ru": "женский"},
    "other": {"az": "digər", "en": "other", "ru": "другой"},
    "unknown": {"az": "məlum deyil", "en": "unknown", "ru": "неизвестно"},
}
#: Search words for a gender, besides gendered professions.
GENDER_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "male": {"az": "kişi", "en": "man men male", "ru": "мужчина мужчины"},
    "female": {"az": "qadın", "en": "woman women female", "ru": "женщина женщины"},
}
#: Search words for places of birth and death.
ROLE_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "birth": {"az": "doğulub anadan olub", "en": "born", "ru": "родился родилась уроженец"},
    "death": {"az": "vəfat edib ölüb", "en": "died", "ru": "умер умерла скончался"},
}
LANGUAGE_LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    "az": {"az": "azərbaycanca", "en": "Azerbaijani", "ru": "азербайджанский"},
    "en": {"az": "ingiliscə", "en": "English", "ru": "английский"},
    "ru": {"az": "rusca", "en": "Russian", "ru": "русский"},
}
NAME_FORM_LABEL: Final[Mapping[str, str]] = {
    "az": "adın yazılışı",
    "en": "written form of the name",
    "ru": "написание имени",
}
BORN_LABEL: Final[Mapping[str, str]] = {"az": "doğulub", "en": "born", "ru": "родился"}
DIED_LABEL: Final[Mapping[str, str]] = {"az": "vəfat edib", "en": "died", "ru": "умер"}
NOT_LABEL: Final[Mapping[str, str]] = {"az": "olmasın", "en": "not", "ru": "без"}
OR_LABEL: Final[Mapping[str, str]] = {"az": "və ya", "en": "or", "ru": "или"}
KM_LABEL: Final[Mapping[str, str]] = {"az": "km", "en": "km", "ru": "км"}
#: Labels of the place relations that an area filter applies to.
TIE_LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    "any": {"az": "xəritədə", "en": "on the map", "ru": "на карте"},
    "birth": {"az": "xəritədə, doğulub", "en": "on the map, born", "ru": "на карте, рождение"},
    "death": {"az": "xəritədə, vəfat edib", "en": "on the map, died", "ru": "на карте, смерть"},
    "activity": {"az": "xəritədə, fəaliyyət", "en": "on the map, active", "ru": "на карте, деятельность"},
}
#: Labels of query fields in conditions.
FIELD_LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    "name": {"az": "ad", "en": "name", "ru": "имя"},
    "text": {"az": "mətndə", "en": "in the text", "ru": "в тексте"},
    "work": {"az": "əsər", "en": "work", "ru": "произведение"},
    "source": {"az": "mənbə", "en": "source", "ru": "источник"},
    "profession": {"az": "peşə", "en": "profession", "ru": "профессия"},
    "place": {"az": "yer", "en": "place", "ru": "место"},
    "birthplace": {"az": "doğulduğu yer", "en": "place of birth", "ru": "место рождения"},
    "deathplace": {"az": "vəfat etdiyi yer", "en": "place of death", "ru": "место смерти"},
    "country": {"az": "ölkə", "en": "country", "ru": "страна"},
    "organisation": {"az": "təşkilat", "en": "organisation", "ru": "организация"},
    "award": {"az": "mükafat", "en": "award", "ru": "награда"},
    "gender": {"az": "cins", "en": "gender", "ru": "пол"},
    "century": {"az": "əsr", "en": "century", "ru": "век"},
    "language": {"az": "bioqrafiyanın dili", "en": "biography in", "ru": "язык биографии"},
    "relation": {"az": "əlaqə", "en": "tied to", "ru": "связь"},
    "born": {"az": "doğulub", "en": "born", "ru": "рождение"},
    "died": {"az": "vəfat edib", "en": "died", "ru": "смерть"},
    "age": {"az": "yaş", "en": "age", "ru": "возраст"},
    "near": {"az": "yaxınlıqda", "en": "near", "ru": "рядом"},
    "lacks": {"az": "yoxdur", "en": "lacks", "ru": "нет"},
    "unsourced": {"az": "mənbəsiz", "en": "without a source", "ru": "без источника"},
    "uncertain": {"az": "dəqiq deyil", "en": "uncertain", "ru": "неточно"},
    "stale": {"az": "köhnəlib", "en": "out of date", "ru": "устарело"},
    "checked": {
        "az": "mənbələrlə tutuşdurulub",
        "en": "compared with the sources",
        "ru": "сверено с источниками",
    },
}
_TEXT_LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    "az": {"az": "azərbaycanca mətn", "en": "Azerbaijani text", "ru": "азербайджанский текст"},
    "en": {"az": "ingiliscə mətn", "en": "English text", "ru": "английский текст"},
    "ru": {"az": "rusca mətn", "en": "Russian text", "ru": "русский текст"},
}
_FACT_LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    "birth": {"az": "doğum", "en": "birth", "ru": "рождение"},
    "death": {"az": "vəfat", "en": "death", "ru": "смерть"},
    "floruit": {"az": "fəaliyyət", "en": "years of activity", "ru": "годы деятельности"},
    "event": {"az": "hadisə", "en": "event", "ru": "событие"},
    "relation": {"az": "əlaqə", "en": "relation", "ru": "связь"},
    "membership": {"az": "üzvlük", "en": "membership", "ru": "членство"},
    "work": {"az": "əsər", "en": "work", "ru": "произведение"},
    "award": {"az": "mükafat", "en": "award", "ru": "награда"},
}
#: Labels of completeness values by query field and value.
GAP_LABELS: Final[Mapping[str, Mapping[str, Mapping[str, str]]]] = {
    "lacks": {
        **_TEXT_LABELS,
        "relation": _FACT_LABELS["relation"],
        "citation": {"az": "istinad", "en": "citation", "ru": "ссылка на источник"},
        "portrait": {"az": "portret", "en": "portrait", "ru": "портрет"},
        "identifier": {"az": "identifikator", "en": "identifier", "ru": "идентификатор"},
    },
    "unsourced": {
        "fact": {"az": "fakt", "en": "fact", "ru": "факт"},
        **_FACT_LABELS,
        "biography": {"az": "bioqrafiya", "en": "biography", "ru": "биография"},
    },
    "uncertain": {"date": {"az": "tarix", "en": "date", "ru": "дата"}, **_FACT_LABELS},
    "stale": _TEXT_LABELS,
}
CERTAIN_LABEL: Final[Mapping[str, str]] = {
    "az": "yalnız dəqiq tarixlər",
    "en": "certain dates only",
    "ru": "только точные даты",
}


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
