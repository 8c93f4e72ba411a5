"""Collation of names by the Azerbaijani alphabet, the same in every database.

A key has the levels of the Unicode Collation Algorithm (UTS #10): letters, then accents, then case.
It consists of digits only, which every collation of SQLite and PostgreSQL sorts in the same order;
letters may be folded, ignored or reordered (h, q, x in az_AZ; ch in cs_CZ).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from biobank.names.folding import APOSTROPHES, fold, lower, normalise

#: The letters of the name index in order; W is not Azerbaijani and follows Z.
LETTERS: tuple[str, ...] = tuple("ABCÇDEƏFGĞHXIİJKQLMNOÖPRSŞTUÜVYZW")
CYRILLIC = "абвгғдђеєәжзиійјкҝлљмнњоөпрстћуүфхһцчҹџшщъыьэюя"
ARABIC = "ءابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"

# Primary level: two digits for a Latin character, four for Cyrillic and Arabic, nine for others. No
# code is lower than the separator, so that a name sorts before longer names that start with it.
LEVEL = "00"
_PRIMARY: dict[str, str] = {
    " ": "10",
    "-": "11",
    **{str(digit): f"{12 + digit}" for digit in range(10)},
    **{lower(letter, "az"): f"{22 + rank}" for rank, letter in enumerate(LETTERS)},
    **{letter: f"60{10 + rank}" for rank, letter in enumerate(CYRILLIC)},
    **{letter: f"70{10 + rank}" for rank, letter in enumerate(ARABIC)},
}
_OTHER_SCRIPT = "80"
# Letters without Unicode decomposition, with the letter under which they are listed.
_BASES = {
    "æ": "ae",
    "œ": "oe",
    "ß": "ss",
    "þ": "th",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "ł": "l",
    "ħ": "h",
    "ŧ": "t",
    "ŋ": "n",
    "ǝ": "ə",
    "ɵ": "ö",
    "ƣ": "ğ",
    "ƶ": "z",
    "ə̈": "ə",
}


def sort_key(text: str) -> str:
    """Return digits that sort as the name does, compared byte by byte; about three per letter.

    Spaces come first, then hyphens, digits, A–Z of Azerbaijani, W, Cyrillic, Arabic, others. Other
    punctuation is ignored. Foreign accents, then capitals, only break ties.
    """
    first, second, third = [], [], []
    for character in normalise(text):
        case = "2" if character.isupper() or character.istitle() else "1"
        for primary, accent in _elements(lower(character, "az")):
            first.append(primary)
            second.append(accent)
            third.append(case)
    levels = ["".join(first), "".join(second).rstrip("1"), "".join(third).rstrip("1")]
    while levels and not levels[-1]:
        levels.pop()
    return LEVEL.join(levels)


def initial(text: str) -> str:
    """Return the letter of ALPHABET under which a name is listed, # for other scripts."""
    for character in normalise(text):
        if character.isalnum() and character not in APOSTROPHES:
            base = _base(lower(character, "az"))[0]
            upper = {"i": "İ", "ı": "I"}.get(base, base.upper())
            return upper if upper in LETTERS else "#"
    return "#"


def _elements(letter: str) -> Iterator[tuple[str, str]]:
    """Yield (primary, accent) of one lower-case character; an accent is 2 and three digits."""
    if letter in APOSTROPHES or not (letter.isalnum() or letter in _PRIMARY):
        return
    base = _base(letter)
    accent = "1" if base == letter else _accent(letter)
    for position, part in enumerate(base):
        yield _primary(part), accent if position == 0 else "1"


def _primary(part: str) -> str:
    return _PRIMARY.get(part) or f"{_OTHER_SCRIPT}{ord(part):07}"


def _base(letter: str) -> str:
    """Return the letter without foreign accents: é is e, ǖ is ü, but ü is ü."""
    if letter in _PRIMARY:
        return letter
    if letter in _BASES:
        return _BASES[letter]
    parts = unicodedata.decomposition(letter).split()
    if parts and not parts[0].startswith("<"):
        return _base(chr(int(parts[0], 16)))
    folded = fold(letter)
    return folded if folded and all(part in _PRIMARY for part in folded) else letter


def _accent(letter: str) -> str:
    marks = unicodedata.normalize("NFD", letter)[1:]
    code = ord(marks[-1]) - 0x300 if marks else -1
    return f"2{code:03}" if 0 <= code < 0x70 else "2999"
