"""Countries by ISO 3166-1 alpha-2, named by CLDR through Babel."""

from functools import cache

from babel import Locale

#: CLDR territories that are groups, pseudo-codes or islands without a code of their own.
NOT_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN"}) | {
    "XA",
    "XB",
    "ZZ",
}


@cache
def _territories(lang: str) -> dict[str, str]:
    return {
        code: name
        for code, name in Locale(lang).territories.items()
        if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES
    }


COUNTRIES = tuple(sorted(_territories("en")))


def country_name(code: str, lang: str) -> str:
    """The name of a country in `lang`; the code itself where CLDR has no name."""
    return _territories(lang).get(code, code)


#: What people also call countries, folded; CLDR has one name each.
OTHER_NAMES = {
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
