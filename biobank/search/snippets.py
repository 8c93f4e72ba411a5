"""Snippets: the passage that best matches the query, escaped, with matched words marked."""

from collections import Counter
from collections.abc import Collection
from functools import lru_cache
from html import escape

from biobank.names.folding import fold_word, iter_tokens, tokens
from biobank.records.people.citations import strip_citations
from biobank.records.people.sentences import EMPHASIS_PATTERN
from biobank.search.analysis import stem_terms
from biobank.search.query_words import Marker, QueryWord

#: Length of a snippet in characters; about two lines of a result.
SNIPPET_CHARS = 220


def snippet(text: str, lang: str, markers: Collection[Marker]) -> str:
    """Return the window of `text` with most distinct matches as HTML; empty if there is none."""
    plain = " ".join(EMPHASIS_PATTERN.sub("", strip_citations(text)).split())
    spans = find_matches(plain, lang, markers)
    if not spans:
        return ""
    start, end = _window(plain, spans)
    return _mark_spans(plain, start, end, spans)


def mark_text(text: str, lang: str, markers: Collection[Marker]) -> str:
    """Return a whole short text with matched words marked; empty if there is none."""
    spans = find_matches(text, lang, markers)
    return _mark_spans(text, 0, len(text), spans) if spans else ""


def find_matches(text: str, lang: str, markers: Collection[Marker]) -> list[tuple[int, int, int]]:
    """Return start, end and marker index of each matched word."""
    stem_numbers: dict[str, int] = {}
    prefix_numbers: dict[str, int] = {}
    for marker_number, marker in enumerate(markers):
        if marker.prefix:
            prefix_numbers[marker.prefix] = marker_number
        for stem_lang, stems in marker.stems:
            if stem_lang == lang:
                stem_numbers.update((stem, marker_number) for stem in stems)
    # A stem starts with the same letter as its word, so most words need not be stemmed.
    initials = {stem[0] for stem in (*stem_numbers, *prefix_numbers)}
    spans = []
    for token in iter_tokens(text, initials):
        terms = stem_terms(token.text, lang)
        number = next((stem_numbers[term] for term in terms if term in stem_numbers), None)
        if number is None and prefix_numbers:
            folded = fold_word(token.text)
            matching = (prefix for prefix in prefix_numbers if folded.startswith(prefix))
            number = next((prefix_numbers[prefix] for prefix in matching), None)
        if number is not None:
            spans.append((token.start, token.end, number))
    return spans


def find_name_with(names: Collection[str], word: QueryWord) -> str:
    """Return the first name that contains `word`; empty if there is none."""
    return next((name for name in names if word.name in _folded_words(name)), "")


@lru_cache(maxsize=8192)
def _folded_words(name: str) -> frozenset[str]:
    """Return the folded words of a name; cached because long queries check every name per word."""
    return frozenset(fold_word(token.text) for token in tokens(name))


def _window(text: str, spans: list[tuple[int, int, int]]) -> tuple[int, int]:
    """Return the window of SNIPPET_CHARS with most distinct matches, the first of equals."""
    best_span, best_count, next_span = spans[0], 0, 0
    inside: Counter[int] = Counter()
    for position, span in enumerate(spans):
        while next_span <= position or (
            next_span < len(spans) and spans[next_span][1] - span[0] < SNIPPET_CHARS
        ):
            inside[spans[next_span][2]] += 1
            next_span += 1
        if len(inside) > best_count:
            best_span, best_count = span, len(inside)
        inside[span[2]] -= 1
        if not inside[span[2]]:
            del inside[span[2]]
    start = max(0, best_span[0] - SNIPPET_CHARS // 4)
    end = start + SNIPPET_CHARS
    return _word_start(text, start, best_span[0]), _word_end(text, end, best_span[1])


def _word_start(text: str, at: int, maximum: int) -> int:
    """Return the start of the first whole word after `at`, up to `maximum`; else `at`."""
    space = text.find(" ", at, maximum) if at else -1
    return space + 1 if space != -1 else at


def _word_end(text: str, at: int, minimum: int) -> int:
    """Return the end of the last whole word before `at`, down to `minimum`; else `at`."""
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", minimum, at)
    return space if space != -1 else max(at, minimum)


def _mark_spans(text: str, start: int, end: int, spans: list[tuple[int, int, int]]) -> str:
    parts = ["…" if start else ""]
    at = start
    for left, right, _ in spans:
        if left >= start and right <= end:
            parts += [escape(text[at:left]), "<mark>", escape(text[left:right]), "</mark>"]
            at = right
    parts += [escape(text[at:end]), "…" if end < len(text) else ""]
    return "".join(parts)
