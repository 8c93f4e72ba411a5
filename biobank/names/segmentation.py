"""Alternative segmentation of a name, since alphabets and writers divide words differently."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from biobank.names.structure import NAME_ROLE, PARTICLE_ROLE, TITLE_ROLE, NameWord, ParsedName, parse_name
from biobank.names.transliteration import detect_script, transliterate

#: Minimum length of a word that may be split, and of each half.
MIN_SPLIT_CHARS = 6
MIN_HALF_CHARS = 3
#: Minimum length of known words that may still be split (Məmmədhəsən).
MIN_KNOWN_SPLIT_CHARS = 10
MIN_KNOWN_SPLIT_CHARS_FA = 7
#: Maximum number of splits of one word.
MAX_SPLITS = 2
#: Minimum similarity of a joined word to a known word.
MIN_JOINED_SIMILARITY = 0.8


class KnownNameWords(Protocol):
    """Look-up of known name words."""

    def has_key(self, skeleton: str, fine: bool) -> bool:
        """Return whether a name has a word with the same coarse key, or fine key if `fine`."""
        ...

    def word_similarity(self, word: NameWord, keys: tuple[str, ...]) -> float:
        """Return how similar a word is to the words of any name."""
        ...


def alternative_segmentations(
    name: ParsedName, known_words: KnownNameWords, *, allow_guesses: bool
) -> Iterator[ParsedName]:
    """Yield the name with two words joined (Məhəmməd Hüseyn) or one split (Mirəsədulla).

    Only segmentations into known words (by key) are returned; with `allow_guesses`, also into
    similar ones.
    """
    words = name.words
    for position in range(len(words) - 1):
        first, second = words[position], words[position + 1]
        same_script = detect_script(first.text) == detect_script(second.text)
        if same_script and {first.role, second.role} <= {NAME_ROLE, TITLE_ROLE, PARTICLE_ROLE}:
            joined = NameWord(first.text + second.text, first.folded + second.folded, NAME_ROLE)
            known = allow_guesses or _is_known(joined, name.keys, known_words, fine=False)
            if known and known_words.word_similarity(joined, name.keys) >= MIN_JOINED_SIMILARITY:
                yield ParsedName(name.keys, (*words[:position], joined, *words[position + 2 :]))
    for position, word in enumerate(words):
        if word.role == NAME_ROLE and len(word.text) >= MIN_SPLIT_CHARS:
            min_chars = MIN_KNOWN_SPLIT_CHARS_FA if "fa" in name.keys else MIN_KNOWN_SPLIT_CHARS
            if len(word.text) < min_chars and known_words.word_similarity(word, name.keys) >= 1:
                continue
            for halves in _split_word(word, name.keys, known_words)[:MAX_SPLITS]:
                yield ParsedName(name.keys, (*words[:position], *halves, *words[position + 1 :]))


def _split_word(
    word: NameWord, keys: tuple[str, ...], known_words: KnownNameWords
) -> list[tuple[NameWord, ...]]:
    """Return splits of a word into two known words; scripts without vowels have no fine keys."""
    fine = "fa" not in keys
    splits = []
    for split_at in range(MIN_HALF_CHARS, len(word.text) - MIN_HALF_CHARS + 1):
        halves = [parse_name(text).words for text in (word.text[:split_at], word.text[split_at:])]
        if all(len(half) == 1 and _is_known(half[0], keys, known_words, fine=fine) for half in halves):
            splits.append(tuple(replace(half[0], role=NAME_ROLE) for half in halves))
    return splits


def _is_known(word: NameWord, keys: tuple[str, ...], known_words: KnownNameWords, *, fine: bool) -> bool:
    return any(
        known_words.has_key(skeleton, fine)
        for reading in transliterate(word.text, keys)
        for skeleton in {reading.skeleton, reading.skeleton[: reading.stem]}
    )
