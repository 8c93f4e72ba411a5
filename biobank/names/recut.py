"""Other ways of cutting a name into words: alphabets and scribes differ on where words end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from biobank.names.readings import readings
from biobank.names.structure import NAME, PARTICLE, TITLE, Name, Word, parse

#: Whether the bank has a word with the coarse key of a skeleton.
Knows = Callable[[str], bool]
#: Letters of a word that may be two, and of each of the two.
CUT_LEAST = 6
HALF_LEAST = 3


def cut_otherwise(asked: Name, knows: Knows, *, desperate: bool) -> Iterator[Name]:
    """The question with two words joined (Məhəmməd Hüseyn), or one cut in two (Mirəsədulla).

    Only ways of cutting that make words the bank knows, by their coarse keys; where all else is
    `desperate`, any two words joined.
    """
    words = asked.words
    for at in range(len(words) - 1):
        one, other = words[at], words[at + 1]
        if {one.role, other.role} <= {NAME, TITLE, PARTICLE}:
            joined = Word(one.text + other.text, one.folded + other.folded, NAME)
            if desperate or _known(joined, asked.keys, knows):
                yield Name(asked.keys, (*words[:at], joined, *words[at + 2 :]))
    for at, word in enumerate(words):
        if word.role == NAME and len(word.text) >= CUT_LEAST:
            for halves in _halves(word, asked.keys, knows):
                yield Name(asked.keys, (*words[:at], *halves, *words[at + 1 :]))


def _halves(word: Word, keys: tuple[str, ...], knows: Knows) -> Iterator[tuple[Word, ...]]:
    for cut in range(HALF_LEAST, len(word.text) - HALF_LEAST + 1):
        halves = [parse(text).words for text in (word.text[:cut], word.text[cut:])]
        if all(len(half) == 1 and _known(half[0], keys, knows) for half in halves):
            yield tuple(replace(half[0], role=NAME) for half in halves)


def _known(word: Word, keys: tuple[str, ...], knows: Knows) -> bool:
    return any(knows(reading.skeleton) for reading in readings(word.text, keys))
