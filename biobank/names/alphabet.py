"""Collation of names by the alphabet of a language, the same in every database.

A key has the levels of the Unicode Collation Algorithm (UTS #10): letters, then accents, then case.
It consists of digits only, which every collation of SQLite and PostgreSQL sorts in the same order;
letters may be folded, ignored or reordered (h, q, x in az_AZ; ch in cs_CZ). The order of letters is
that of ICU for Azerbaijani, English and Russian (CLDR 48).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import MappingProxyType

from biobank.names.folding import APOSTROPHES, fold, lower, normalise

#: The letters of the name index in order; W is not Azerbaijani and follows Z.
ALPHABET: tuple[str, ...] = tuple("ABCÇDEƏFGĞHXIİJKQLMNOÖPRSŞTUÜVYZW")
#: The letters of the name index by language. Ё is listed under Е; no Russian name begins with Ъ or Ь.
ALPHABETS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "az": ALPHABET,
        "en": tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        "ru": tuple("АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЫЭЮЯ"),
    }
)
#: Letters of ALPHABETS that are only shown if a name begins with them.
RARE_INITIALS = frozenset("WЙЩЫ")
#: The index letter of names in other scripts.
OTHER_INITIAL = "#"
LATIN_LETTERS = "abcdeəfghiıjklmnopqrstuvwxyz"
CYRILLIC_LETTERS = "абвгғдђеєәжзиійјкҝлљмнњоөпрстћуүфхһцчҹџшщъыьэюя"
RUSSIAN_CYRILLIC_LETTERS = "аәбвгғдђеєжзиійјкҝлљмнњоөпрстћуүфхһцчҹџшщъыьэюя"
ARABIC_LETTERS = "ءابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"

# Primary level: two digits for a letter of the language's script, four for the other two scripts,
# nine for others. No code is lower than the separators, so that a name sorts before longer names
# that start with it.
LEVEL_SEPARATOR = "00"
#: Separates the parts of an inverted name; below every character, as U+FFFE in ICU, so that all
#: names with one surname are together: "Əli, Zaur" before "Əli Bayramlı, Azər".
PART_SEPARATOR = "\ufffe"
_PART_SEPARATOR_CODE = "05"
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


def sort_key(text: str, lang: str = "az") -> str:
    """Return digits that sort as the name does, compared byte by byte; about three per letter.

    Spaces come first, then hyphens, digits, the letters of the language's script, other scripts.
    Other punctuation is ignored. Foreign accents, then capitals, only break ties.
    """
    first, second, third = [], [], []
    for position, part in enumerate(text.split(PART_SEPARATOR)):
        if position:
            first.append(_PART_SEPARATOR_CODE)
        for character in normalise(part):
            case = "2" if character.isupper() or character.istitle() else "1"
            for primary, accent in _elements(lang, character):
                first.append(primary)
                second.append(accent)
                third.append(case)
    levels = ["".join(first), "".join(second).rstrip("1"), "".join(third).rstrip("1")]
    while levels and not levels[-1]:
        levels.pop()
    return LEVEL_SEPARATOR.join(levels)


def index_letter(text: str, lang: str = "az") -> str:
    """Return the letter of the language's alphabet under which a name is listed, else OTHER_INITIAL."""
    collation = _COLLATIONS[lang]
    for character in normalise(text):
        if character.isalnum() and character not in APOSTROPHES:
            return collation.index_letter(character)
    return OTHER_INITIAL


@lru_cache(maxsize=4096)
def _elements(lang: str, character: str) -> tuple[tuple[str, str], ...]:
    """Return the collation elements of a character: deriving them takes ten times as long."""
    return tuple(_COLLATIONS[lang].elements(character))


@dataclass(frozen=True)
class _Collation:
    """The order of letters of a language: two-digit codes for `letters`, then `scripts` by prefix."""

    lang: str
    letters: str
    scripts: Mapping[str, str]

    @cached_property
    def codes(self) -> dict[str, str]:
        """Return the primary code of each known character."""
        return {
            " ": "10",
            "-": "11",
            **{str(digit): f"{12 + digit}" for digit in range(10)},
            **{letter: f"{22 + rank}" for rank, letter in enumerate(self.letters)},
            **{
                letter: f"{prefix}{10 + rank}"
                for prefix, letters in self.scripts.items()
                for rank, letter in enumerate(letters)
            },
        }

    def elements(self, character: str) -> Iterator[tuple[str, str]]:
        """Yield (primary, accent) of one character; an accent is 2 and three digits."""
        letter = lower(character, self.lang)
        if letter in APOSTROPHES or not (letter.isalnum() or letter in self.codes):
            return
        base = self._base_letter(letter)
        # The capital İ is a Latin i with an accent where it is no letter of the alphabet.
        is_plain = base == letter and not (character == "İ" and self.lang != "az")
        accent = "1" if is_plain else _accent_code(character if character == "İ" else letter)
        for position, part in enumerate(base):
            code = self.codes.get(part) or f"{_OTHER_SCRIPT_PREFIX}{ord(part):07}"
            yield code, accent if position == 0 else "1"

    def index_letter(self, character: str) -> str:
        """Return the last letter of the alphabet that does not sort after the character."""
        base = self._base_letter(lower(character, self.lang))[0]
        code = self.codes.get(base, "")
        if base not in self.letters:
            return OTHER_INITIAL
        initials = ALPHABETS[self.lang]
        codes = [self.codes[lower(letter, self.lang)] for letter in initials]
        return max((c, letter) for c, letter in zip(codes, initials, strict=True) if c <= code)[1]

    def _base_letter(self, letter: str) -> str:
        """Return the letter without foreign accents: é is e, ǖ is ü, but in Azerbaijani ü is ü."""
        if letter in self.codes:
            return letter
        if letter in _BASE_LETTERS:
            base = _BASE_LETTERS[letter]
            return base if all(part in self.codes for part in base) else self._base_letter(base)
        parts = unicodedata.decomposition(letter).split()
        if parts and not parts[0].startswith("<"):
            return self._base_letter(chr(int(parts[0], 16)))
        folded = fold(letter)
        return folded if folded and all(part in self.codes for part in folded) else letter


def _accent_code(letter: str) -> str:
    marks = unicodedata.normalize("NFD", letter)[1:]
    code = ord(marks[-1]) - 0x300 if marks else -1
    return f"2{code:03}" if 0 <= code < 0x70 else "2999"


_COLLATIONS = {
    "az": _Collation(
        "az",
        "".join(lower(letter, "az") for letter in ALPHABET),
        {"60": CYRILLIC_LETTERS, "70": ARABIC_LETTERS},
    ),
    "en": _Collation("en", LATIN_LETTERS, {"60": RUSSIAN_CYRILLIC_LETTERS, "70": ARABIC_LETTERS}),
    "ru": _Collation("ru", RUSSIAN_CYRILLIC_LETTERS, {"75": LATIN_LETTERS, "78": ARABIC_LETTERS}),
}
