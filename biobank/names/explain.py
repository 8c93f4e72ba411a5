"""Explanations of name matches: `гаджибеков → hacıbəyov · Russian spelling: г = h, дж = c`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from biobank.names.alignment import align, alignment_cost
from biobank.names.folding import fold
from biobank.names.matches import Match, WordPair
from biobank.names.phonetic_costs import OPEN_SIGNS, VOWEL_SIGNS
from biobank.names.suffixes import find_ending
from biobank.names.transliteration import (
    TransliterationHypothesis,
    detect_orthographies,
    detect_script,
    prepare,
    transliterate,
)

#: Maximum number of letter correspondences shown; consonants come before vowels.
MAX_CORRESPONDENCES = 3
#: Cost of a lexicon entry, so that letters explain a match if they do so nearly as well.
LEXICON_COST = 0.3

REASON_LABELS: dict[str, dict[str, str]] = {
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


def explain_match(match: Match, lang: str) -> str:
    """Explain `match` in az, en or ru: the differing words, the orthography and its letters."""
    pairs = [pair for pair in match.pairs if pair.name and pair.quality != "equal"]
    if not pairs:
        pairs = [pair for pair in match.pairs if pair.name]
    query_text = " ".join(pair.query for pair in pairs)
    name_text = " ".join(pair.name for pair in pairs)
    label = REASON_LABELS[_reason_key(match, pairs)][lang]
    letter_pairs = list(
        dict.fromkeys(letter_pair for pair in pairs for letter_pair in correspondences(pair))
    )
    correspondence_text = ", ".join(
        f"{source} = {target}" for source, target in letter_pairs[:MAX_CORRESPONDENCES]
    )
    words_text = query_text if query_text == name_text else f"{query_text} → {name_text}"
    return f"{words_text} · {label}" + (f": {correspondence_text}" if correspondence_text else "")


@lru_cache(maxsize=4096)
def correspondences(pair: WordPair) -> tuple[tuple[str, str], ...]:
    """Return letters of the query with letters of the name, where they are informative."""
    if not pair.name or pair.quality == "equal" or not pair.reading:
        return ()
    if detect_script(pair.query) == "Latn" != detect_script(pair.name):
        return ()  # every letter differs, which is not informative
    query_reading, name_reading = _closest_readings(pair)
    if query_reading is None or name_reading is None:
        return ()
    same_ending = (
        find_ending(pair.query).tag and find_ending(pair.query).tag == find_ending(pair.name).tag
    )
    ends = (
        (query_reading.stem, name_reading.stem)
        if same_ending
        else (len(query_reading.skeleton), len(name_reading.skeleton))
    )
    letter_pairs = [
        (source, target)
        for source, target in align(query_reading, name_reading, *ends)
        if source and target and _is_informative(source, target, query_reading)
    ]
    return tuple(
        sorted(dict.fromkeys(letter_pairs), key=lambda letter_pair: _is_vowel(letter_pair[1]))
    )


def _reason_key(match: Match, pairs: Sequence[WordPair]) -> str:
    """Return the orthography of the word with most consonant correspondences."""
    if match.quality == "similar":
        return "similar"
    transliterated = [pair for pair in pairs if pair.reading]
    return max(transliterated, key=_consonant_count).reading if transliterated else match.quality


def _consonant_count(pair: WordPair) -> int:
    return sum(not _is_vowel(target) for _, target in correspondences(pair))


def _closest_readings(
    pair: WordPair,
) -> tuple[TransliterationHypothesis | None, TransliterationHypothesis | None]:
    """Return the closest transliterations of both words."""
    query_readings = [
        reading for reading in _all_readings(pair.query) if reading.key == pair.reading
    ]
    name_readings = list(_all_readings(pair.name))
    candidates = [
        (query_reading, name_reading)
        for query_reading in query_readings
        for name_reading in name_readings
    ]
    if not candidates:
        return None, None
    return min(
        candidates,
        key=lambda candidate: (
            alignment_cost(*candidate)
            + LEXICON_COST * (candidate[0].lexicon + candidate[1].lexicon)
        ),
    )


def _all_readings(text: str) -> Iterator[TransliterationHypothesis]:
    prepared_text = prepare(text)
    yield from transliterate(
        prepared_text, tuple(table.key for table in detect_orthographies(prepared_text))
    )


def _is_informative(source: str, target: str, query_reading: TransliterationHypothesis) -> bool:
    """Return whether a correspondence is not self-evident."""
    if fold(source) == fold(target):
        return False
    if detect_script(source) == "Latn":
        return True
    signs = next((signs for grapheme, signs in query_reading.parts if grapheme == source), "")
    return len(source) > 1 or _default_letters(signs) != target


def _default_letters(signs: str) -> str:
    return "".join(
        min(OPEN_SIGNS[sign], key=OPEN_SIGNS[sign].__getitem__) if sign in OPEN_SIGNS else sign
        for sign in signs
    )


def _is_vowel(letters: str) -> bool:
    return all(letter in VOWEL_SIGNS for letter in letters)
