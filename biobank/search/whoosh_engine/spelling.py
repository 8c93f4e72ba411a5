"""Words of the index with a spelling similar to an unknown word."""

from collections.abc import Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA

from biobank.common.i18n import LANGUAGES
from biobank.names.folding import fold_word
from biobank.search.analysis.analyser import is_stopword
from biobank.search.whoosh_engine.fields import EXACT_PREFIX, FIELD_GROUPS, group_fields
from biobank.search.whoosh_engine.view import IndexView

#: Minimum length of words that are corrected, and of words that may differ by two edits.
MIN_CORRECTABLE_CHARS, MIN_TWO_EDIT_CHARS = 4, 8
#: Maximum number of similar words considered.
MAX_SIMILAR_WORDS = 20


def similar_words(view: IndexView, word: str) -> list[str]:
    """Return folded words of texts and labels, by number of edits, then by number of people.

    Only words with the same first letter are considered: it is seldom mistyped, and this limits the
    words to read.
    """
    folded = fold_word(word)
    if len(folded) < MIN_CORRECTABLE_CHARS or not folded.isalpha():
        return []
    max_edits = 2 if len(folded) >= MIN_TWO_EDIT_CHARS else 1
    candidates = set(_words_starting_with(view, folded[0]))
    matches = process.extract(
        folded, candidates, scorer=OSA.distance, score_cutoff=max_edits, limit=MAX_SIMILAR_WORDS
    )
    frequencies = {
        candidate: _frequency(view, candidate) for candidate, _, _ in matches if not _is_stopword(candidate)
    }
    ranked = sorted(
        (distance, -frequencies[candidate], candidate)
        for candidate, distance, _ in matches
        if candidate in frequencies
    )
    return [candidate for _, _, candidate in ranked]


def _words_starting_with(view: IndexView, letter: str) -> Iterator[str]:
    for field in _text_fields():
        for term in view.words(field, EXACT_PREFIX + letter):
            yield term.removeprefix(EXACT_PREFIX)


def _text_fields() -> Iterator[str]:
    for group in FIELD_GROUPS:
        yield from group_fields(group)


def _frequency(view: IndexView, word: str) -> int:
    """Return the number of occurrences of a word over fields and people."""
    return sum(
        len(documents)
        for field in _text_fields()
        for documents, _ in view.postings(field, EXACT_PREFIX + word)
    )


def _is_stopword(word: str) -> bool:
    return any(is_stopword(word, lang) for lang in LANGUAGES)
