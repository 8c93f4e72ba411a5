"""Word scores in the documents of a view, computed with numpy.

Each word scores by its best field: significance of the word (idf over all fields), times the weight
of the field, times saturation (BM25, Robertson & Zaragoza 2009).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from biobank.names.suffixes import other_gender_surname
from biobank.search.engine import DetectedName
from biobank.search.query_words import QueryWord, query_words
from biobank.search.whoosh_engine.facets import Mask
from biobank.search.whoosh_engine.fields import (
    FIELD_GROUPS,
    LENGTH_NORMALIZED_FIELDS,
    NAME_FIELD,
    SOURCES_FIELD,
    field_name,
)
from biobank.search.whoosh_engine.postings import Floats, Ints
from biobank.search.whoosh_engine.view import IndexView

#: Standard BM25 constants: saturation of term frequency, and influence of field length.
K1 = 1.2
B = 0.75
#: Field group of relations and of places of birth and death.
TIES_GROUP = "ties"
#: Number of best name matches whose related people also match.
MAX_RELATED_NAMES = 10
#: Field weights: a name identifies a person best, then the headline, then the labels.
GROUP_WEIGHTS = {
    NAME_FIELD: 8.0,
    "headline": 3.0,
    "labels": 2.5,
    "works": 2.5,
    TIES_GROUP: 1.2,
    SOURCES_FIELD: 1.0,
    "text": 1.0,
}
#: Searched field groups by query field.
SEARCHED_GROUPS = {
    "": (NAME_FIELD, *FIELD_GROUPS),
    "name": (NAME_FIELD,),
    "text": ("headline", "text"),
    "work": ("works",),
    "source": (SOURCES_FIELD,),
}
#: Weight of a whole detected name, and of a word that is only part of a name.
WHOLE_NAME_WEIGHT = 10.0
PARTIAL_NAME_FACTOR = 0.5
#: Weight factor of Məmmədova for the query Məmmədov: below the name, above a mention in text.
OTHER_GENDER_FACTOR = 0.6
#: Weight factor of the reader's language; it decides between equals only.
READER_LANGUAGE_FACTOR = 1.15
#: Weight factor of a further candidate stem of the same word.
FURTHER_STEM_FACTOR = 0.8


#: Postings of a word: field, documents in ascending order, and scores.
FieldPostings = tuple[str, Ints, Floats]


@dataclass(frozen=True)
class WordEvidence:
    """The score of one query word in each document; 0 where it does not occur."""

    #: Position among the words of its part.
    position: int
    word: str
    scores: Floats
    mask: Mask
    #: Significance (idf); always above zero.
    significance: float
    postings: tuple[FieldPostings, ...] = ()
    #: Whether it occurs as a word, not only as a detected name.
    in_text: bool = True


def score_words(
    view: IndexView, text: str, lang: str, field: str = "", names: Sequence[DetectedName] = ()
) -> list[WordEvidence]:
    """Return the evidence of each searched word, ignoring all other conditions."""
    name_postings = [
        (set(name.positions), _named_people(view, name, SEARCHED_GROUPS[field])) for name in names
    ]
    return [
        _word_evidence(
            view,
            (position, word.text),
            word_occurrences(word, lang, SEARCHED_GROUPS[field]),
            [
                field_postings
                for positions, postings in name_postings
                if position in positions
                for field_postings in postings
            ],
        )
        for position, word in enumerate(query_words(text))
        if not word.stop
    ]


def _named_people(view: IndexView, name: DetectedName, groups: Sequence[str]) -> list[FieldPostings]:
    """Return the named people, and those related to them, with scores per word of the name."""
    best = max(name.scores.values(), default=0.0)
    numbers = view.document_numbers
    matches = [(numbers[id_], name_score) for id_, name_score in name.scores.items() if id_ in numbers]
    documents = np.array([number for number, _ in matches], np.int64)
    scores = np.array([name_score for _, name_score in matches], np.float32)
    postings = [(NAME_FIELD, documents, scores * np.float32(WHOLE_NAME_WEIGHT / best) if best else scores)]
    if TIES_GROUP in groups:
        for id_ in sorted(name.scores, key=lambda id_: -name.scores[id_])[:MAX_RELATED_NAMES]:
            related = np.flatnonzero(view.mask_with("relation", id_))
            postings.append(
                (TIES_GROUP, related, np.full(len(related), GROUP_WEIGHTS[TIES_GROUP], np.float32))
            )
    return postings


def _word_evidence(
    view: IndexView,
    word: tuple[int, str],
    occurrences: Iterable[tuple[str, str, float]],
    name_postings: Sequence[FieldPostings],
) -> WordEvidence:
    text_postings: list[FieldPostings] = []
    for field, term, weight in occurrences:
        if field == NAME_FIELD and name_postings:
            # A match of the whole name ranks above a match of one of its words.
            weight *= PARTIAL_NAME_FACTOR
        for documents, counts in view.postings(field, term):
            scores = np.float32(weight) * _saturation(view, field, documents, counts)
            text_postings.append((field, documents, np.broadcast_to(scores, documents.shape)))
    evidence = combine_evidence(view, *word, [*name_postings, *text_postings])
    in_text = any(view.live_mask[documents].any() for _, documents, _ in text_postings)
    return replace(evidence, in_text=in_text)


def combine_evidence(
    view: IndexView, position: int, word: str, postings: Sequence[FieldPostings]
) -> WordEvidence:
    """Combine postings of a word or phrase into evidence; the best field counts."""
    scores = np.zeros(view.size, np.float32)
    for _, documents, field_scores in postings:
        # Each document occurs once in postings, so plain indexing is safe.
        scores[documents] = np.maximum(scores[documents], field_scores)
    mask = scores > 0
    count = int(np.count_nonzero(mask & view.live_mask))
    significance = inverse_document_frequency(view, count)
    scores *= np.float32(significance)
    return WordEvidence(position, word, scores, mask, significance, tuple(postings))


def inverse_document_frequency(view: IndexView, documents: int) -> float:
    """Return the inverse document frequency for a number of documents (always above zero)."""
    return float(np.log1p((view.documents - documents + 0.5) / (documents + 0.5)))


def word_occurrences(word: QueryWord, lang: str, groups: Sequence[str]) -> Iterator[tuple[str, str, float]]:
    """Yield field, term and weight of each possible occurrence of a word."""
    for field in (NAME_FIELD, SOURCES_FIELD):
        if field in groups:
            yield field, word.name, GROUP_WEIGHTS[field]
    if NAME_FIELD in groups and (other_form := other_gender_surname(word.text)):
        yield NAME_FIELD, other_form, GROUP_WEIGHTS[NAME_FIELD] * OTHER_GENDER_FACTOR
    for stem_lang, stems in word.stems:
        preference = READER_LANGUAGE_FACTOR if stem_lang == lang else 1.0
        for group in FIELD_GROUPS:
            if group in groups:
                for rank, stem in enumerate(stems):
                    weight = GROUP_WEIGHTS[group] * preference * (FURTHER_STEM_FACTOR if rank else 1.0)
                    yield field_name(group, stem_lang), stem, weight


def _saturation(view: IndexView, field: str, documents: Ints, counts: Floats) -> Floats | float:
    """Return the BM25 saturation for long fields, at most 1; short fields are not scaled."""
    if field not in LENGTH_NORMALIZED_FIELDS:
        return 1.0
    lengths = view.lengths[field][documents]
    norm = lengths * np.float32(K1 * B / view.mean_lengths[field]) + np.float32(K1 * (1 - B))
    norm += counts
    return counts / norm
