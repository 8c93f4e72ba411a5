"""The endings of Azerbaijani words, worked out from the order of its suffixes.

An ending is written with archiphonemes: A is a or ə, I is ı i u ü, K is q or k, G is ğ or y, each
chosen by the vowel before it.  All surface forms are made once, by the vowel before the ending and
by whether the stem ends in a vowel, so that stemming is a look-up for each place where a word may
be cut.  Sources: Müasir Azərbaycan dili, II (Morfologiya); Wiktionary's inflection tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from biobank.names.folding import fold

VOWELS = "aıoueəiöü"
BACK = "aıou"
FOURFOLD = dict(zip(VOWELS, "ııuuiiiüü", strict=True))
#: Which stems an ending may follow: those that end in a vowel, in a consonant.
AFTER_VOWEL, AFTER_CONSONANT = "V", "C"
#: (last vowel of the stem, AFTER_…) to the endings that may follow.
Table = dict[tuple[str, str], frozenset[str]]

_BARE_CASES = (
    *("V:nIn", "C:In", "V:nI", "C:I", "V:yA", "C:A", "dA", "dAn", "lA", "V:ylA", "dAkI"),
    *("dAkIlAr", "dAkIlArIn", "cA"),
)
_THIRD_PERSON = ("V:sI", "C:I")
_CASES_AFTER_THIRD = ("", "nIn", "nA", "nI", "ndA", "ndAn", "ndAkI", "ylA", "lA")
_FIRST_AND_SECOND = ("V:mIz", "C:ImIz", "V:nIz", "C:InIz", "C:Im")
_CASES_AFTER_CONSONANT = ("", "In", "A", "I", "dA", "dAn", "lA")
_COPULAS = ("", "dIr", "dIrlAr")
# "idi" and "imiş" (was, is said to be) after a case are rarer than the verbs they look like:
# başladı is başla-dı, began, and not baş-la-dı, was with the head.
_PAST_COPULAS = ("V:ydI", "C:dI", "V:ymIş", "C:mIş", "lArdI", "ImIzdI", "IydI", "sIydI")


def _nominal() -> Iterator[str]:
    owned = [a + b for a, b in product(_THIRD_PERSON, _CASES_AFTER_THIRD)]
    owned += [a + b for a, b in product(_FIRST_AND_SECOND, _CASES_AFTER_CONSONANT)]
    for ending in (*_BARE_CASES, *owned):
        yield ending
        if not ending.startswith("V:"):
            yield "lAr" + ending.removeprefix("C:")
    yield "lAr"


def _with_copula(endings: Iterable[str]) -> Iterator[str]:
    yield from _PAST_COPULAS
    for ending, copula in product(("", *endings), _COPULAS):
        if ending or copula:
            yield ending + copula


_PERSONS = ("", "m", "n", "K", "nIz", "lAr")
_FINITE = (
    *(f"dI{person}" for person in _PERSONS),
    *(f"{tense}{person}" for tense in ("Ir", "mIş", "AcAK", "Ar") for person in ("", "lAr")),
    *("IrAm", "IrIK", "mIşAm", "mIşIK", "AcAğAm", "IrdI", "IrdIlAr", "mIşdI", "mIşdIlAr"),
    *("mIşdIr", "mIşlArdIr", "AcAKdIr", "mAKdAdIr", "Ib", "IblAr", "IbdIr", "ArdI", "ArdIlAr"),
    *("sA", "AcAKdI", "mAlIdIr", "ArAK", "ArkAn", "dIKdA", "AndA", "IncA"),
)
_NON_FINITE = ("An", "mAK", "mAğ", "mAG", "mA", "dIK", "dIG", "AcAK", "AcAG", "mIş", "IcI")
_DERIVED = ("lIK", "lIG", "lI", "sIz", "çI", "kar", "kər", "çIlIK", "çIlIG", "lIlIK", "lIlAr")


def _verbal(endings: Iterable[str]) -> Iterator[str]:
    for ending in endings:
        if ending[0] not in "AI":
            yield ending
            yield f"mA{ending}"
            continue
        yield f"C:{ending}"
        yield f"V:y{ending}"
        yield f"mAy{ending}"
        if ending.startswith("Ir"):
            yield f"m{ending}"


def _surface(ending: str, before: str) -> str:
    """An ending as it is written after a stem whose last vowel is `before`."""
    written, vowel = "", before
    for sign in ending:
        back = vowel in BACK
        sound = {
            "A": "a" if back else "ə",
            "I": FOURFOLD[vowel],
            "K": "q" if back else "k",
            "G": "ğ" if back else "y",
        }.get(sign, sign)
        vowel = sound if sound in VOWELS else vowel
        written += sound
    return written


def _table(endings: Iterable[str]) -> Table:
    table: dict[tuple[str, str], set[str]] = {}
    for ending, vowel in product(set(endings), VOWELS):
        places = ending[0] if ending[1:2] == ":" else AFTER_VOWEL + AFTER_CONSONANT
        for place in places:
            surface = _surface(ending.removeprefix(f"{places}:"), vowel)
            table.setdefault((vowel, place), set()).add(surface)
    return {key: frozenset(found) for key, found in table.items()}


def _typed_in_ascii(table: Table) -> Table:
    """The table for words typed without ə ı ö ü ğ ş ç: a vowel may be either of two."""
    folded: dict[tuple[str, str], set[str]] = {}
    for (vowel, place), endings in table.items():
        folded.setdefault((fold(vowel), place), set()).update(fold(e) for e in endings)
    return {key: frozenset(found) for key, found in folded.items()}


class Endings:
    """One class of endings, to be cut off words."""

    def __init__(self, endings: Iterable[str]) -> None:
        self._exact = _table(endings)
        self._ascii = _typed_in_ascii(self._exact)

    def cuts(self, word: str, in_ascii: bool, shortest: int) -> Iterator[tuple[str, str]]:
        """(stem, ending) for each cut of a lower-case word, the longest ending first."""
        table = self._ascii if in_ascii else self._exact
        vowel = ""
        for place in range(1, len(word)):
            letter = word[place - 1]
            vowel = letter if letter in VOWELS else vowel
            if place < shortest or not vowel:
                continue
            kind = AFTER_VOWEL if letter in VOWELS else AFTER_CONSONANT
            if word[place:] in table.get((vowel, kind), ()):
                yield word[:place], word[place:]


NOMINAL = Endings(_with_copula(_nominal()))
FINITE = Endings(_verbal(_FINITE))
NON_FINITE = Endings(_verbal(_NON_FINITE))
DERIVED = Endings(_DERIVED)
#: Passive, reflexive, reciprocal and causative, between a verb and its ending.
VOICE = Endings(("C:Il", "V:n", "C:In", "V:l", "dIr", "V:t", "C:Iş", "V:ş", "IldIr"))
