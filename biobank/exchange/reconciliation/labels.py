"""Labels of types, properties and settings in the three languages.

They are part of the API's data, so they are here and not in the translations of the pages.
"""

from collections.abc import Mapping
from typing import Final

LabelsByLanguage = Mapping[str, str]

SERVICE_NAME: Final[LabelsByLanguage] = {
    "az": "Biobank: tanınmış azərbaycanlılar",
    "en": "Biobank: notable Azerbaijanis",
    "ru": "Biobank: известные азербайджанцы",
}
TYPE_LABELS: Final[Mapping[str, LabelsByLanguage]] = {
    "person": {"az": "şəxs", "en": "person", "ru": "человек"},
    "organisation": {"az": "təşkilat", "en": "organisation", "ru": "организация"},
    "place": {"az": "yer", "en": "place", "ru": "место"},
    "term": {"az": "termin", "en": "term", "ru": "термин"},
    "term/profession": {"az": "peşə", "en": "profession", "ru": "профессия"},
    "term/relation": {"az": "əlaqə növü", "en": "kind of relation", "ru": "вид связи"},
    "term/event": {"az": "hadisə növü", "en": "kind of event", "ru": "вид события"},
    "term/work": {"az": "əsər növü", "en": "kind of work", "ru": "вид произведения"},
    "term/award": {"az": "mükafat", "en": "award", "ru": "награда"},
}
PROPERTY_LABELS: Final[Mapping[str, LabelsByLanguage]] = {
    "name": {"az": "ad", "en": "name", "ru": "имя"},
    "name_az": {
        "az": "azərbaycanca ad",
        "en": "name in Azerbaijani",
        "ru": "имя по-азербайджански",
    },
    "name_en": {"az": "ingiliscə ad", "en": "name in English", "ru": "имя по-английски"},
    "name_ru": {"az": "rusca ad", "en": "name in Russian", "ru": "имя по-русски"},
    "other_name": {"az": "başqa adları", "en": "other names", "ru": "другие имена"},
    "headline": {"az": "qısa təsvir", "en": "in one line", "ru": "краткое описание"},
    "connection": {
        "az": "niyə bankdadır",
        "en": "why the person is in the bank",
        "ru": "почему в банке",
    },
    "gender": {"az": "cins", "en": "gender", "ru": "пол"},
    "birth_date": {"az": "doğum tarixi", "en": "date of birth", "ru": "дата рождения"},
    "birth_year": {"az": "doğum ili", "en": "year of birth", "ru": "год рождения"},
    "birthplace": {"az": "doğulduğu yer", "en": "place of birth", "ru": "место рождения"},
    "death_date": {"az": "vəfat tarixi", "en": "date of death", "ru": "дата смерти"},
    "death_year": {"az": "vəfat ili", "en": "year of death", "ru": "год смерти"},
    "deathplace": {"az": "vəfat etdiyi yer", "en": "place of death", "ru": "место смерти"},
    "profession": {"az": "peşə", "en": "profession", "ru": "профессия"},
    "country": {"az": "ölkə kodu", "en": "country code", "ru": "код страны"},
    "country_name": {"az": "ölkə", "en": "country", "ru": "страна"},
    "organisation": {"az": "təşkilat", "en": "organisation", "ru": "организация"},
    "award": {"az": "mükafat", "en": "award", "ru": "награда"},
    "image": {"az": "portret", "en": "portrait", "ru": "портрет"},
    "url": {"az": "daimi ünvan", "en": "permanent address", "ru": "постоянный адрес"},
    "kind": {"az": "növ", "en": "kind", "ru": "вид"},
    "place": {"az": "yer", "en": "place", "ru": "место"},
    "founded": {"az": "təsis edilib", "en": "founded", "ru": "основана"},
    "dissolved": {"az": "ləğv edilib", "en": "dissolved", "ru": "упразднена"},
    "summary": {"az": "qısaca", "en": "summary", "ru": "кратко"},
    "website": {"az": "veb-sayt", "en": "website", "ru": "сайт"},
    "broader": {"az": "daha geniş", "en": "broader", "ru": "шире"},
    "latitude": {"az": "enlik", "en": "latitude", "ru": "широта"},
    "longitude": {"az": "uzunluq", "en": "longitude", "ru": "долгота"},
    "vocabulary": {"az": "lüğət", "en": "vocabulary", "ru": "словарь"},
    "wikidata": {"az": "Wikidata", "en": "Wikidata", "ru": "Викиданные"},
    "viaf": {"az": "VIAF", "en": "VIAF", "ru": "VIAF"},
    "isni": {"az": "ISNI", "en": "ISNI", "ru": "ISNI"},
    "gnd": {"az": "GND", "en": "GND", "ru": "GND"},
    "lcnaf": {
        "az": "Konqres Kitabxanası",
        "en": "Library of Congress",
        "ru": "Библиотека Конгресса",
    },
    "bnf": {"az": "BnF", "en": "BnF", "ru": "BnF"},
    "orcid": {"az": "ORCID", "en": "ORCID", "ru": "ORCID"},
}
SETTING_LABELS: Final[Mapping[str, LabelsByLanguage]] = {
    "limit": {"az": "Ən çox dəyər", "en": "Values at most", "ru": "Не больше значений"},
    "limit_help": {
        "az": "Bir sətir üçün ən çox neçə dəyər gətirilsin (0 – hamısı)",
        "en": "How many values a row at most (0 for all)",
        "ru": "Сколько значений на строку не больше (0 — все)",
    },
    "lang": {"az": "Dil", "en": "Language", "ru": "Язык"},
    "lang_help": {
        "az": "Adlar və mətnlər bu dildə olsun",
        "en": "Names and texts in this language",
        "ru": "Имена и тексты на этом языке",
    },
}
#: Messages of previews without content.
PREVIEW_MESSAGES: Final[Mapping[str, LabelsByLanguage]] = {
    "withdrawn": {
        "az": "Bu qeyd {} tarixində bankdan çıxarılıb.",
        "en": "This record was withdrawn on {}.",
        "ru": "Эта запись снята с публикации {}.",
    },
    "unknown": {
        "az": "Bankda belə qeyd yoxdur.",
        "en": "There is no such record in the bank.",
        "ru": "В банке нет такой записи.",
    },
    "open": {"az": "Bankda aç", "en": "Open in the bank", "ru": "Открыть в банке"},
}
