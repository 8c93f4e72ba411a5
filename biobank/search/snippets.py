"""Snippets: the passage that best matches the query, escaped, with matched words marked."""

from collections import Counter
from collections.abc import Collection
from functools import lru_cache
from html import escape

from biobank.names.folding import fold_word, tokens
from biobank.records.people.citations import without_citations
from biobank.search.analysis import terms_of
from biobank.search.question import Marker, Word

#: Length of a snippet in characters; about two lines of a result.
LENGTH = 220
#: CommonMark characters removed from snippets.
EMPHASIS = str.maketrans("", "", "*_`")


def snippet(text: str, lang: str, words: Collection[Marker]) -> str:
    """Return the window of `text` with most distinct matches as HTML; empty if there is none."""
    plain = " ".join(without_citations(text).translate(EMPHASIS).split())
    spans = matches(plain, lang, words)
    if not spans:
        return ""
    start, end = _window(plain, spans)
    return _marked(plain, start, end, spans)


def marked_line(text: str, lang: str, words: Collection[Marker]) -> str:
    """Return a whole short text with matched words marked; empty if there is none."""
    spans = matches(text, lang, words)
    return _marked(text, 0, len(text), spans) if spans else ""


def matches(text: str, lang: str, words: Collection[Marker]) -> list[tuple[int, int, int]]:
    """Return start, end and marker index of each matched word."""
    wanted: dict[str, int] = {}
    beginnings: dict[str, int] = {}
    for number, word in enumerate(words):
        if word.prefix:
            beginnings[word.prefix] = number
        for stem_lang, stems in word.stems:
            if stem_lang == lang:
                wanted.update((stem, number) for stem in stems)
    # A stem starts with the same letter as its word, so most words need not be stemmed.
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
    """Return the first name that contains `word`; empty if there is none."""
    return next((name for name in names if word.name in _folded(name)), "")


@lru_cache(maxsize=8192)
def _folded(name: str) -> frozenset[str]:
    """Return the folded words of a name; cached because long queries check every name per word."""
    return frozenset(fold_word(token.text) for token in tokens(name))


def _window(text: str, spans: list[tuple[int, int, int]]) -> tuple[int, int]:
    """Return the window of SNIPPET_CHARS with most distinct matches, the first of equals."""
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
    """Return the start of the first whole word after `at`, up to `maximum`; else `at`."""
    space = text.find(" ", at, most) if at else -1
    return space + 1 if space != -1 else at


def _word_end(text: str, at: int, least: int) -> int:
    """Return the end of the last whole word before `at`, down to `minimum`; else `at`."""
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
