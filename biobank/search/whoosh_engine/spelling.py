"""Words of the bank that are spelt nearly as a word that nobody has."""

from collections.abc import Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA

from biobank.i18n import LANGUAGES
from biobank.names.folding import fold_word
from biobank.search.analysis.stopwords import is_stopword
from biobank.search.whoosh_engine.fields import AS_WRITTEN, GROUPS, fields_of
from biobank.search.whoosh_engine.view import View

#: Letters of a word from which on it is taken for misspelt, and on which two letters may differ.
SHORTEST, LONG = 4, 8
#: Near words of which the most frequent is offered.
LIKE_MOST = 20


def near_words(view: View, word: str) -> list[str]:
    """Words of texts and labels, folded, the likeliest first: fewest edits, then most people.

    They begin with the same letter: it is seldom mistyped, and a letter's words are soon read.
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
    """In how many fields of how many people a word stands."""
    return sum(
        len(documents)
        for field in _fields()
        for documents, _ in view.postings(field, AS_WRITTEN + word)
    )


def _is_common(word: str) -> bool:
    return any(is_stopword(word, lang) for lang in LANGUAGES)
