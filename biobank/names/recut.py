"""Alternative segmentation of a name, since alphabets and writers divide words differently."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from biobank.names.readings import readings, script
from biobank.names.structure import NAME, PARTICLE, TITLE, Name, Word, parse

#: Minimum length of a word that may be split, and of each half.
CUT_LEAST = 6
HALF_LEAST = 3
#: Minimum length of known words that may still be split (Məmmədhəsən).
FAMILIAR = 10
FAMILIAR_FA = 7
#: Maximum number of splits of one word.
CUTS_MOST = 2
#: Minimum similarity of a joined word to a known word.
JOINED_LEAST = 0.8


class Bank(Protocol):
    """Look-up of known name words."""

    def knows(self, skeleton: str, fine: bool) -> bool:
        """Return whether a name has a word with the same coarse key, or fine key if `fine`."""
        ...

    def familiarity(self, word: Word, keys: tuple[str, ...]) -> float:
        """Return how similar a word is to the words of any name."""
        ...


def recut(asked: Name, bank: Bank, *, desperate: bool) -> Iterator[Name]:
    """Yield the name with two words joined (Məhəmməd Hüseyn) or one split (Mirəsədulla).

    Only segmentations into known words (by key) are returned; with `allow_guesses`, also into
    similar ones.
    """
    words = asked.words
    for at in range(len(words) - 1):
        one, other = words[at], words[at + 1]
        alike = script(one.text) == script(other.text)
        if alike and {one.role, other.role} <= {NAME, TITLE, PARTICLE}:
            joined = Word(one.text + other.text, one.folded + other.folded, NAME)
            known = desperate or _known(joined, asked.keys, bank, fine=False)
            if known and bank.familiarity(joined, asked.keys) >= JOINED_LEAST:
                yield Name(asked.keys, (*words[:at], joined, *words[at + 2 :]))
    for at, word in enumerate(words):
        if word.role == NAME and len(word.text) >= CUT_LEAST:
            least = FAMILIAR_FA if "fa" in asked.keys else FAMILIAR
            if len(word.text) < least and bank.familiarity(word, asked.keys) >= 1:
                continue
            for halves in _halves(word, asked.keys, bank)[:CUTS_MOST]:
                yield Name(asked.keys, (*words[:at], *halves, *words[at + 1 :]))


def _halves(word: Word, keys: tuple[str, ...], bank: Bank) -> list[tuple[Word, ...]]:
    """Return splits of a word into two known words; scripts without vowels have no fine keys."""
    fine = "fa" not in keys
    found = []
    for cut in range(HALF_LEAST, len(word.text) - HALF_LEAST + 1):
        halves = [parse(text).words for text in (word.text[:cut], word.text[cut:])]
        if all(len(half) == 1 and _known(half[0], keys, bank, fine=fine) for half in halves):
            found.append(tuple(replace(half[0], role=NAME) for half in halves))
    return found


def _known(word: Word, keys: tuple[str, ...], bank: Bank, *, fine: bool) -> bool:
    return any(
        bank.knows(skeleton, fine)
        for reading in readings(word.text, keys)
        for skeleton in {reading.skeleton, reading.skeleton[: reading.stem]}
    )
