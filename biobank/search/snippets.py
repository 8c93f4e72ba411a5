"""Snippets: the passage that says most about the question, escaped, matched words marked."""

from collections import Counter
from collections.abc import Collection
from functools import lru_cache
from html import escape

from biobank.names.folding import fold_word, tokens
from biobank.records.people.citations import without_citations
from biobank.search.analysis import terms_of
from biobank.search.question import Marker, Word

#: About two lines of a result.
LENGTH = 220
#: Marks of CommonMark that read as noise in a passage.
EMPHASIS = str.maketrans("", "", "*_`")


def snippet(text: str, lang: str, words: Collection[Marker]) -> str:
    """The window of `text` with most different words, as HTML; empty where none stands in it."""
    plain = " ".join(without_citations(text).translate(EMPHASIS).split())
    spans = matches(plain, lang, words)
    if not spans:
        return ""
    start, end = _window(plain, spans)
    return _marked(plain, start, end, spans)


def marked_line(text: str, lang: str, words: Collection[Marker]) -> str:
    """A whole short text with matched words marked; empty where none stands in it."""
    spans = matches(text, lang, words)
    return _marked(text, 0, len(text), spans) if spans else ""


def matches(text: str, lang: str, words: Collection[Marker]) -> list[tuple[int, int, int]]:
    """Where words of the question stand: start, end, and which word."""
    wanted: dict[str, int] = {}
    beginnings: dict[str, int] = {}
    for number, word in enumerate(words):
        if word.prefix:
            beginnings[word.prefix] = number
        for stem_lang, stems in word.stems:
            if stem_lang == lang:
                wanted.update((stem, number) for stem in stems)
    # A stem begins as its word does, so most words need not be stemmed to know that they differ.
    initials = {stem[0] for stem in (*wanted, *beginnings)}
    found = []
    for token in tokens(text):
        folded = fold_word(token.text)
        if folded[:1] in initials:
            terms = terms_of(token.text, lang)
            which = next((wanted[term] for term in terms if term in wanted), None)
            if which is None:
                which = next((n for b, n in beginnings.items() if folded.startswith(b)), None)
            if which is not None:
                found.append((token.start, token.end, which))
    return found


def matched_name(names: Collection[str], word: Word) -> str:
    """The first written form of a name that has `word`; empty where none has."""
    return next((name for name in names if word.name in _folded(name)), "")


@lru_cache(maxsize=8192)
def _folded(name: str) -> frozenset[str]:
    """The words of a name; a question of many words looks for each of them in every name."""
    return frozenset(fold_word(token.text) for token in tokens(name))


def _window(text: str, spans: list[tuple[int, int, int]]) -> tuple[int, int]:
    """The stretch of LENGTH that holds most different words, the earliest among equals."""
    first, most, ahead = spans[0], 0, 0
    inside: Counter[int] = Counter()
    for at, span in enumerate(spans):
        while ahead <= at or (ahead < len(spans) and spans[ahead][1] - span[0] < LENGTH):
            inside[spans[ahead][2]] += 1
            ahead += 1
        if len(inside) > most:
            first, most = span, len(inside)
        inside[span[2]] -= 1
        if not inside[span[2]]:
            del inside[span[2]]
    start = max(0, first[0] - LENGTH // 4)
    end = start + LENGTH
    return _word_start(text, start, first[0]), _word_end(text, end, first[1])


def _word_start(text: str, at: int, most: int) -> int:
    """Where the first whole word behind `at` begins, if not beyond `most`; else `at`."""
    space = text.find(" ", at, most) if at else -1
    return space + 1 if space != -1 else at


def _word_end(text: str, at: int, least: int) -> int:
    """Where the last whole word before `at` ends, if not before `least`."""
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", least, at)
    return space if space != -1 else max(at, least)


def _marked(text: str, start: int, end: int, spans: list[tuple[int, int, int]]) -> str:
    parts = ["…" if start else ""]
    at = start
    for left, right, _ in spans:
        if left >= start and right <= end:
            parts += [escape(text[at:left]), "<mark>", escape(text[left:right]), "</mark>"]
            at = right
    parts += [escape(text[at:end]), "…" if end < len(text) else ""]
    return "".join(parts)
