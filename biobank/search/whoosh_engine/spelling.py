"""Words of the index with a spelling similar to an unknown word."""

from collections.abc import Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA

from biobank.i18n import LANGUAGES
from biobank.names.folding import fold_word
from biobank.search.analysis.stopwords import is_stopword
from biobank.search.whoosh_engine.fields import AS_WRITTEN, GROUPS, fields_of
from biobank.search.whoosh_engine.view import View

#: Minimum length of words that are corrected, and of words that may differ by two edits.
SHORTEST, LONG = 4, 8
#: Maximum number of similar words considered.
LIKE_MOST = 20


def near_words(view: View, word: str) -> list[str]:
    """Return folded words of texts and labels, by number of edits, then by number of people.

    Only words with the same first letter are considered: it is seldom mistyped, and this limits the
    words to read.
    """
    folded = fold_word(word)
    if len(folded) < SHORTEST or not folded.isalpha():
        return []
    edits = 2 if len(folded) >= LONG else 1
    known = set(_beginning(view, folded[0]))
    found = process.extract(folded, known, scorer=OSA.distance, score_cutoff=edits, limit=LIKE_MOST)
    people = {near: _people(view, near) for near, _, _ in found if not _is_common(near)}
    ranked = sorted(
        (distance, -people[near], near) for near, distance, _ in found if near in people
    )
    return [near for _, _, near in ranked]


def _beginning(view: View, letter: str) -> Iterator[str]:
    for field in _fields():
        for term in view.words(field, AS_WRITTEN + letter):
            yield term.removeprefix(AS_WRITTEN)


def _fields() -> Iterator[str]:
    for group in GROUPS:
        yield from fields_of(group)


def _people(view: View, word: str) -> int:
    """Return the number of occurrences of a word over fields and people."""
    return sum(
        len(documents)
        for field in _fields()
        for documents, _ in view.postings(field, AS_WRITTEN + word)
    )


def _is_common(word: str) -> bool:
    return any(is_stopword(word, lang) for lang in LANGUAGES)
