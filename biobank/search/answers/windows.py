"""How well a text holds some words: the shortest window with all of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from biobank.names.folding import fold
from biobank.search.analysis import analyse, stem_terms
from biobank.search.answers.patterns import WordPattern

#: Minimum length of a Russian stem that may have a vowel which other forms do not have: записок, записки.
MIN_FLEETING_CHARS = 5
_FLEETING_VOWEL = re.compile(r"[оеё](?=[кнц]$)")


@dataclass(frozen=True)
class SoughtWord:
    """A word of a question: its stems, and the words of the same activity."""

    stems: frozenset[str]
    #: None for a word that is no verb or noun of an activity.
    synonyms: WordPattern | None = None


def sought_stems(word: str, lang: str) -> frozenset[str]:
    """Return the stems that the forms of a word may have."""
    stems = frozenset(stem_terms(word, lang))
    if lang != "ru":
        return stems
    long = (stem for stem in stems if len(stem) >= MIN_FLEETING_CHARS)
    return stems | {_FLEETING_VOWEL.sub("", stem) for stem in long}


@dataclass(frozen=True)
class WordWindow:
    """The shortest part of a text that holds all words sought, as positions of its words."""

    start: int
    end: int
    #: The first and last character.
    span: tuple[int, int]
    #: The number of words in it that are not sought.
    others: int

    @property
    def size(self) -> int:
        return self.end - self.start + 1


def find_window(text: str, lang: str, sought: Sequence[SoughtWord]) -> WordWindow | None:
    """Return the shortest window of `text` with all words sought; None if one is missing."""
    tokens = [token for token in analyse(text, lang) if not token.stop]
    occurrences: list[tuple[int, int]] = []
    for position, token in enumerate(tokens):
        folded = fold(token.word)
        for number, word in enumerate(sought):
            if not word.stems.isdisjoint(token.terms) or (word.synonyms and word.synonyms.matches(folded)):
                occurrences.append((position, number))
    best = _shortest(occurrences, len(sought))
    if best is None:
        return None
    start, end = best
    matching = {position for position, _ in occurrences if start <= position <= end}
    others = end - start + 1 - len(matching)
    return WordWindow(start, end, (tokens[start].start, tokens[end].end), others)


def _shortest(occurrences: Sequence[tuple[int, int]], wanted: int) -> tuple[int, int] | None:
    """Return the shortest range of positions in which every number below `wanted` occurs."""
    counts = [0] * wanted
    missing, left = wanted, 0
    best: tuple[int, int] | None = None
    for position, number in occurrences:
        missing -= not counts[number]
        counts[number] += 1
        while not missing:
            first, first_number = occurrences[left]
            if best is None or position - first < best[1] - best[0]:
                best = first, position
            counts[first_number] -= 1
            missing += not counts[first_number]
            left += 1
    return best
