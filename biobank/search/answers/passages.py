"""Sentences of biographies with the sources cited for them, and how well they hold some words."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from biobank.names.folding import fold
from biobank.records.people.citations import CITATION_MARK, parse_mark, strip_citations
from biobank.search.analysis import analyse
from biobank.search.answers.patterns import WordPattern
from biobank.search.snippets import EMPHASIS_PATTERN

#: The end of a sentence: a stop, closing quotes and citations, and a space before a capital or an opening quote.
_SENTENCE_END = re.compile(
    r"[.!?…][”»\"’)]*+(?:\s*+" + CITATION_MARK.pattern + r")*+(?=\s++[“«\"„*_(—–-]*+\s?+[^\W_a-zа-яёəöüğışç])"
)
_LINK = re.compile(r"\[([^\[\]\n]*)\]\([^()\s]*\)")
_BLOCK_SIGNS = re.compile(r"^\s*(?:#{1,6}|>|[-+*]|\d+[.)])\s+")
#: Characters before a full stop that are read for an abbreviation.
MAX_ABBREVIATION_CHARS = 24


@dataclass(frozen=True)
class Sentence:
    """A sentence as plain text, with the sources that it cites: pairs of id and locator."""

    text: str
    cites: tuple[tuple[str, str], ...]


def split_sentences(text: str, abbreviations: Collection[str]) -> Iterator[Sentence]:
    """Yield the sentences of a biography in CommonMark.

    A sentence that cites nothing has the citations of the next one of its paragraph that does,
    because a mark supports what stands before it.
    """
    for paragraph in re.split(r"\n\s*\n", text):
        waiting: list[str] = []
        for raw in _split_paragraph(_BLOCK_SIGNS.sub("", paragraph), abbreviations):
            cites = tuple(cite for mark in CITATION_MARK.finditer(raw) for cite in parse_mark(mark[0]))
            waiting.append(_plain(raw))
            if cites:
                yield from (Sentence(plain, cites) for plain in waiting if plain)
                waiting.clear()
        yield from (Sentence(plain, ()) for plain in waiting if plain)


def _split_paragraph(paragraph: str, abbreviations: Collection[str]) -> Iterator[str]:
    start = 0
    for match in _SENTENCE_END.finditer(paragraph):
        if not _is_abbreviation(paragraph[start : match.start() + 1], abbreviations):
            yield paragraph[start : match.end()]
            start = match.end()
    yield paragraph[start:]


def _is_abbreviation(before: str, abbreviations: Collection[str]) -> bool:
    """Return whether the full stop ends an initial, a number or an abbreviation."""
    last = before[-MAX_ABBREVIATION_CHARS:].rstrip('.!?…”»"’)').rpartition(" ")[2]
    if not before.endswith("."):
        return False
    word = last.rpartition(".")[2].lstrip('“«"„(')
    return len(word) == 1 or (word.isdigit() and len(word) == 2) or fold(word) in abbreviations


def _plain(raw: str) -> str:
    return " ".join(EMPHASIS_PATTERN.sub("", _LINK.sub(r"\1", strip_citations(raw))).split())


@dataclass(frozen=True)
class SoughtWord:
    """A word of a question: its stems, and the words of the same activity."""

    stems: frozenset[str]
    #: None for a word that is no verb or noun of an activity.
    synonyms: WordPattern | None = None


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
