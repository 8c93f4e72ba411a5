"""Query evaluation: the documents that each part of a query matches, and their scores."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from biobank.search.engine import DetectedName, QueryContext
from biobank.search.language.tree import (
    AllOf,
    AnyOf,
    Not,
    Phrase,
    Prefix,
    QueryNode,
    Value,
    Words,
    plain_words,
    render,
    top_parts,
)
from biobank.search.query import FacetChoice, SearchQuery
from biobank.search.query_words import query_words
from biobank.search.whoosh_engine.facets import Mask
from biobank.search.whoosh_engine.filters import date_mask, facet_mask, place_mask, value_mask
from biobank.search.whoosh_engine.postings import Floats
from biobank.search.whoosh_engine.proximity import (
    ProximityBonus,
    match_phrase,
    match_prefix,
    proximity_bonuses,
)
from biobank.search.whoosh_engine.scoring import (
    GROUP_WEIGHTS,
    WordEvidence,
    inverse_document_frequency,
    score_words,
)
from biobank.search.whoosh_engine.view import IndexView

AREA_CONDITION = "area"
#: Field of those who have a value of a facet in the first place, and the weight of having it so:
#: that of a label.
PROMINENT_FIELDS: Final = {"profession": "main_profession", "place": "birthplace"}
PROMINENCE_WEIGHT = GROUP_WEIGHTS["labels"]
#: Number of top documents by word score that are reranked by proximity.
RERANKED_DOCUMENTS = 300


@dataclass(frozen=True)
class Prominence:
    """The score of people who have one of some values in the first place, by `field`."""

    field: str
    #: The people who have each value.
    values: Mapping[str, Mask]
    scores: Floats


@dataclass(frozen=True)
class EvaluatedQuery:
    """A query evaluated on a view: its plain words, and every other condition by name."""

    view: IndexView
    words: list[WordEvidence]
    conditions: Mapping[str, Mask]
    #: Score of phrases, prefixes and words in other parts of the query.
    part_scores: Floats
    #: Evidence of those, for score reasons.
    part_evidence: list[WordEvidence] = field(default_factory=list)
    truncated_prefixes: tuple[str, ...] = ()
    prominence: tuple[Prominence, ...] = ()

    def within(self, without: str = "") -> Mask:
        """Return documents that are not deleted and meet all conditions, or all but one."""
        mask = self.view.live_mask.copy()
        for name, condition in self.conditions.items():
            if name != without:
                mask &= condition
        return mask


@dataclass(frozen=True)
class ScoredDocuments:
    """The documents that a query matches, with scores."""

    mask: Mask
    scores: Floats
    #: Positions of words dropped because no document has them with the others.
    dropped_positions: tuple[int, ...] = ()
    #: Score added by words near each other.
    proximity: Sequence[ProximityBonus] = ()


def evaluate(view: IndexView, query: SearchQuery, context: QueryContext) -> EvaluatedQuery:
    """Evaluate every part of a query as a mask, and the evidence of its words."""
    masks = {facet: facet_mask(view, facet, choice) for facet, choice in query.choices.items()}
    for role, dates in (("born", query.born), ("died", query.died)):
        if dates:
            masks[role] = date_mask(view, role, dates, query.certainty)
    if query.area:
        places = context.places.get(query.area.text, frozenset())
        masks[AREA_CONDITION] = place_mask(view, places, query.tie)
    evaluator = _PartEvaluator(view, query, context)
    words: list[WordEvidence] = []
    part_scores = np.zeros(view.size, np.float32)
    plain = plain_words(query.tree)
    for part in top_parts(query.tree):
        if plain is not None and part is plain:
            words = evaluator.word_evidence(part, names_in_part(context, ""))
        else:
            masks[render(part)], added = evaluator.match(part)
            part_scores += added
    prominent = tuple(prominence(view, query))
    part_scores = np.add.reduce([part_scores, *(added.scores for added in prominent)])
    return EvaluatedQuery(
        view, words, masks, part_scores, evaluator.evidence, tuple(evaluator.truncated_prefixes), prominent
    )


def prominence(view: IndexView, query: SearchQuery) -> Iterator[Prominence]:
    """Yield what people gain who have a selected value in the first place.

    A poet in the first place ranks above one besides, and who was born at a place above visitors.
    """
    for facet, place in PROMINENT_FIELDS.items():
        if included := query.choices.get(facet, FacetChoice()).include:
            values = {value: view.mask_with(place, value) for value in included}
            mask = np.logical_or.reduce([*values.values()])
            significance = inverse_document_frequency(view, int(np.count_nonzero(mask & view.live_mask)))
            yield Prominence(place, values, mask * np.float32(PROMINENCE_WEIGHT * significance))


def names_in_part(context: QueryContext, part: str) -> list[DetectedName]:
    return [name for name in context.names if name.part == part]


class _PartEvaluator:
    """Evaluates the parts of one query and collects evidence and truncated prefixes."""

    def __init__(self, view: IndexView, query: SearchQuery, context: QueryContext) -> None:
        self._view = view
        self._query = query
        self._context = context
        self.evidence: list[WordEvidence] = []
        self.truncated_prefixes: list[str] = []

    def word_evidence(self, part: Words, names: list[DetectedName]) -> list[WordEvidence]:
        return score_words(self._view, part.text, self._query.lang, part.field, names)

    def match(self, part: QueryNode) -> tuple[Mask, Floats]:
        """Return the documents that match a whole part, and its score."""
        scores = np.zeros(self._view.size, np.float32)
        if isinstance(part, Not):
            return ~self.match(part.part)[0], scores
        if isinstance(part, AllOf | AnyOf):
            return self._match_group(part)
        if isinstance(part, Value):
            return value_mask(self._view, part, self._query.certainty, self._context), scores
        mask = np.ones(self._view.size, np.bool_)
        for evidence in self._part_evidence(part):
            self.evidence.append(evidence)
            mask &= evidence.mask
            scores += evidence.scores
        return mask, np.where(mask, scores, np.float32(0))

    def _match_group(self, part: AllOf | AnyOf) -> tuple[Mask, Floats]:
        results = [self.match(child) for child in part.parts]
        masks, scores = [mask for mask, _ in results], [scores for _, scores in results]
        if isinstance(part, AnyOf):
            return np.logical_or.reduce(masks), np.maximum.reduce(scores)
        mask = np.logical_and.reduce(masks)
        return mask, np.where(mask, np.add.reduce(scores), np.float32(0))

    def _part_evidence(self, part: Words | Phrase | Prefix) -> Iterator[WordEvidence]:
        if isinstance(part, Phrase):
            yield match_phrase(self._view, part)
        elif isinstance(part, Prefix):
            evidence, truncated = match_prefix(self._view, part)
            if truncated:
                self.truncated_prefixes.append(part.text)
            yield evidence
        else:
            words = self.word_evidence(part, names_in_part(self._context, render(part)))
            if part.field == "source":
                words = [_with_source_id(self._view, part.text, word) for word in words]
            yield from words


def _with_source_id(view: IndexView, id_: str, evidence: WordEvidence) -> WordEvidence:
    """Return the evidence of a word in source titles, or of the source with that id."""
    having = evidence.mask | view.mask_with("source", id_)
    return WordEvidence(
        evidence.position, evidence.word, evidence.scores, having, evidence.significance, evidence.postings
    )


def score(evaluated: EvaluatedQuery, within: Mask) -> ScoredDocuments:
    """Return documents of `within` with all words, or with the most significant ones."""
    scores = evaluated.part_scores.copy()
    mask = within.copy()
    for evidence in evaluated.words:
        mask &= evidence.mask
        scores += evidence.scores
    if mask.any() or not evaluated.words:
        return ScoredDocuments(mask, scores)
    return _score_partial(evaluated, within, scores)


def rerank_by_proximity(
    evaluated: EvaluatedQuery, scored: ScoredDocuments, query: SearchQuery
) -> ScoredDocuments:
    """Rerank the top documents by the proximity of the query words."""
    plain = plain_words(query.tree)
    matching = np.flatnonzero(scored.mask)
    if plain is None or len(matching) < 2 or len(evaluated.words) < 2:
        return scored
    if len(matching) > RERANKED_DOCUMENTS:
        best = np.argpartition(-scored.scores[matching], RERANKED_DOCUMENTS)[:RERANKED_DOCUMENTS]
        matching = matching[best]
    candidates = np.zeros(evaluated.view.size, np.bool_)
    candidates[matching] = True
    plain_query_words = query_words(plain.text)
    words = [(plain_query_words[evidence.position], evidence) for evidence in evaluated.words]
    bonuses = proximity_bonuses(evaluated.view, words, query.lang, candidates)
    scores = np.add.reduce([scored.scores, *(bonus.scores for bonus in bonuses)])
    return replace(scored, scores=scores, proximity=bonuses)


def _score_partial(evaluated: EvaluatedQuery, within: Mask, scores: Floats) -> ScoredDocuments:
    """Return the documents with the most significant words; among equals, with the first words."""
    significance = np.zeros(evaluated.view.size, np.float64)
    for evidence in evaluated.words:
        significance[evidence.mask] += evidence.significance
    significance[~within] = 0.0
    best_significance = significance.max(initial=0.0)
    mask = (
        np.isclose(significance, best_significance)
        if best_significance
        else np.zeros(evaluated.view.size, np.bool_)
    )
    dropped = []
    for evidence in evaluated.words:
        having = mask & evidence.mask
        if having.any():
            mask = having
        else:
            dropped.append(evidence.position)
    return ScoredDocuments(mask, scores, tuple(dropped))
