"""Stems of Azerbaijani words: longest endings first, vowel harmony checked, up to three stems.

There is no Snowball stemmer for Azerbaijani and no free dictionary large enough, so a word is cut
wherever what follows is an ending the grammar allows there (see ``endings``).  A form is often
ambiguous (almanın: of the apple, of the taking), hence candidates: two forms match where they share
one.  Stems are folded after the cut, because harmony needs the unfolded letters.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from biobank.names.folding import fold, lower, normalise
from biobank.search.analysis.endings import (
    DERIVED,
    FINITE,
    FOURFOLD,
    NOMINAL,
    NON_FINITE,
    VOICE,
    VOWELS,
)

MAX_STEMS = 3
SHORTEST = 2  # il, ev, at, ad: some of the commonest words are no longer
LONGEST_WORD = 40  # longer is no word of the language, and is left as it is
_SPECIAL = frozenset("əıöüğşç")

# How much likelier a cut is than leaving the word whole.  A cut gains the length of its ending.
# The numbers come from a search, one at a time, over 4,253 forms of 158 lemmas that a generator of
# paradigms made, none of them in the shared list of inflections that gives the figures.
_WHOLE, _WHOLE_IF_HARDLY_CUT = 0.8, 1.0
_ONE_LETTER = 1.5  # more than its length: the accusative and the dative are everywhere
_LONGEST_GAIN = 8
_SHORT_STEM = {2: -1.5, 3: -0.4, 4: -0.2}
_DERIVED_COST, _VERB_COST = 1.0, 1.0
_PARTICIPLE_GAIN = 0.5
_CLUSTER_COST = 1.0
_UNCHANGED_COST = 1.5  # uşağ- as it stands, where uşaq is the likelier stem


@lru_cache(maxsize=65_536)
def stems(word: str) -> tuple[str, ...]:
    """Up to three folded stems of a word, the likeliest first; the folded word where none is cut.

    Case and accents do not matter.  A word without any of ə ı ö ü ğ ş ç may have been typed on a
    keyboard that lacks them, and is cut by the endings folded in the same way.
    """
    word = lower(normalise(word), "az")
    before, apostrophe, _ = word.partition("'")
    word = word.replace("'", "")
    if not SHORTEST < len(word) <= LONGEST_WORD:
        return (fold(word),)
    found = _ranked(word)
    if apostrophe and len(before) >= SHORTEST:
        found = [before, *found]  # an apostrophe parts a name from its ending: Bakı'da
    return tuple(dict.fromkeys(fold(stem) for stem in found))[:MAX_STEMS]


def _ranked(word: str) -> list[str]:
    scores: dict[str, float] = {}
    for stem, score in _candidates(word, in_ascii=not _SPECIAL & set(word)):
        score -= _CLUSTER_COST if _ends_like_no_word(stem) else 0
        scores[stem] = max(score, scores.get(stem, score))
    return sorted(scores, key=lambda stem: (-scores[stem], len(stem), stem))


def _candidates(word: str, in_ascii: bool) -> Iterator[tuple[str, float]]:
    """(stem, score) of every way to cut a word: noun, what the noun comes from, verb."""
    cuts = list(NOMINAL.cuts(word, in_ascii, SHORTEST))
    hardly_cut = not cuts or len(cuts[0][1]) == 1
    nouns = [(word, "", _WHOLE_IF_HARDLY_CUT if hardly_cut else _WHOLE)]
    nouns += [(stem, end, _gain(end) + _shortness(stem)) for stem, end in cuts]
    for noun, ending, score in nouns:
        yield from _restored(noun, ending, score, in_ascii)
        for stem, _ in DERIVED.cuts(noun, in_ascii, SHORTEST):
            yield stem, score - _DERIVED_COST
        for stem, participle in NON_FINITE.cuts(noun, in_ascii, SHORTEST):
            gain = _PARTICIPLE_GAIN * (_gain(participle) + _shortness(stem))
            yield from _verbs(stem, score + gain - _VERB_COST, in_ascii)
    for stem, ending in FINITE.cuts(word, in_ascii, SHORTEST):
        yield from _verbs(stem, _gain(ending) + _shortness(stem) - _VERB_COST, in_ascii)


def _verbs(stem: str, score: float, in_ascii: bool) -> Iterator[tuple[str, float]]:
    """A verb's stem, and what is left without the passive, reflexive or causative."""
    yield stem, score
    for deeper, _ in VOICE.cuts(stem, in_ascii, SHORTEST):
        yield deeper, score + _shortness(deeper)


def _gain(ending: str) -> float:
    return _ONE_LETTER if len(ending) == 1 else min(len(ending), _LONGEST_GAIN)


def _shortness(stem: str) -> float:
    return _SHORT_STEM.get(len(stem), 0.0)


def _restored(stem: str, ending: str, score: float, in_ascii: bool) -> Iterator[tuple[str, float]]:
    """The stem, and what it was before an ending that begins with a vowel changed it."""
    if not ending or ending[0] not in VOWELS:
        yield stem, score
    elif hard := _hardened(stem, in_ascii):
        yield hard, score + 0.1
        yield stem, score - _UNCHANGED_COST
    else:
        yield stem, score
        if full := _with_lost_vowel(stem):
            yield full, score - 0.1


def _hardened(stem: str, in_ascii: bool) -> str | None:
    """uşağ- is uşaq, çörəy- is çörək; words of one syllable do not change (dağ, bəy)."""
    if sum(letter in VOWELS for letter in stem) < 2:
        return None
    if stem[-1] == "ğ" or (in_ascii and stem[-1] == "g"):
        return stem[:-1] + "q"
    # Not after a written e: there the y belongs to the word (muzey).
    if stem[-1] == "y" and stem[-2] in ("eəiöü" if in_ascii else "əiöü"):
        return stem[:-1] + "k"
    return None


def _with_lost_vowel(stem: str) -> str | None:
    """ağz- is ağız, oğl- is oğul, ömr- is ömür: nouns that drop a vowel before another."""
    if len(stem) < 3 or stem[-1] not in "lmnrz" or stem[-2] in VOWELS + "lmnrzy":
        return None
    vowels = [letter for letter in stem if letter in VOWELS]
    return stem[:-1] + FOURFOLD[vowels[-1]] + stem[-1] if vowels else None


def _ends_like_no_word(stem: str) -> bool:
    """Whether a stem ends in two consonants that few words of the language end in (atl, getd)."""
    if len(stem) < 3 or stem[-1] in VOWELS or stem[-2] in VOWELS or stem[-1] == stem[-2]:
        return False
    before, last = stem[-2], stem[-1]
    if last == "m":
        return before not in "lrnyv"
    return last in "lnrzvyğj" or (last == "d" and before not in "rnlyvz")
