"""Azerbaijani verbs: conversion of stems to the dictionary form in -maq, -mək."""

from __future__ import annotations

from collections.abc import Iterator

from biobank.search.analysis.endings import BACK_VOWELS, VOICE, VOWELS, last_vowel

# Costs are in units of one letter of an ending (see `azerbaijani`).
_SHORT_STEM_SCORES = {2: -1.2, 3: -0.5, 4: -0.25}
_VOICE_COST = 0.4
_OTHER_HARMONY_COST = 0.2
# There are three verbs of one open syllable (demək, yemək, yumaq), and three that keep d before a
# consonant (udmaq, dadmaq, güdmək); all other stems in d- have t- there.
_OPEN_SYLLABLES = ("de", "ye", "yu")
_VERBS_IN_D = ("ud", "dad", "güd", "gud")


def dictionary_forms(
    stem: str, ending: str, score: float, in_ascii: bool
) -> Iterator[tuple[str, float]]:
    """Yield (form, score) of a verb, and of the verb without passive or causative."""
    verb = _dictionary_stem(stem, ending)
    if not _is_possible_verb(verb):
        return
    yield from _infinitives(verb, ending, score, in_ascii)
    for base_stem, voice, _ in VOICE.cuts(stem, in_ascii):
        # The passive is -ın only after l (alınmaq); elsewhere -ın forms a new word (görünmək).
        if len(voice) == 2 and voice[-1] == "n" and base_stem[-1] != "l":
            continue
        root = _dictionary_stem(base_stem, voice)
        if _is_possible_verb(root):
            yield from _infinitives(root, ending, score - _VOICE_COST, in_ascii)


def _dictionary_stem(stem: str, ending: str) -> str:
    """Return the dictionary stem: get- for ged-, yarat- for yarad-, de- for dey-."""
    if stem[:-1] in _OPEN_SYLLABLES and stem[-1] == "y" and ending[0] in VOWELS:
        return stem[:-1]
    if stem[-1] == "d" and ending[0] in VOWELS and stem not in _VERBS_IN_D:
        return stem[:-1] + "t" if stem[-2] in VOWELS + "lr" else stem
    return stem


def _is_possible_verb(stem: str) -> bool:
    last, before = stem[-1], stem[-2]
    if last in VOWELS:
        return len(stem) > 2 or stem in _OPEN_SYLLABLES
    if last == "d":
        return stem in _VERBS_IN_D
    return before in VOWELS or (before in "lrnyvsxf" and last in "tkçpxşsc")


def _infinitives(
    verb: str, ending: str, score: float, in_ascii: bool
) -> Iterator[tuple[str, float]]:
    score += _SHORT_STEM_SCORES.get(len(verb), 0.0)
    vowel = last_vowel(verb)
    if not in_ascii:
        yield verb + ("maq" if vowel in BACK_VOWELS else "mək"), score
        return
    back, front = _vowel_harmony(verb, ending)
    # Without evidence the correct spelling is more likely.
    likely_front = front or (not back and vowel == "i")
    if not front:
        yield verb + "maq", score - _OTHER_HARMONY_COST * likely_front
    if not back:
        yield verb + "mek", score - _OTHER_HARMONY_COST * (not likely_front)


def _vowel_harmony(verb: str, ending: str) -> tuple[bool, bool]:
    """Return whether a verb typed in ASCII must have back vowels, and whether front vowels.

    Typed i, o and u may be either, but a and e are unambiguous, q and x occur with back vowels, k
    and an initial g with front ones, and the vowels of an ending agree with those of the verb.
    """
    for letter in reversed(verb):
        if letter in "aqx":
            return True, False
        if letter in "ek":
            return False, True
    if verb[0] == "g":
        return False, True
    return "a" in ending or "q" in ending, "e" in ending or "k" in ending
