"""Stemming of Azerbaijani words: longest endings first, with vowel harmony, up to three stems.

There is no Snowball stemmer for Azerbaijani and no large free dictionary, so a word is cut wherever
the rest is an ending that the grammar allows there (see ``endings``). Many forms are ambiguous
(almanın: of the apple, of the taking), hence several candidates: two forms match if they share one.
A verb yields its dictionary form in -maq or -mək, so that güldü (laughed) does not match gül
(rose), nor olmaq (to be) ölmək (to die). Stems are folded after the cut, because vowel harmony
needs the original letters.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from biobank.names.folding import fold, lower, normalise
from biobank.search.analysis.endings import (
    BACK_VOWELS,
    DERIVED,
    FINITE,
    FOURFOLD_HARMONY,
    MIN_ENDING_STEM_CHARS,
    NOMINAL,
    NON_FINITE,
    VOICE,
    VOWELS,
    last_vowel,
)

MAX_STEMS = 3
MAX_WORD_CHARS = 40  # longer words are not stemmed
_SPECIAL_LETTERS = frozenset("əıöüğşç")

# Particles, conjunctions and postpositions take no endings, but some look as if they had one (ilə:
# with, not to the year); so do some numerals (yeddi: seven, not ate).
_UNCUT_WORDS = """
ilə isə ikən üçün kimi görə belə elə hələ həmin necə neçə niyə yenə bəlkə çünki amma lakin ancaq
əgər hətta yalnız artıq daha deyil deyə bəli heç
iki altı yeddi iyirmi əlli altmış yetmiş
"""
_UNCUT = frozenset(_UNCUT_WORDS.split())
_UNCUT_OR_TYPED_IN_ASCII = _UNCUT | {fold(word) for word in _UNCUT}

# Scores of leaving a word uncut. A cut scores the gain of its ending, about one unit per letter.
# The values were tuned by coordinate search on the tuning half of tests/search/data/az_unseen.tsv
# and against unrelated words of az_frequent.txt that conflated.
_UNCUT_SCORE, _UNCUT_SCORE_BY_ENDING_CHARS = 1.3, {0: 2.2, 1: 2.2, 2: 1.5}
_MAX_SCORE_GAP = 3.0  # score below the best; lower candidates are mostly wrong
_SHORT_STEM_SCORES = {2: -1.5, 3: -0.4, 4: -0.2}
_DERIVED_COST, _DERIVED_GAIN = 1.5, 0.5
_PARTICIPLE_GAIN = 0.25
_CLUSTER_COST = 1.0
# No word ends like a verbal noun with a third-person ending (açılması).
_POSSESSIVE_VERBAL_NOUNS = ("ması", "məsi", "masi", "mesi")
_UNCHANGED_COST = 1.5  # unchanged uşağ-, where uşaq is the likelier stem


@lru_cache(maxsize=65_536)
def stems(word: str) -> tuple[str, ...]:
    """Return up to three folded stems of a word, the most likely first.

    Case and accents are ignored. A word without any of ə ı ö ü ğ ş ç may have been typed on a
    keyboard that lacks them, and is cut by endings folded in the same way.
    """
    word = normalise(word)
    if word[:1] == "I" and not word.isupper():
        word = "i" + word[1:]  # few words start with ı, and İ is not on every keyboard: Iranda
    word = lower(word, "az")
    before_apostrophe, apostrophe, _ = word.partition("'")
    word = word.replace("'", "")
    if not MIN_ENDING_STEM_CHARS < len(word) <= MAX_WORD_CHARS or word in _UNCUT_OR_TYPED_IN_ASCII:
        return (fold(word),)
    ranked = _rank_stems(word)
    if apostrophe and len(before_apostrophe) >= MIN_ENDING_STEM_CHARS:
        ranked = [before_apostrophe, *ranked]  # an apostrophe separates a name from its ending: Bakı'da
    return tuple(dict.fromkeys(fold(stem) for stem in ranked))[:MAX_STEMS]


@lru_cache(maxsize=16_384)
def noun_stems(word: str) -> frozenset[str]:
    """Return all folded stems that a word may have as an inflected noun, itself included.

    Unlike `stems`, derived words are not cut: şairlik (the work of a poet) is no form of şair.
    """
    word = lower(normalise(word), "az")
    before_apostrophe, apostrophe, _ = word.partition("'")
    word = word.replace("'", "")
    if not MIN_ENDING_STEM_CHARS < len(word) <= MAX_WORD_CHARS or word in _UNCUT_OR_TYPED_IN_ASCII:
        return frozenset({fold(word)})
    in_ascii = _SPECIAL_LETTERS.isdisjoint(word)
    nouns = {word, *([before_apostrophe] if apostrophe else [])}
    for noun, ending, score in _nouns(word, in_ascii):
        nouns.update(stem for stem, _ in _restore_stem(noun, ending, score, in_ascii))
    return frozenset(fold(noun) for noun in nouns)


def _rank_stems(word: str) -> list[str]:
    scores: dict[str, float] = {}
    for stem, score in _candidates(word, in_ascii=_SPECIAL_LETTERS.isdisjoint(word)):
        if score > scores.get(stem, -MAX_WORD_CHARS):
            scores[stem] = score
    min_score = max(scores.values()) - _MAX_SCORE_GAP
    candidates = [stem for stem, score in scores.items() if score >= min_score]
    return sorted(candidates, key=lambda stem: (-scores[stem], -len(stem), stem))


def _candidates(word: str, in_ascii: bool) -> Iterator[tuple[str, float]]:
    """Yield (stem, score) for each cut of a word: as noun, derived noun and verb."""
    for noun, ending, score in _nouns(word, in_ascii):
        yield from _restore_stem(noun, ending, score, in_ascii)
        for stem, _, gain in DERIVED.cuts(noun, in_ascii):
            if _is_possible_noun(stem, ""):
                yield stem, score + _DERIVED_GAIN * gain - _DERIVED_COST + _shape_score(stem)
        for stem, participle, gain in NON_FINITE.cuts(noun, in_ascii):
            total = score + _PARTICIPLE_GAIN * gain
            yield from dictionary_forms(stem, participle, total, in_ascii)
    for stem, ending, gain in FINITE.cuts(word, in_ascii):
        yield from dictionary_forms(stem, ending, gain, in_ascii)


def _nouns(word: str, in_ascii: bool) -> list[tuple[str, str, float]]:
    """Return (noun, ending, score) for the uncut word and for each ending removed."""
    cuts = list(NOMINAL.cuts(word, in_ascii))
    longest = len(cuts[0][1]) if cuts else 0
    uncut_score = _UNCUT_SCORE_BY_ENDING_CHARS.get(longest, _UNCUT_SCORE)
    nouns = [(word, "", uncut_score - _CLUSTER_COST * word.endswith(_POSSESSIVE_VERBAL_NOUNS))]
    for stem, ending, gain in cuts:
        if _is_possible_noun(stem, ending):
            nouns.append((stem, ending, gain + _shape_score(stem)))
    return nouns


def _is_possible_noun(stem: str, ending: str) -> bool:
    # The only noun of one open syllable is su (water). A final iy before an ending becomes k, so
    # its dative has no a: simfoniya is uncut.
    return (len(stem) > 2 or stem[-1] not in VOWELS or stem == "su") and not (
        ending[:1] == "a" and stem.endswith("iy")
    )


def _shape_score(stem: str) -> float:
    cost = _CLUSTER_COST if _has_impossible_ending(stem) else 0.0
    return _SHORT_STEM_SCORES.get(len(stem), 0.0) - cost


def _restore_stem(stem: str, ending: str, score: float, in_ascii: bool) -> Iterator[tuple[str, float]]:
    """Yield the stem, and its form before a vowel-initial ending changed it."""
    if not ending or ending[0] not in VOWELS:
        yield stem, score
    elif hardened := _harden_final(stem, in_ascii):
        yield hardened, score + 0.1
        yield stem, score - _UNCHANGED_COST
    else:
        yield stem, score
        if with_vowel := _restore_lost_vowel(stem):
            # An impossible word ending suggests a lost vowel.
            yield with_vowel, score - 0.1 + (_CLUSTER_COST if _has_impossible_ending(stem) else 0.0)


def _harden_final(stem: str, in_ascii: bool) -> str | None:
    """Return uşaq for uşağ- and çörək for çörəy-; monosyllables do not change (dağ, bəy)."""
    if sum(letter in VOWELS for letter in stem) < 2:
        # Only su (water) takes y where other nouns take none: suyu, suyun.
        return "su" if stem == "suy" else None
    if stem[-1] == "ğ" or (in_ascii and stem[-1] == "g"):
        return stem[:-1] + "q"
    # Not after a written e, where y belongs to the word (muzey).
    if stem[-1] == "y" and stem[-2] in ("eəiöüu" if in_ascii else "əiöü"):
        return stem[:-1] + "k"
    return None


def _restore_lost_vowel(stem: str) -> str | None:
    """Return ağız for ağz-, oğul for oğl-, ömür for ömr-: nouns that drop a vowel."""
    if len(stem) < 3 or stem[-1] not in "lmnrzf" or stem[-1] == stem[-2]:
        return None
    vowels = [letter for letter in stem if letter in VOWELS]
    # All have the shape (consonant) vowel consonant consonant.
    if len(vowels) != 1 or stem[-3] != vowels[0]:
        return None
    return stem[:-1] + FOURFOLD_HARMONY[vowels[0]] + stem[-1]


def _has_impossible_ending(stem: str) -> bool:
    """Return whether a stem ends in two consonants that hardly any word ends in (atl, getd)."""
    if len(stem) > MIN_ENDING_STEM_CHARS + 1 and stem[-3:] in ("mas", "məs", "mes"):
        return True  # part of a verbal noun: olmas-ı
    if len(stem) < 3 or stem[-1] in VOWELS or stem[-2] in VOWELS or stem[-1] == stem[-2]:
        return False
    before, last = stem[-2], stem[-1]
    if last == "m":
        return before not in "lrnyv"
    return last in "lnrzvyğj" or (last == "d" and before not in "rnlyvz")


# Costs are in units of one letter of an ending (see `azerbaijani`).
_SHORT_VERB_SCORES = {2: -1.2, 3: -0.5, 4: -0.25}
_VOICE_COST = 0.4
_OTHER_HARMONY_COST = 0.2
# There are three verbs of one open syllable (demək, yemək, yumaq), and three that keep d before a
# consonant (udmaq, dadmaq, güdmək); all other stems in d- have t- there.
_OPEN_SYLLABLES = ("de", "ye", "yu")
_VERBS_IN_D = ("ud", "dad", "güd", "gud")


def dictionary_forms(stem: str, ending: str, score: float, in_ascii: bool) -> Iterator[tuple[str, float]]:
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


def _infinitives(verb: str, ending: str, score: float, in_ascii: bool) -> Iterator[tuple[str, float]]:
    score += _SHORT_VERB_SCORES.get(len(verb), 0.0)
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
