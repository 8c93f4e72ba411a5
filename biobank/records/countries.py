"""Countries by ISO 3166-1 alpha-2 code, with names from CLDR (Babel)."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from babel import Locale

#: CLDR territories that are groups, pseudo-codes or islands without an official code.
NON_COUNTRY_TERRITORIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN"}) | {
    "XA",
    "XB",
    "ZZ",
}


@cache
def _territories(lang: str) -> dict[str, str]:
    return {
        code: name
        for code, name in Locale(lang).territories.items()
        if len(code) == 2 and code.isalpha() and code not in NON_COUNTRY_TERRITORIES
    }


COUNTRY_CODES = tuple(sorted(_territories("en")))


def country_name(code: str, lang: str) -> str:
    """Return the name of a country in `lang`; the code itself if CLDR has no name."""
    return _territories(lang).get(code, code)


#: Adjectives and demonyms by country and language, for the countries of many people of the bank.
COUNTRY_ADJECTIVES: Final[Mapping[str, Mapping[str, str]]] = {
    "AZ": {
        "az": "azərbaycanlı",
        "en": "Azerbaijani Azeri",
        "ru": "азербайджанский азербайджанец азербайджанка",
    },
    "RU": {"az": "rusiyalı", "en": "Russian", "ru": "российский русский"},
    "IR": {"az": "iranlı", "en": "Iranian Persian", "ru": "иранский иранец иранка"},
    "GE": {"az": "gürcüstanlı", "en": "Georgian", "ru": "грузинский"},
    "TR": {"az": "türkiyəli", "en": "Turkish", "ru": "турецкий"},
    "FR": {"az": "fransız fransalı", "en": "French", "ru": "французский"},
    "DE": {"az": "alman almaniyalı", "en": "German", "ru": "немецкий германский"},
    "UA": {"az": "ukraynalı", "en": "Ukrainian", "ru": "украинский"},
    "IT": {"az": "italiyalı", "en": "Italian", "ru": "итальянский"},
    "US": {"az": "amerikalı", "en": "American", "ru": "американский"},
    "PL": {"az": "polşalı", "en": "Polish", "ru": "польский"},
    "IQ": {"az": "iraqlı", "en": "Iraqi", "ru": "иракский"},
    "GB": {"az": "britaniyalı ingiltərəli", "en": "British English", "ru": "британский английский"},
    "UZ": {"az": "özbəkistanlı", "en": "Uzbek", "ru": "узбекский"},
    "TM": {"az": "türkmənistanlı", "en": "Turkmen", "ru": "туркменский"},
    "EG": {"az": "misirli", "en": "Egyptian", "ru": "египетский"},
    "IL": {"az": "israilli", "en": "Israeli", "ru": "израильский"},
    "CA": {"az": "kanadalı", "en": "Canadian", "ru": "канадский"},
    "SE": {"az": "isveçli", "en": "Swedish", "ru": "шведский"},
}


def country_adjectives(code: str, lang: str) -> str:
    """Return the adjectives of a country, separated by spaces; empty if none are known."""
    return COUNTRY_ADJECTIVES.get(code, {}).get(lang, "")


#: Other names of countries, folded; CLDR has one name each.
COUNTRY_ALIASES = {
    "usa": "US",
    "u.s.": "US",
    "america": "US",
    "abs": "US",
    "amerika": "US",
    "америка": "US",
    "сша": "US",
    "uk": "GB",
    "britain": "GB",
    "great britain": "GB",
    "england": "GB",
    "ingiltere": "GB",
    "англия": "GB",
    "turkey": "TR",
    "persia": "IR",
    "персия": "IR",
    "holland": "NL",
    "czech republic": "CZ",
}
