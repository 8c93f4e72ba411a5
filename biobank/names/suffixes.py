"""Surname endings, which changed within one life: -ov, -yev, -zadə, -li on one stem.

The endings are those of Azerbaijani surnames before and after Soviet registration in Latin,
Cyrillic and Arabic orthographies; an ending counts only if a stem remains.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from biobank.names.folding import fold

#: Minimum length of the stem in letters, so that Əli is not Ə-li.
MIN_SURNAME_STEM_CHARS = 3


@dataclass(frozen=True, slots=True)
class SurnameEnding:
    """An ending: `word[:stem]` is the stem, `tag` the kind, `female` a feminine form."""

    tag: str
    stem: int
    female: bool = False


# Folded forms: ə is e, ı is i, ü is u, ё is е. The first match counts, longer endings first.
_ENDING_PATTERNS: tuple[tuple[str, str], ...] = (
    ("beyov", r"(?:b[eao](?:y|i|j|k|g|gh|h|)|bie?)y?[oe](?:v|w|ff?)(?P<f>a?)"),
    ("beyli", r"b[ea](?:y|i|j|k)l[iyu]"),
    ("zade", r"[zs][aá]d(?:e|a|eh|ah|i)"),
    ("oglu", r"og?h?(?:lu|ly|li|lou|loe)"),
    ("ski", r"sk(?:iy|ij|ii|i|y|yi|(?P<f>aya|aja|aia))"),
    ("ov", r"(?:o|y?e|j?e|yo|io)(?:v|w|ff|f(?<=ef)|f(?<=of))(?P<f>a?)"),
    ("li", r"l[iyu]"),
    ("beyov", r"б[еәаіэ](?:к|г|й|ј|)[ое]в(?P<f>а?)"),
    ("beyli", r"б[еәаэ](?:к|й|ј)л[иыі]"),
    ("zade", r"[зс][ао]д[еәаэ]"),
    ("oglu", r"о[гғґқ]л[ыуиі]"),
    ("ski", r"с[ьк]?к(?:ий|и|ій|і|ый|(?P<f>ая|а))"),
    ("ov", r"(?:о|ј?е|е|є|э)в(?P<f>а?)"),
    ("li", r"л[иыуүі]"),
    ("beyov", r"(?:بی?گ|بک|بای?|بی)ی?(?:اوف|وف|اف|ف|وو|اوو|وو?(?P<f>ا))"),
    ("beyli", r"(?:بی?گ|بک|بی)لی"),
    ("zade", r"زاد(?:ه|ا)"),
    ("oglu", r"اوغل[ویی]"),
    ("ski", r"سک(?:ی|ای(?P<f>ا))"),
    ("ov", r"ی?ی?(?:او|و|ا|ئ|)(?:وو?ف?(?P<f>ا)|ف(?P<f2>ا)?|(?<=و)و)"),
    ("li", r"ل[یو]"),
)


def _compile_ending(ending: str) -> re.Pattern[str]:
    return re.compile(ending + "$")


_COMPILED_ENDINGS = tuple((tag, _compile_ending(ending)) for tag, ending in _ENDING_PATTERNS)
_NO_ENDING = SurnameEnding("", 0)

#: Similarity of names with one stem and two endings, which were exchanged within one life.
_ENDING_PAIR_SIMILARITY = {
    frozenset(("ov", "zade")): 0.9,
    frozenset(("ov", "li")): 0.9,
    frozenset(("zade", "li")): 0.9,
    frozenset(("beyov", "beyli")): 0.93,
    frozenset(("ov", "oglu")): 0.9,
    frozenset(("zade", "oglu")): 0.9,
    frozenset(("li", "ski")): 0.9,
    frozenset(("ov", "ski")): 0.87,
    frozenset(("ov", "beyov")): 0.8,
}
_OTHER_PAIR_SIMILARITY = 0.84
#: Feminine letter by last letter of the masculine surname: Məmmədov, Məmmədova.
_FEMININE_LETTERS = {"v": "a", "w": "a", "f": "a", "в": "а"}
#: Similarity of -ov and -ova: one family, but another person.
OTHER_GENDER_SIMILARITY = 0.93


def other_gender_surname(word: str) -> str:
    """Return the folded surname in the other gender: -ova for -ov and the reverse.

    Empty if the surname has no such pair of endings in its script.
    """
    ending = find_ending(word)
    folded = fold(word)
    if ending.tag not in ("ov", "beyov") or folded[-1:] not in {
        *_FEMININE_LETTERS,
        *_FEMININE_LETTERS.values(),
    }:
        return ""
    return folded[:-1] if ending.female else folded + _FEMININE_LETTERS.get(folded[-1], "")


@lru_cache(maxsize=4096)
def find_ending(word: str) -> SurnameEnding:
    """Return the ending of a lower-case word; the tag is empty if there is none."""
    folded = fold(word)
    if len(folded) != len(word):
        return SurnameEnding("", len(word))
    for tag, pattern in _COMPILED_ENDINGS:
        match = pattern.search(folded)
        if match and match.start() >= MIN_SURNAME_STEM_CHARS:
            female = any(value for value in match.groupdict().values())
            return SurnameEnding(tag, match.start(), female)
    return SurnameEnding("", len(word))


def ending_similarity(tag: str, other_tag: str) -> float:
    """Return 1 for the same ending, less for endings that may replace each other."""
    if tag == other_tag:
        return 1.0
    return _ENDING_PAIR_SIMILARITY.get(frozenset((tag, other_tag)), _OTHER_PAIR_SIMILARITY)


ENDING_TAGS = ("", "ov", "beyov", "zade", "li", "beyli", "oglu", "ski")
