"""Lexicon of months, seasons, eras and qualifiers in three languages, in folded form.

Folding maps Azerbaijani letters to ASCII and `ё` to `е`, so that text typed on a foreign keyboard
is recognised too: `texminen 1141`, `XII esr`.
"""

import re
from typing import Final

_MONTHS: Final[tuple[tuple[str, ...], ...]] = (
    ("yanvar", "january", "январ"),
    ("fevral", "february", "феврал"),
    ("mart", "march", "март"),
    ("aprel", "april", "апрел"),
    ("may", "may", "ма"),
    ("iyun", "june", "июн"),
    ("iyul", "july", "июл"),
    ("avqust", "august", "август"),
    ("sentyabr", "september", "сентябр"),
    ("oktyabr", "october", "октябр"),
    ("noyabr", "november", "ноябр"),
    ("dekabr", "december", "декабр"),
)
_SEASONS: Final[tuple[tuple[str, ...], ...]] = (
    ("yaz", "bahar", "spring", "весн"),
    ("yay", "summer", "лет"),
    ("payiz", "autumn", "fall", "осен"),
    ("qis", "winter", "зим"),
)
#: Shortest abbreviation of a month in letters: sept, avq, дек.
_MIN_ABBREVIATION_CHARS: Final = 3
#: Case endings: sentyabrın, sentyabrında, yayından; сентября, сентябрём, мая, весной.
_AZERBAIJANI_ENDINGS: Final = re.compile(r"(?:in|un|i|u)?(?:n?d[ae]n?|n[ae]|[ae])?")
_RUSSIAN_ENDINGS: Final = re.compile(r"[ьйяюеао]|е[мй]|ой|ою|ом|ью|и|у|ы")

_ROMAN_VALUES: Final = {"i": 1, "v": 5, "x": 10, "l": 50}

#: Eras and their tokens; replaced before parsing, since `до` also means "until".
ERA_PATTERNS: Final = (
    (
        r"\bдо\s+н\.?\s*э\.?|\b(?:bizim\s+eradan|eramizdan|miladdan)\s+evvel|\be\.\s*e\.?"
        r"|\bb\.?\s*c\.?(?:\s*e\.?)?(?!\w)",
        " bce ",
    ),
    (r"(?<!\w)н\.\s*э\.?|\bb\.\s*e\.?|\ba\.?\s*d\.?(?!\w)|\bc\.e\.", " ce "),
)
#: Words that add nothing to the number next to them.
FILLERS: Final = frozenset(
    (
        *("in", "on", "at", "the", "of", "year", "b", "d"),
        *("il", "ilde", "ilin", "ili", "gunu", "tarixi", "tarixinde", "dog", "o"),
        *("в", "во", "на", "г", "год", "года", "году", "числа", "род", "ум"),
    )
)
ABOUT_PREFIX: Final = re.compile(
    r"(?:circa|ca\.|ca(?=\s)|c\.|c(?=\s?[0-9])|about|approximately|approx\.?|around"
    r"|texminen|texm?\.|teqriben|teqr\.|около|ок\.|ок(?=\s)|примерно|прибл\.|приблизительно|~|≈)\s*"
)
DOUBT_PREFIX: Final = re.compile(
    r"(?:probably|possibly|perhaps|presumably|maybe|ehtimal ki|ehtimal|belke|guman ki"
    r"|вероятно|возможно|предположительно|видимо),?\s+"
)
DOUBT_SUFFIX: Final = re.compile(r"\s*(?:\(\?\)|\?)$")
ABOUT_SUFFIX: Final = re.compile(r"\s*(?:~|\((?:circa|c\.|ca\.|about|texminen|около|ок\.)\))$")

CENTURY_PATTERN: Final = (
    r"(?:century|centuries|cent\.?|c\.|esr\w*|yuzill\w*|век\w*|вв?(?:\.|$|\b)|столети\w*)"
)
ORDINAL_SUFFIX_PATTERN: Final = r"(?:\s*-?(?:st|nd|rd|th|го|й|ом|ым))?"
FIRST_HALF_PATTERN: Final = r"first half|birinci yari\w*|1 yari\w*|перв\w+ половин\w+|1-я половин\w+"
SECOND_HALF_PATTERN: Final = r"second half|ikinci yari\w*|2 yari\w*|втор\w+ половин\w+|2-я половин\w+"

#: Patterns of two dates or an open end; each group is a date.
BETWEEN_PATTERNS: Final = (
    r"between (.+?) and (.+)",
    r"между (.+?) и (.+)",
    r"(.+?)(?:\s-\s|-| ile | ille | ve )(.+) arasinda",
    r"([0-9]{3,4})\s*\.\.\s*([0-9]{3,4})",
)
FROM_TO_PATTERNS: Final = (
    r"from (.+?) (?:to|until|till) (.+)",
    r"со? (.+?) (?:до|по) (.+)",
    r"(.+?)-?n?d[ae]n (.+?)(?:-?y?[ea])?(?: qeder|dek)",
)
OR_LATER_PATTERNS: Final = (
    r"(.+) (?:or later|or after|and later|ve ya sonra|или поздне\w+|или позже)",
    r"(?:not? earlier than|not before|не ранее|не раньше|en tezi) (.+)",
)
OR_EARLIER_PATTERNS: Final = (
    r"(.+) (?:or earlier|or before|ve ya evvel|или ранее|или раньше)",
    r"(?:not? later than|не позднее|не позже|en geci) (.+)",
)
AFTER_PATTERNS: Final = (r"(?:after|later than|после|позднее|позже) (.+)", r"(.+?)-?n?d[ae]n sonra")
BEFORE_PATTERNS: Final = (r"(?:before|earlier than|ранее|раньше) (.+)", r"(.+?)-?n?d[ae]n evvel")
SINCE_PATTERNS: Final = (
    r"(?:from|since) (.+)",
    r"(?:со|с) (.+)",
    r"(.+?)-?n?d[ae]n(?: beri| etibaren| bu yana)?",
)
UNTIL_PATTERNS: Final = (
    r"(?:until|till|up to) (.+)",
    r"(?:до|по) (.+)",
    r"(.+?)-?(?:y?[ea]|n[ea])(?: qeder|dek)",
)


def month_or_season(word: str) -> int | None:
    """Return 1–12 for a month, 21–24 for spring to winter (EDTF), None for other words."""
    stem = word.rstrip(".")
    for number, names in enumerate(_MONTHS, start=1):
        if any(_matches(stem, name, allow_abbreviation=True) for name in names):
            return number
    for number, names in enumerate(_SEASONS, start=21):
        if any(_matches(stem, name, allow_abbreviation=False) for name in names):
            return number
    return None


def _matches(word: str, name: str, *, allow_abbreviation: bool) -> bool:
    if allow_abbreviation and len(word) >= _MIN_ABBREVIATION_CHARS and name.startswith(word):
        return True
    ending = word.removeprefix(name)
    if len(ending) == len(word):
        return False
    return not ending or bool(
        (_AZERBAIJANI_ENDINGS if name.isascii() else _RUSSIAN_ENDINGS).fullmatch(ending)
    )


def parse_number(text: str) -> int | None:
    """Return the value of digits or a Roman numeral, or None."""
    if text.isdigit():
        return int(text) or None
    total = 0
    for numeral, next_numeral in zip(text, f"{text[1:]} ", strict=True):
        value = _ROMAN_VALUES.get(numeral, 0)
        total += -value if _ROMAN_VALUES.get(next_numeral, 0) > value else value
    return total if total > 0 else None
