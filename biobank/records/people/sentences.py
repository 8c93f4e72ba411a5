"""Paragraphs and sentences of biographies, with the sources cited for them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from biobank.names.folding import fold
from biobank.records.people.citations import CITATION_MARK, parse_mark, strip_citations

#: CommonMark characters removed from quotations.
EMPHASIS_PATTERN: Final = re.compile(r"[*_`]+")
#: White space, read once. No paragraph begins with a citation, which supports what stands before it.
_SPACES: Final = re.compile(r"(?<!\s)\s++(?!" + CITATION_MARK.pattern + ")")
#: The end of a sentence: a stop, closing quotes and citations, and a space before a capital or an opening quote.
_SENTENCE_END: Final = re.compile(
    r"[.!?…][”»\"’)]*+(?:\s*+" + CITATION_MARK.pattern + r")*+(?=\s++[“«\"„*_(—–-]*+\s?+[^\W_a-zа-яёəöüğışç])"
)
_LINK: Final = re.compile(r"\[([^\[\]\n]*)\]\([^()\s]*\)")
_BLOCK_SIGNS: Final = re.compile(r"^\s*(?:#{1,6}|>|[-+*]|\d+[.)])\s+")
#: Words before a full stop that ends no sentence, folded, by language.
_ABBREVIATIONS: Final = {
    lang: frozenset(map(fold, words.split()))
    for lang, words in {
        "az": "prof dos akad və s b yəni bax",
        "en": "st dr mr mrs prof c ca b d vol no p pp jan feb mar apr aug sept sep oct nov dec gen",
        "ru": "г гг в вв т н э др пр им проф акад ст см ок род",
    }.items()
}
#: Characters before a full stop that are read for an abbreviation.
MAX_ABBREVIATION_CHARS: Final = 24


@dataclass(frozen=True)
class BiographySentence:
    """A sentence as plain text; `cites` are pairs of source and locator.

    Its number in the paragraph, and that of the paragraph, are counted from 1.
    """

    text: str
    cites: tuple[tuple[str, str], ...]
    paragraph: int
    number: int


def paragraph_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each paragraph of a biography in CommonMark: empty lines separate them."""
    end = len(text.rstrip())
    start = len(text) - len(text.lstrip())
    for spaces in _SPACES.finditer(text, start, end):
        if spaces[0].count("\n") > 1:
            yield start, spaces.start()
            start = spaces.end()
    if start < end:
        yield start, end


def citations_in(text: str) -> tuple[tuple[str, str], ...]:
    """Return the citations of a text as pairs of source and locator, in order."""
    return tuple(cite for mark in CITATION_MARK.finditer(text) for cite in parse_mark(mark[0]))


def split_sentences(text: str, lang: str) -> Iterator[BiographySentence]:
    """Yield the sentences of a biography in CommonMark.

    A sentence that cites nothing has the citations of the next one of its paragraph that does,
    because a mark supports what stands before it.
    """
    for number, (start, end) in enumerate(paragraph_spans(text), start=1):
        yield from _sentences(text[start:end], number, _ABBREVIATIONS[lang])


def _sentences(paragraph: str, number: int, abbreviations: frozenset[str]) -> Iterator[BiographySentence]:
    raw = list(_split_paragraph(_BLOCK_SIGNS.sub("", paragraph), abbreviations))
    cites = list(map(citations_in, raw))
    for position in range(len(raw) - 2, -1, -1):
        cites[position] = cites[position] or cites[position + 1]
    texts = ((_plain(part), own) for part, own in zip(raw, cites, strict=True))
    shown = ((plain, own) for plain, own in texts if plain)
    for position, (plain, own) in enumerate(shown, start=1):
        yield BiographySentence(plain, own, number, position)


def _split_paragraph(paragraph: str, abbreviations: frozenset[str]) -> Iterator[str]:
    start = 0
    for match in _SENTENCE_END.finditer(paragraph):
        if not _is_abbreviation(paragraph[start : match.start() + 1], abbreviations):
            yield paragraph[start : match.end()]
            start = match.end()
    yield paragraph[start:]


def _is_abbreviation(before: str, abbreviations: frozenset[str]) -> bool:
    """Return whether the full stop ends an initial, a number or an abbreviation."""
    if not before.endswith("."):
        return False
    last = before[-MAX_ABBREVIATION_CHARS:].rstrip('.!?…”»"’)').rpartition(" ")[2]
    word = last.rpartition(".")[2].lstrip('“«"„(')
    return len(word) == 1 or (word.isdigit() and len(word) == 2) or fold(word) in abbreviations


def _plain(raw: str) -> str:
    return " ".join(EMPHASIS_PATTERN.sub("", _LINK.sub(r"\1", strip_citations(raw))).split())
