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
ALPHABET: tuple[str, ...] = tuple("ABCÇDEƏFGĞHXIİJKQLMNOÖPRSŞTUÜVYZW")
CYRILLIC_LETTERS = "абвгғдђеєәжзиійјкҝлљмнњоөпрстћуүфхһцчҹџшщъыьэюя"
ARABIC_LETTERS = "ءابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"

# Primary level: two digits for a Latin character, four for Cyrillic and Arabic, nine for others. No
# code is lower than the separator, so that a name sorts before longer names that start with it.
LEVEL_SEPARATOR = "00"
_PRIMARY_CODES: dict[str, str] = {
    " ": "10",
    "-": "11",
    **{str(digit): f"{12 + digit}" for digit in range(10)},
    **{lower(letter, "az"): f"{22 + rank}" for rank, letter in enumerate(ALPHABET)},
    **{letter: f"60{10 + rank}" for rank, letter in enumerate(CYRILLIC_LETTERS)},
    **{letter: f"70{10 + rank}" for rank, letter in enumerate(ARABIC_LETTERS)},
}
_OTHER_SCRIPT_PREFIX = "80"
# Letters without Unicode decomposition, with the letter under which they are listed.
_BASE_LETTERS = {
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
        for primary, accent in _collation_elements(lower(character, "az")):
            first.append(primary)
            second.append(accent)
            third.append(case)
    levels = ["".join(first), "".join(second).rstrip("1"), "".join(third).rstrip("1")]
    while levels and not levels[-1]:
        levels.pop()
    return LEVEL_SEPARATOR.join(levels)


def index_letter(text: str) -> str:
    """Return the letter of ALPHABET under which a name is listed, # for other scripts."""
    for character in normalise(text):
        if character.isalnum() and character not in APOSTROPHES:
            base = _base_letter(lower(character, "az"))[0]
            upper = {"i": "İ", "ı": "I"}.get(base, base.upper())
            return upper if upper in ALPHABET else "#"
    return "#"


def _collation_elements(letter: str) -> Iterator[tuple[str, str]]:
    """Yield (primary, accent) of one lower-case character; an accent is 2 and three digits."""
    if letter in APOSTROPHES or not (letter.isalnum() or letter in _PRIMARY_CODES):
        return
    base = _base_letter(letter)
    accent = "1" if base == letter else _accent_code(letter)
    for position, part in enumerate(base):
        yield _primary_code(part), accent if position == 0 else "1"


def _primary_code(part: str) -> str:
    return _PRIMARY_CODES.get(part) or f"{_OTHER_SCRIPT_PREFIX}{ord(part):07}"


def _base_letter(letter: str) -> str:
    """Return the letter without foreign accents: é is e, ǖ is ü, but ü is ü."""
    if letter in _PRIMARY_CODES:
        return letter
    if letter in _BASE_LETTERS:
        return _BASE_LETTERS[letter]
    parts = unicodedata.decomposition(letter).split()
    if parts and not parts[0].startswith("<"):
        return _base_letter(chr(int(parts[0], 16)))
    folded = fold(letter)
    return folded if folded and all(part in _PRIMARY_CODES for part in folded) else letter


def _accent_code(letter: str) -> str:
    marks = unicodedata.normalize("NFD", letter)[1:]
    code = ord(marks[-1]) - 0x300 if marks else -1
    return f"2{code:03}" if 0 <= code < 0x70 else "2999"
