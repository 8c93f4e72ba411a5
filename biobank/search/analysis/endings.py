"""Endings of Azerbaijani words, generated from the order of suffixes.

An ending is written with archiphonemes: A is a or ə, I is ı i u ü, K is q or k, G is ğ or y, each
chosen by the preceding vowel. All surface forms are generated once, by the preceding vowel and by
whether the stem ends in a vowel, so that stemming is a table look-up per possible cut. Sources:
Müasir Azərbaycan dili, II (Morfologiya); Wiktionary's inflection tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from biobank.names.folding import fold

VOWELS = "aıoueəiöü"
BACK_VOWELS = "aıou"
FOURFOLD_HARMONY = dict(zip(VOWELS, "ııuuiiiüü", strict=True))
#: Kinds of stems that an ending may follow: ending in a vowel or in a consonant.
AFTER_VOWEL, AFTER_CONSONANT = "V", "C"
MIN_ENDING_STEM_CHARS = 2  # il, ev, at, ad: some very common words have two letters
#: Gain by ending and context: the last vowel of the stem followed by AFTER_….
GainTable = dict[str, dict[str, float]]

# Gain of an ending over leaving the word uncut: its length, as long endings are rarely accidental.
_ONE_LETTER_GAIN = 1.5  # above its length: accusative and dative are frequent
_MAX_GAIN = 8.0

_BARE_CASES = (
    *("V:nIn", "C:In", "V:nI", "C:I", "V:yA", "C:A", "dA", "dAn", "lA", "V:ylA", "dAkI"),
    *("dAkIlAr", "dAkIlArIn", "cA"),
)
_DATIVES = ("C:A", "V:yA", "lArA")  # öyrədir is öyrəd-ir (teaches), seldom öyr-ə-dir
_THIRD_PERSON = ("V:sI", "C:I")
_CASES_AFTER_THIRD = ("", "nIn", "nA", "nI", "ndA", "ndAn", "ndAkI", "ylA", "lA")
_FIRST_AND_SECOND = ("V:mIz", "C:ImIz", "V:nIz", "C:InIz", "C:Im", "V:m")
_CASES_AFTER_CONSONANT = ("", "In", "A", "I", "dA", "dAn", "lA")
_COPULAS = ("", "dIr", "dIrlAr", "dIrmI")
# "idi" and "imiş" (was, is said to be) after a case are rarer than the verbs they resemble: başladı
# is başla-dı (began), not baş-la-dı (was with the head).
_PAST_COPULAS = ("V:ydI", "C:dI", "V:ymIş", "C:mIş", "lArdI", "ImIzdI", "IydI", "sIydI")
_PERSONAL_COPULAS = ("C:Am", "V:yAm")
# Biographies use the third person and the past, so rarer endings gain less.
_UNCOMMON_COST, _RARE_COST = 1.1, 1.5  # "my", "your"; "am", and "was" after a noun
_IMPERFECT_COST, _VERBAL_NOUN_COST = 0.8, 0.5  # yazırdı and yazsın; deverbal nouns in -ış


def _nominal_endings() -> Iterator[tuple[str, float]]:
    yield from _with_plural((ending, 0.0) for ending in _BARE_CASES)
    possessive = (a + b for a, b in product(_THIRD_PERSON, _CASES_AFTER_THIRD))
    yield from _with_plural((ending, 0.0) for ending in possessive)
    personal = (a + b for a, b in product(_FIRST_AND_SECOND, _CASES_AFTER_CONSONANT))
    yield from _with_plural((ending, _UNCOMMON_COST) for ending in personal)
    yield "lAr", 0.0


def _with_plural(endings: Iterable[tuple[str, float]]) -> Iterator[tuple[str, float]]:
    for ending, cost in endings:
        yield ending, cost
        if not ending.startswith("V:"):
            yield "lAr" + ending.removeprefix("C:"), cost


def _with_copula(endings: Iterable[tuple[str, float]]) -> Iterator[tuple[str, float]]:
    yield from ((ending, _RARE_COST) for ending in (*_PAST_COPULAS, *_PERSONAL_COPULAS))
    for (ending, cost), copula in product((("", 0.0), *endings), _COPULAS):
        if ending or copula:
            yield ending + copula, cost + (_RARE_COST if copula and ending in _DATIVES else 0.0)


_PERSONS = ("", "m", "n", "K", "nIz", "lAr")
_FINITE = (
    *(f"dI{person}" for person in (*_PERSONS, "mI")),
    *(f"{tense}{person}" for tense in ("Ir", "mIş", "AcAK", "Ar") for person in ("", "lAr")),
    *("IrAm", "IrIK", "mIşAm", "mIşIK", "AcAğAm", "IrdI", "IrdIlAr", "mIşdI", "mIşdIlAr"),
    *("mIşdIr", "mIşlArdIr", "AcAKdIr", "mAKdAdIr", "Ib", "IblAr", "IbdIr", "ArdI", "ArdIlAr"),
    *("sA", "AcAKdI", "mAlI", "mAlIdIr", "ArAK", "ArkAn", "dIKdA", "AndA", "IncA", "IrmI"),
    *("sIn", "sInlAr", "mAdAn", "mAz", "mAzlAr", "IrsAn", "IrsInIz", "IrlArmI"),
)
_NON_FINITE = ("An", "mAK", "mAğ", "mAG", "mA", "dIK", "dIG", "AcAK", "AcAG", "mIş", "IcI")
_DERIVED = ("lIK", "lIG", "lI", "sIz", "çI", "kar", "kər", "çIlIK", "çIlIG", "lIlIK", "lIlAr", "kI")


def _verbal_endings(endings: Iterable[str]) -> Iterator[str]:
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


def _surface_form(ending: str, before: str) -> str:
    """Return the surface form of an ending after a stem whose last vowel is `before`."""
    form, vowel = "", before
    for sign in ending:
        is_back = vowel in BACK_VOWELS
        sound = {
            "A": "a" if is_back else "ə",
            "I": FOURFOLD_HARMONY[vowel],
            "K": "q" if is_back else "k",
            "G": "ğ" if is_back else "y",
        }.get(sign, sign)
        vowel = sound if sound in VOWELS else vowel
        form += sound
    return form


def _build_table(endings: Iterable[tuple[str, float]]) -> GainTable:
    table: GainTable = {}
    for (ending, cost), vowel in product(set(endings), VOWELS):
        places = ending[0] if ending[1:2] == ":" else AFTER_VOWEL + AFTER_CONSONANT
        surface = _surface_form(ending.removeprefix(f"{places}:"), vowel)
        gain = _ONE_LETTER_GAIN if len(surface) == 1 else min(len(surface), _MAX_GAIN)
        gains = table.setdefault(surface, {})
        for place in places:
            gains[vowel + place] = max(gain - cost, gains.get(vowel + place, 0.0))
    return table


def _ascii_table(table: GainTable) -> GainTable:
    """Return the table for words typed without ə ı ö ü ğ ş ç, where vowels are ambiguous."""
    folded: GainTable = {}
    for ending, gains in table.items():
        folded_gains = folded.setdefault(fold(ending), {})
        for key, gain in gains.items():
            key = fold(key[0]) + key[1]
            folded_gains[key] = max(gain, folded_gains.get(key, 0.0))
    return folded


class EndingSet:
    """A class of endings that can be cut from words."""

    def __init__(self, endings: Iterable[tuple[str, float]]) -> None:
        self._exact = _build_table(endings)
        self._ascii = _ascii_table(self._exact)
        self._longest = max(map(len, self._exact))

    def cuts(self, word: str, in_ascii: bool) -> Iterator[tuple[str, str, float]]:
        """Yield (stem, ending, gain) for each cut of a lower-case word, longest ending first."""
        table = self._ascii if in_ascii else self._exact
        for position in range(max(MIN_ENDING_STEM_CHARS, len(word) - self._longest), len(word)):
            gains = table.get(word[position:])
            if gains:
                stem = word[:position]
                gain = gains.get(_context(stem))
                if gain is not None:
                    yield stem, word[position:], gain


def last_vowel(stem: str) -> str:
    """Return the last vowel of a stem, which determines vowel harmony; empty if none."""
    for letter in reversed(stem):
        if letter in VOWELS:
            return letter
    return ""


def _context(stem: str) -> str:
    return last_vowel(stem) + (AFTER_VOWEL if stem[-1] in VOWELS else AFTER_CONSONANT)


def _without_cost(endings: Iterable[str]) -> Iterator[tuple[str, float]]:
    return ((ending, 0.0) for ending in endings)


def _finite_endings() -> Iterator[tuple[str, float]]:
    for ending in _verbal_endings(_FINITE):
        is_uncommon = "rdI" in ending or "sIn" in ending
        yield ending, _IMPERFECT_COST if is_uncommon else 0.0


def _non_finite_endings() -> Iterator[tuple[str, float]]:
    yield from _without_cost(_verbal_endings(_NON_FINITE))
    yield from (("C:Iş", _VERBAL_NOUN_COST), ("V:yIş", _VERBAL_NOUN_COST))


NOMINAL = EndingSet(_with_copula(list(_nominal_endings())))
FINITE = EndingSet(_finite_endings())
NON_FINITE = EndingSet(_non_finite_endings())
DERIVED = EndingSet(_without_cost(_DERIVED))
#: Passive and causative suffixes between a verb and its ending.
VOICE = EndingSet(_without_cost(("C:Il", "C:In", "V:n", "V:nIl", "dIr", "dIrIl", "C:t", "V:t")))
