"""Word scores in the documents of a view, computed with numpy.

Each word scores by its best field: significance of the word (idf over all fields), times the weight
of the field, times saturation (BM25, Robertson & Zaragoza 2009).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from biobank.names.suffixes import of_other_gender
from biobank.search.port import Named
from biobank.search.question import Word, words_of
from biobank.search.whoosh_engine.facets import Mask
from biobank.search.whoosh_engine.fields import (
    GROUPS,
    NAME,
    SATURATED,
    SOURCES,
    field_of,
)
from biobank.search.whoosh_engine.postings import Floats, Ints
from biobank.search.whoosh_engine.view import View

#: Standard BM25 constants: saturation of term frequency, and influence of field length.
K1 = 1.2
B = 0.75
#: Field group of relations and of places of birth and death.
TIES = "ties"
#: Number of best name matches whose related people also match.
TIED_MOST = 10
#: Field weights: a name identifies a person best, then the headline, then the labels.
WEIGHTS = {
    NAME: 8.0,
    "headline": 3.0,
    "labels": 2.5,
    "works": 2.5,
    TIES: 1.2,
    SOURCES: 1.0,
    "text": 1.0,
}
#: Searched field groups by query field.
SOUGHT = {
    "": (NAME, *GROUPS),
    "name": (NAME,),
    "text": ("headline", "text"),
    "work": ("works",),
    "source": (SOURCES,),
}
#: Weight of a whole detected name, and of a word that is only part of a name.
NAMED = 10.0
PART_OF_NAME = 0.5
#: Weight factor of Məmmədova for the query Məmmədov: below the name, above a mention in text.
SAME_FAMILY = 0.6
#: Weight factor of the reader's language; it decides between equals only.
OWN_LANGUAGE = 1.15
#: Weight factor of a further candidate stem of the same word.
OTHER_STEM = 0.8


#: Postings of a word: field, documents in ascending order, and scores.
Standing = tuple[str, Ints, Floats]


@dataclass(frozen=True)
class Evidence:
    """The score of one query word in each document; 0 where it does not occur."""

    #: Position among the words of its part.
    position: int
    word: str
    worth: Floats
    having: Mask
    #: Significance (idf); always above zero.
    telling: float
    stands: tuple[Standing, ...] = ()
    #: Whether it occurs as a word, not only as a detected name.
    written: bool = True


def weigh(
    view: View, text: str, lang: str, field: str = "", named: Sequence[Named] = ()
) -> list[Evidence]:
    """Return the evidence of each searched word, ignoring all other conditions."""
    people = [(set(name.positions), _people(view, name, SOUGHT[field])) for name in named]
    return [
        _evidence(
            view,
            (position, word.text),
            places_of(word, lang, SOUGHT[field]),
            [each for positions, found in people if position in positions for each in found],
        )
        for position, word in enumerate(words_of(text))
        if not word.stop
    ]


def _people(view: View, named: Named, groups: Sequence[str]) -> list[Standing]:
    """Return the named people, and those related to them, with scores per word of the name."""
    best = max(named.people.values(), default=0.0)
    numbers = view.numbers
    found = [(numbers[id_], how) for id_, how in named.people.items() if id_ in numbers]
    documents = np.array([number for number, _ in found], np.int64)
    worth = np.array([how for _, how in found], np.float32)
    people = [(NAME, documents, worth * np.float32(NAMED / best) if best else worth)]
    if TIES in groups:
        for id_ in sorted(named.people, key=lambda id_: -named.people[id_])[:TIED_MOST]:
            tied = np.flatnonzero(view.with_value("relation", id_))
            people.append((TIES, tied, np.full(len(tied), WEIGHTS[TIES], np.float32)))
    return people


def _evidence(
    view: View,
    which: tuple[int, str],
    places: Iterable[tuple[str, str, float]],
    people: Sequence[Standing],
) -> Evidence:
    stands: list[Standing] = []
    for field, term, weight in places:
        if field == NAME and people:
            # A match of the whole name ranks above a match of one of its words.
            weight *= PART_OF_NAME
        for documents, counts in view.postings(field, term):
            share = np.float32(weight) * _saturation(view, field, documents, counts)
            stands.append((field, documents, np.broadcast_to(share, documents.shape)))
    found = evidence_of(view, *which, [*people, *stands])
    written = any(view.live[documents].any() for _, documents, _ in stands)
    return replace(found, written=written)


def evidence_of(view: View, position: int, word: str, stands: Sequence[Standing]) -> Evidence:
    """Combine postings of a word or phrase into evidence; the best field counts."""
    worth = np.zeros(view.size, np.float32)
    for _, documents, share in stands:
        # Each document occurs once in postings, so plain indexing is safe.
        worth[documents] = np.maximum(worth[documents], share)
    having = worth > 0
    number = int(np.count_nonzero(having & view.live))
    how_telling = telling(view, number)
    worth *= np.float32(how_telling)
    return Evidence(position, word, worth, having, how_telling, tuple(stands))


def telling(view: View, documents: int) -> float:
    """Return the inverse document frequency for a number of documents (always above zero)."""
    return float(np.log1p((view.documents - documents + 0.5) / (documents + 0.5)))


def places_of(word: Word, lang: str, groups: Sequence[str]) -> Iterator[tuple[str, str, float]]:
    """Yield field, term and weight of each possible occurrence of a word."""
    for field in (NAME, SOURCES):
        if field in groups:
            yield field, word.name, WEIGHTS[field]
    if NAME in groups and (other := of_other_gender(word.text)):
        yield NAME, other, WEIGHTS[NAME] * SAME_FAMILY
    for stem_lang, stems in word.stems:
        preference = OWN_LANGUAGE if stem_lang == lang else 1.0
        for group in GROUPS:
            if group in groups:
                for nth, stem in enumerate(stems):
                    weight = WEIGHTS[group] * preference * (OTHER_STEM if nth else 1.0)
                    yield field_of(group, stem_lang), stem, weight


def _saturation(view: View, field: str, documents: Ints, counts: Floats) -> Floats | float:
    """Return the BM25 saturation for long fields, at most 1; short fields are not scaled."""
    if field not in SATURATED:
        return 1.0
    lengths = view.lengths[field][documents]
    norm = lengths * np.float32(K1 * B / view.mean_lengths[field]) + np.float32(K1 * (1 - B))
    norm += counts
    return counts / norm
