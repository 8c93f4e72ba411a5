"""Surname and given name of a written name, where its form shows them.

A surname is only recognised by its ending (-ov, -zadə, -bəyli…). Pen names (Səməd Vurğun), names
after a place (Nizami Gəncəvi) and names of rulers (Şah İsmayıl) have no surname.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from biobank.names.alphabet import PART_SEPARATOR
from biobank.names.folding import fold
from biobank.names.lexicon import titles
from biobank.names.phonetic_keys import coarse_key
from biobank.names.structure import SEPARABLE_ENDINGS, is_patronymic
from biobank.names.suffixes import find_ending
from biobank.names.transliteration import detect_orthographies, prepare, transliterate

#: Endings that only surnames have, in every language.
SURNAME_TAGS = frozenset(("beyov", "beyli", "zade", "ov", "ski", "oglu"))
#: Maximum length of a name that is parsed, as in records.
MAX_PARSED_CHARS = 200
# The Arabic script preserves too little of an ending to decide.
_ARABIC_LETTER = re.compile("[\u0600-\u06ff]")
# -ef and -of also end given names (Əşrəf, Yusof), and -ew English ones.
_UNCERTAIN_ENDING = re.compile(r"(?:(?<!f)f|(?<![jyi])ew)$")
# -lı of two letters is also the end of Əli, Vəli and Qulu.
_GIVEN_NAME_ENDING = re.compile(r"(?:əli|alı|qulu|qulı)$")
_LI_ENDING = re.compile(r"([aıoueəiöü])[^aıoueəiöü]*l([ıiuü])$")
#: The vowel of -lı, -li, -lu, -lü by the vowel before it.
_HARMONIC_VOWELS = {"a": "ı", "ı": "ı", "o": "u", "u": "u", "e": "i", "ə": "i", "i": "i", "ö": "ü", "ü": "ü"}


@dataclass(frozen=True, slots=True)
class NameParts:
    """The parts of a name; without a surname or a pen name all of it is in `given`."""

    family: str = ""
    given: str = ""
    #: What follows in brackets, such as a pen name.
    addition: str = ""
    #: The pen name at the end of a name without a surname: Füzuli.
    pen: str = ""

    @property
    def inverted(self) -> str:
        """Return the name as lists show it: `Hacıbəyov, Üzeyir`."""
        name = ", ".join(part for part in (self.family or self.pen, self.given) if part)
        return f"{name} {self.addition}".strip()

    @property
    def sort_text(self) -> str:
        """Return the text whose `sort_key` orders the name: the surname or the pen name first."""
        given = f"{self.given} {self.addition}".strip()
        return PART_SEPARATOR.join(part for part in (self.family or self.pen, given) if part)


def split_name(text: str, family: str = "", given: str = "") -> NameParts:
    """Return the parts of a name, of which `family` and `given` may be known.

    With `family` alone the rest of the name is the given name, with `given` alone there is no
    surname.
    """
    if not family and given:
        return NameParts("", text)
    base, addition = _split_addition(text)
    if not family:
        return replace(find_surname(base), addition=addition)
    if addition and addition in f"{family} {given}":
        addition, base = "", text
    return NameParts(family, given or _without(base, family), addition)


def _split_addition(text: str) -> tuple[str, str]:
    """Return the name and what follows it in brackets."""
    base, bracket, addition = text.rpartition("(")
    is_addition = bracket and addition.endswith(")") and addition.count(")") == 1
    return (base.rstrip(), f"({addition}") if is_addition else (text, "")


def match_surname(text: str, reference: str) -> NameParts:
    """Return the parts of a name whose last word sounds like the surname `reference`.

    Asaf Zeynally has the surname of Asəf Zeynallı. Without such a word the name has no surname.
    """
    parts = split_name(text)
    words = parts.given.split()
    if parts.family or len(words) < 2 or is_patronymic(words, len(words) - 1):
        return parts
    keys = _sound_keys(reference)
    if keys.isdisjoint(_sound_keys(words[-1])):
        return parts
    return replace(parts, family=words[-1], given=" ".join(words[:-1]))


@lru_cache(maxsize=4096)
def find_surname(text: str) -> NameParts:
    """Return the surname and the given name of a name by the endings of its words."""
    words = text[:MAX_PARSED_CHARS].split()
    if text.count(",") == 1 and 0 < (end := _comma(words)) < len(words):
        before = [*words[: end - 1], words[end - 1].rstrip(",")]
        if _is_surname(before, len(before) - 1):
            return NameParts(" ".join(before), " ".join(words[end:]))
    if len(words) < 2 or len(text) > MAX_PARSED_CHARS:
        return NameParts("", text)
    for index in (*range(len(words) - 1, 0, -1), 0):
        if _is_surname(words, index):
            return NameParts(words[index], " ".join((*words[:index], *words[index + 1 :])))
    return _detached_ending(words) or NameParts("", text)


def is_li_surname(word: str) -> bool:
    """Return whether an Azerbaijani word ends in the suffix -lı of surnames: Cabbarlı.

    The vowel of the suffix follows the one before it, unlike in Füzuli and Cəlali.
    """
    prepared = prepare(word)
    match = _LI_ENDING.search(prepared)
    if not match or _GIVEN_NAME_ENDING.search(prepared) or find_ending(prepared).tag != "li":
        return False
    return _HARMONIC_VOWELS[match[1]] == match[2]


def _comma(words: Sequence[str]) -> int:
    """Return the number of words up to the first with a comma at its end."""
    return next((number for number, word in enumerate(words, 1) if word.endswith(",")), 0)


def _is_surname(words: Sequence[str], index: int) -> bool:
    prepared = prepare(words[index])
    if find_ending(prepared).tag not in SURNAME_TAGS or _ARABIC_LETTER.search(words[index]):
        return False
    folded = fold(prepared)
    is_title = folded in titles()
    return not (is_title or _UNCERTAIN_ENDING.search(folded) or is_patronymic(words, index))


def _detached_ending(words: Sequence[str]) -> NameParts | None:
    """Return the parts of Aziza Mustafa Zadeh; after a single name, Zadə is the surname."""
    if fold(prepare(words[-1])) not in SEPARABLE_ENDINGS or _ARABIC_LETTER.search(words[-1]):
        return None
    names = [word for word in words[:-1] if len(word.strip(".")) > 1 and fold(prepare(word)) not in titles()]
    start = -2 if len(names) > 1 and names[-1] == words[-2] else -1
    return NameParts(" ".join(words[start:]), " ".join(words[:start]))


def _without(text: str, family: str) -> str:
    """Return the words of a name without those of the surname."""
    words, surname = text.replace(",", " ").split(), family.split()
    for start in range(len(words) - len(surname), -1, -1):
        if words[start : start + len(surname)] == surname:
            return " ".join(words[:start] + words[start + len(surname) :])
    return " ".join(words)


@lru_cache(maxsize=4096)
def _sound_keys(word: str) -> frozenset[str]:
    """Return the coarse keys of the stem in every reading."""
    prepared = prepare(word)
    orthographies = tuple(table.key for table in detect_orthographies(prepared))
    readings = transliterate(prepared, orthographies)
    return frozenset(coarse_key(reading.skeleton[: reading.stem]) for reading in readings)
