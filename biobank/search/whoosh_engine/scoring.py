"""Which documents a question finds and how well, in numpy over one view.

Each word scores by its best field: how telling the word is (idf over all fields) times the weight
of the field times how much of the field it is (BM25's saturation, Robertson & Zaragoza 2009).
"""

from dataclasses import dataclass

import numpy as np

from biobank.search.query import Choice, DateFilter, SearchQuery
from biobank.search.question import Word, words_of
from biobank.search.whoosh_engine.fields import GROUPS, NAME, field_of
from biobank.search.whoosh_engine.segment import EARLIEST, LATEST, Floats
from biobank.search.whoosh_engine.view import Mask, View

#: BM25's usual constants: how soon repetition stops counting, and how much length counts.
K1 = 1.2
B = 0.75
#: A name says most about who a person is, then the line that sums the life up, then the terms.
WEIGHTS = {NAME: 8.0, "headline": 3.0, "labels": 2.5, "text": 1.0}
#: Text in the reader's language is preferred among equals, not above better matches.
OWN_LANGUAGE = 1.15
#: A second candidate stem of the same word counts less than the first.
OTHER_STEM = 0.8


@dataclass(frozen=True)
class Scored:
    """The documents a question's words find, and what they are worth."""

    mask: Mask
    scores: Floats
    #: Positions of the words that were let go, because nobody has them with the rest.
    let_go: tuple[int, ...] = ()


def score(view: View, query: SearchQuery, within: Mask) -> Scored:
    """Documents of `within` that have all words, or as many of the most telling as any has."""
    words = [(index, word) for index, word in enumerate(words_of(query.text)) if not word.stop]
    if not words:
        return Scored(within, np.zeros(view.size, np.float32))
    per_word = [_score_word(view, word, query.lang) for _, word in words]
    everything = within.copy()
    for found in per_word:
        everything &= found > 0
    total: Floats = np.stack(per_word).sum(axis=0, dtype=np.float32)
    if everything.any():
        return Scored(everything, total)
    return _partial(words, per_word, within, total, view)


def _partial(
    words: list[tuple[int, Word]],
    per_word: list[Floats],
    within: Mask,
    total: Floats,
    view: View,
) -> Scored:
    """The documents whose matching words are together the most telling."""
    telling = np.zeros(view.size, np.float64)
    for found in per_word:
        telling += np.where(found > 0, _idf(view, found > 0), 0.0)
    telling[~within] = 0.0
    best = telling.max(initial=0.0)
    if best == 0.0:
        let_go = tuple(index for index, _ in words)
        return Scored(np.zeros(view.size, np.bool_), total, let_go)
    mask = np.isclose(telling, best)
    kept = [bool((found[mask] > 0).any()) for found in per_word]
    let_go = tuple(index for (index, _), stays in zip(words, kept, strict=True) if not stays)
    return Scored(mask, total, let_go)


def _score_word(view: View, word: Word, lang: str) -> Floats:
    best = np.zeros(view.size, np.float32)
    _add_field(view, best, NAME, word.name, WEIGHTS[NAME], saturate=False)
    for stem_lang, stems in word.stems:
        preference = OWN_LANGUAGE if stem_lang == lang else 1.0
        for group in GROUPS:
            weight = WEIGHTS[group] * preference
            for nth, stem in enumerate(stems):
                share = weight if nth == 0 else weight * OTHER_STEM
                _add_field(
                    view, best, field_of(group, stem_lang), stem, share, saturate=group == "text"
                )
    return (best * _idf(view, best > 0)).astype(np.float32)


def _add_field(
    view: View, best: Floats, field: str, term: str, weight: float, *, saturate: bool
) -> None:
    """Raises `best` to what `term` in `field` is worth, where that is more."""
    for offset, segment, documents, counts in view.counts(field, term):
        worth: Floats = np.full(len(documents), weight, np.float32)
        if saturate:
            lengths = segment.lengths(field)
            norm = 1 - B + B * lengths[documents] / max(float(lengths.mean()), 1.0)
            worth *= counts / (counts + K1 * norm)
        # A term stands once a document in postings, so plain indexing reaches each but once.
        places = documents + offset
        best[places] = np.maximum(best[places], worth)


def _idf(view: View, mask: Mask) -> float:
    """How telling a word is that the documents of `mask` have; always above zero."""
    having = int((mask & view.live).sum())
    return float(np.log1p((view.documents - having + 0.5) / (having + 0.5)))


def chosen(view: View, facet: str, choice: Choice) -> Mask:
    """Documents that have one of the values chosen of `facet` and none of those excluded."""
    mask = np.ones(view.size, np.bool_)
    if choice.include:
        mask[:] = False
        for value in choice.include:
            mask |= view.with_value(facet, value)
    for value in choice.exclude:
        mask &= ~view.with_value(facet, value)
    return mask


def dated(view: View, role: str, dates: DateFilter, certainty: str) -> Mask:
    """Documents whose birth or death possibly, or certainly, lies within `dates`."""
    first, last = view.born if role == "born" else view.died
    earliest = EARLIEST if dates.earliest is None else dates.earliest
    latest = LATEST if dates.latest is None else dates.latest
    known = first <= last
    if certainty == "certain":
        return known & (first >= earliest) & (last <= latest)
    return known & (first <= latest) & (last >= earliest)
