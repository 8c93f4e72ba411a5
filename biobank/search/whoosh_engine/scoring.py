"""What words are worth in documents, in numpy over one view.

Each word scores by its best field: how telling the word is (idf over all fields) times the weight
of the field times how much of the field it is (BM25's saturation, Robertson & Zaragoza 2009).
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

#: BM25's usual constants: how soon repetition stops counting, and how much length counts.
K1 = 1.2
B = 0.75
#: What people are to others, and where they were born and died.
TIES = "ties"
#: Those who are named best, as many as this, bring those who are tied to them.
TIED_MOST = 10
#: A name says most about who a person is, then the line that sums the life up, then the terms.
WEIGHTS = {
    NAME: 8.0,
    "headline": 3.0,
    "labels": 2.5,
    "works": 2.5,
    TIES: 1.2,
    SOURCES: 1.0,
    "text": 1.0,
}
#: By field of a question, the groups in which its words are sought.
SOUGHT = {
    "": (NAME, *GROUPS),
    "name": (NAME,),
    "text": ("headline", "text"),
    "work": ("works",),
    "source": (SOURCES,),
}
#: A name that was read as one; a word that stands in a name, though the name as a whole does not.
NAMED = 10.0
PART_OF_NAME = 0.5
#: Məmmədova where Məmmədov is asked for: less than the name, more than to be told of.
SAME_FAMILY = 0.6
#: Text in the reader's language is preferred among equals, not above better matches.
OWN_LANGUAGE = 1.15
#: A second candidate stem of the same word counts less than the first.
OTHER_STEM = 0.8


#: Where a word stands: the field, the documents in ascending order, and what it is worth there.
Standing = tuple[str, Ints, Floats]


@dataclass(frozen=True)
class Evidence:
    """What one word of a question is worth in each document; 0 where it is not."""

    #: Its position among the words of its part.
    position: int
    word: str
    worth: Floats
    having: Mask
    #: How telling the word is; always above zero.
    telling: float
    stands: tuple[Standing, ...] = ()
    #: Whether it stands anywhere as a word, and not only is read as a name.
    written: bool = True


def weigh(
    view: View, text: str, lang: str, field: str = "", named: Sequence[Named] = ()
) -> list[Evidence]:
    """The evidence of each word that is sought, whatever the other conditions are."""
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
    """Those who are named, and those tied to them, with what each word of the name is worth."""
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
            # Who bears the whole name comes before whom one word of it merely calls.
            weight *= PART_OF_NAME
        for documents, counts in view.postings(field, term):
            share = np.float32(weight) * _saturation(view, field, documents, counts)
            stands.append((field, documents, np.broadcast_to(share, documents.shape)))
    found = evidence_of(view, *which, [*people, *stands])
    written = any(view.live[documents].any() for _, documents, _ in stands)
    return replace(found, written=written)


def evidence_of(view: View, position: int, word: str, stands: Sequence[Standing]) -> Evidence:
    """Evidence from where a word, or a phrase, stands: the best place counts."""
    worth = np.zeros(view.size, np.float32)
    for _, documents, share in stands:
        # A term stands once a document in postings, so plain indexing reaches each but once.
        worth[documents] = np.maximum(worth[documents], share)
    having = worth > 0
    number = int(np.count_nonzero(having & view.live))
    how_telling = telling(view, number)
    worth *= np.float32(how_telling)
    return Evidence(position, word, worth, having, how_telling, tuple(stands))


def telling(view: View, documents: int) -> float:
    """How telling it is to be one of so many documents (idf, always above zero)."""
    return float(np.log1p((view.documents - documents + 0.5) / (documents + 0.5)))


def places_of(word: Word, lang: str, groups: Sequence[str]) -> Iterator[tuple[str, str, float]]:
    """Every field and term in which a word may stand, and how much it then counts."""
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
    """How much of a long field a term is, below 1; repetition in short ones says nothing."""
    if field not in SATURATED:
        return 1.0
    lengths = view.lengths[field][documents]
    norm = lengths * np.float32(K1 * B / view.mean_lengths[field]) + np.float32(K1 * (1 - B))
    norm += counts
    return counts / norm
