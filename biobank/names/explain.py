"""Explanations of name matches: `гаджибеков → hacıbəyov · Russian spelling: г = h, дж = c`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from biobank.names.alignment import aligned, cost
from biobank.names.folding import fold
from biobank.names.matches import Match, Pair
from biobank.names.phones import OPEN_SIGNS, VOWEL_SIGNS
from biobank.names.readings import Reading, orthographies, prepared, readings, script
from biobank.names.suffixes import suffix

#: Maximum number of letter correspondences shown; consonants come before vowels.
SHOWN = 3
#: Cost of a lexicon entry, so that letters explain a match if they do so nearly as well.
LOOKED_UP = 0.3

LABELS: dict[str, dict[str, str]] = {
    "az": {
        "az": "Azərbaycan yazılışı",
        "en": "Azerbaijani spelling",
        "ru": "азербайджанское написание",
    },
    "ascii": {
        "az": "hərflərin sadə yazılışı",
        "en": "typed in plain letters",
        "ru": "набрано простыми буквами",
    },
    "en": {
        "az": "ingilis yazılışı",
        "en": "English spelling",
        "ru": "английское написание",
    },
    "tr": {
        "az": "türk yazılışı",
        "en": "Turkish spelling",
        "ru": "турецкое написание",
    },
    "de": {
        "az": "alman yazılışı",
        "en": "German spelling",
        "ru": "немецкое написание",
    },
    "fr": {
        "az": "fransız yazılışı",
        "en": "French spelling",
        "ru": "французское написание",
    },
    "slavic": {
        "az": "slavyan latın yazılışı",
        "en": "Slavic Latin spelling",
        "ru": "славянская латиница",
    },
    "nl": {
        "az": "holland yazılışı",
        "en": "Dutch spelling",
        "ru": "нидерландское написание",
    },
    "la": {
        "az": "latın yazılışı",
        "en": "Latin spelling",
        "ru": "латинское написание",
    },
    "ru": {
        "az": "rus yazılışı",
        "en": "Russian spelling",
        "ru": "русское написание",
    },
    "az-cyrl": {
        "az": "Azərbaycan kirili",
        "en": "Azerbaijani Cyrillic",
        "ru": "азербайджанская кириллица",
    },
    "fa": {
        "az": "ərəb əlifbası",
        "en": "Arabic script",
        "ru": "арабское письмо",
    },
    "equal": {
        "az": "eyni ad",
        "en": "the same name",
        "ru": "то же имя",
    },
    "reading": {
        "az": "eyni adın yazılışı",
        "en": "another form of the name",
        "ru": "другая форма имени",
    },
    "similar": {
        "az": "oxşar ad",
        "en": "a similar name",
        "ru": "похожее имя",
    },
}


def why(match: Match, lang: str) -> str:
    """Explain `match` in az, en or ru: the differing words, the orthography and its letters."""
    pairs = [pair for pair in match.pairs if pair.name and pair.quality != "equal"]
    if not pairs:
        pairs = [pair for pair in match.pairs if pair.name]
    asked = " ".join(pair.query for pair in pairs)
    named = " ".join(pair.name for pair in pairs)
    label = LABELS[_label(match, pairs)][lang]
    letters = list(dict.fromkeys(found for pair in pairs for found in correspondences(pair)))
    shown = ", ".join(f"{one} = {other}" for one, other in letters[:SHOWN])
    written = asked if asked == named else f"{asked} → {named}"
    return f"{written} · {label}" + (f": {shown}" if shown else "")


@lru_cache(maxsize=4096)
def correspondences(pair: Pair) -> tuple[tuple[str, str], ...]:
    """Return letters of the query with letters of the name, where they are informative."""
    if not pair.name or pair.quality == "equal" or not pair.reading:
        return ()
    if script(pair.query) == "Latn" != script(pair.name):
        return ()  # every letter differs, which is not informative
    asked, named = _readings(pair)
    if asked is None or named is None:
        return ()
    same_ending = suffix(pair.query).tag and suffix(pair.query).tag == suffix(pair.name).tag
    ends = (asked.stem, named.stem) if same_ending else (len(asked.skeleton), len(named.skeleton))
    found = [
        (one, other)
        for one, other in aligned(asked, named, *ends)
        if one and other and _telling(one, other, asked)
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda letters: _is_vowel(letters[1])))


def _label(match: Match, pairs: Sequence[Pair]) -> str:
    """Return the orthography of the word with most consonant correspondences."""
    if match.quality == "similar":
        return "similar"
    read = [pair for pair in pairs if pair.reading]
    return max(read, key=_consonants).reading if read else match.quality


def _consonants(pair: Pair) -> int:
    return sum(not _is_vowel(other) for _, other in correspondences(pair))


def _readings(pair: Pair) -> tuple[Reading | None, Reading | None]:
    """Return the closest transliterations of both words."""
    asked = [reading for reading in _all(pair.query) if reading.key == pair.reading]
    named = list(_all(pair.name))
    both = [(one, other) for one in asked for other in named]
    if not both:
        return None, None
    return min(both, key=lambda two: cost(*two) + LOOKED_UP * (two[0].lexicon + two[1].lexicon))


def _all(text: str) -> Iterator[Reading]:
    ready = prepared(text)
    yield from readings(ready, tuple(table.key for table in orthographies(ready)))


def _telling(one: str, other: str, asked: Reading) -> bool:
    """Return whether a correspondence is not self-evident."""
    if fold(one) == fold(other):
        return False
    if script(one) == "Latn":
        return True
    signs = next((signs for grapheme, signs in asked.parts if grapheme == one), "")
    return len(one) > 1 or _plainest(signs) != other


def _plainest(signs: str) -> str:
    return "".join(
        min(OPEN_SIGNS[sign], key=OPEN_SIGNS[sign].__getitem__) if sign in OPEN_SIGNS else sign
        for sign in signs
    )


def _is_vowel(letters: str) -> bool:
    return all(letter in VOWEL_SIGNS for letter in letters)
