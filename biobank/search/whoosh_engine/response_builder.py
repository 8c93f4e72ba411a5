"""Engine responses: a page of hits, totals, facets, and relaxations if nothing matches."""

from collections.abc import Mapping

import numpy as np

from biobank.records.proleptic_calendar import to_ordinal
from biobank.search.engine import DecadeBirths, EngineHit, EngineResponse, QueryContext, ScoreReason
from biobank.search.geo import TIE_KINDS
from biobank.search.query import FACETS, UNKNOWN, SearchQuery
from biobank.search.whoosh_engine.evaluation import (
    EvaluatedQuery,
    ScoredDocuments,
    evaluate,
    rerank_by_proximity,
    score,
)
from biobank.search.whoosh_engine.facets import Mask
from biobank.search.whoosh_engine.ordering import select_page
from biobank.search.whoosh_engine.postings import Ints
from biobank.search.whoosh_engine.scoring import WordEvidence
from biobank.search.whoosh_engine.view import IndexView

#: Name of the condition of the plain words, beside facets, dates and other parts.
TEXT_CONDITION = "text"


def build_response(view: IndexView, query: SearchQuery, context: QueryContext) -> EngineResponse:
    """Return the page of `query`; total and facets count exactly the set that paging walks."""
    evaluated = evaluate(view, query, context)
    scored = score(evaluated, evaluated.within())
    if query.sort == "relevance":
        scored = rerank_by_proximity(evaluated, scored, query)
    matching = np.flatnonzero(scored.mask)
    page = select_page(view, query, matching, scored)
    reasons = score_reasons(evaluated, scored, page) if context.reasons else {}
    return EngineResponse(
        hits=tuple(
            EngineHit(view.ids[number], float(scored.scores[number]), reasons.get(number, ()))
            for number in page.tolist()
        ),
        total=len(matching),
        facets={facet: _facet_counts(evaluated, facet, scored.mask, matching) for facet in FACETS},
        dropped_positions=scored.dropped_positions,
        unknown_positions=tuple(evidence.position for evidence in evaluated.words if not evidence.in_text),
        relaxations={} if len(matching) else _relaxation_counts(evaluated),
        births=count_births(view, scored.mask if not query.born else _mask_without(evaluated, "born")),
        truncated_prefixes=evaluated.truncated_prefixes,
    )


def people_by_place(
    view: IndexView, query: SearchQuery, context: QueryContext
) -> dict[str, dict[str, frozenset[str]]]:
    """Return the ids of all matching people by tie and place."""
    evaluated = evaluate(view, query, context)
    mask = score(evaluated, evaluated.within()).mask
    return {
        tie: {
            place: frozenset(map(view.ids.__getitem__, numbers.tolist()))
            for place, numbers in view.facets[f"at_{tie}"].documents_by_value(mask)
            if place != UNKNOWN
        }
        for tie in TIE_KINDS[1:]
    }


def _facet_counts(evaluated: EvaluatedQuery, facet: str, mask: Mask, matching: Ints) -> Mapping[str, int]:
    # A facet's own choice is ignored in its counts, so that other values can be chosen.
    if facet in evaluated.conditions:
        mask = _mask_without(evaluated, facet)
        matching = np.flatnonzero(mask)
    return evaluated.view.facets[facet].counts(mask, matching)


def _mask_without(evaluated: EvaluatedQuery, condition: str) -> Mask:
    return score(evaluated, evaluated.within(without=condition)).mask


def _relaxation_counts(evaluated: EvaluatedQuery) -> dict[str, int]:
    """Return the number of matches without each condition, where there are any."""
    counts = {name: int(_mask_without(evaluated, name).sum()) for name in evaluated.conditions}
    if evaluated.words and evaluated.conditions:
        counts[TEXT_CONDITION] = int(evaluated.within().sum())
    return {name: count for name, count in counts.items() if count}


DECADE_YEARS = 10
#: Range of counted decades: from the first written records to any foreseeable entry. A birth
#: "before" or "after" a date counts in every decade that it may lie in.
FIRST_YEAR, END_YEAR = 0, 2100
DECADES = range(FIRST_YEAR, END_YEAR, DECADE_YEARS)
_DECADE_START_DAYS = np.array([to_ordinal(decade, 1, 1) for decade in (*DECADES, END_YEAR)], np.int64)


def count_births(view: IndexView, mask: Mask) -> tuple[DecadeBirths, ...]:
    """Return the decades in which people of `mask` were possibly or certainly born."""
    first, last = (days[mask] for days in view.born)
    known = first <= last
    begin, end = _decade_index(first[known]), _decade_index(last[known])
    # Difference array: each span adds 1 at its start and subtracts 1 after its end.
    steps = np.zeros(len(DECADES) + 1, np.int64)
    inside = (end >= 0) & (begin < len(DECADES))
    np.add.at(steps, np.maximum(begin[inside], 0), 1)
    np.subtract.at(steps, np.minimum(end[inside], len(DECADES) - 1) + 1, 1)
    possible = np.cumsum(steps)[:-1]
    certain_decades = begin[inside & (begin == end)]
    certain = np.bincount(certain_decades, minlength=len(DECADES))
    return tuple(
        DecadeBirths(DECADES[decade_index], int(possible[decade_index]), int(certain[decade_index]))
        for decade_index in np.flatnonzero(possible).tolist()
    )


def _decade_index(days: Ints) -> Ints:
    """Return the decade index of each day; -1 before the first, or beyond the last."""
    return np.searchsorted(_DECADE_START_DAYS, days, side="right").astype(np.int64) - 1


#: The place of words that occur near each other, whatever the field.
PROXIMITY_PLACE = "together"


def score_reasons(
    evaluated: EvaluatedQuery, scored: ScoredDocuments, page: Ints
) -> dict[int, tuple[ScoreReason, ...]]:
    """Return the score reasons of each document of `page`, the largest first."""
    by_document: dict[int, list[ScoreReason]] = {number: [] for number in page.tolist()}
    for evidence in (*evaluated.words, *evaluated.part_evidence):
        for number, reason in _best_fields(evidence, page).items():
            by_document[number].append(reason)
    for bonus in scored.proximity:
        for number in page[bonus.scores[page] > 0].tolist():
            added = round(float(bonus.scores[number]), 4)
            by_document[number].append(ScoreReason(bonus.words, PROXIMITY_PLACE, "", added))
    for prominence in evaluated.prominence:
        for number in page[prominence.scores[page] > 0].tolist():
            value = next(value for value, having in prominence.values.items() if having[number])
            added = round(float(prominence.scores[number]), 4)
            by_document[number].append(ScoreReason(value, prominence.field, "", added))
    return {
        number: tuple(sorted(reasons, key=lambda reason: -reason.score))
        for number, reasons in by_document.items()
    }


def _best_fields(evidence: WordEvidence, page: Ints) -> dict[int, ScoreReason]:
    """Return the best field of a word for each document of `page` that has it."""
    best: dict[int, tuple[float, str]] = {}
    for field, documents, scores in evidence.postings:
        order = np.argsort(documents, kind="stable") if np.any(np.diff(documents) < 0) else None
        documents = documents if order is None else documents[order]
        scores = scores if order is None else scores[order]
        positions = np.minimum(np.searchsorted(documents, page), max(len(documents) - 1, 0))
        for number, position in zip(page.tolist(), positions.tolist(), strict=True):
            if len(documents) and documents[position] == number:
                best[number] = max(best.get(number, (0.0, "")), (float(scores[position]), field))
    return {
        number: ScoreReason(evidence.word, *_split_field(field), round(score * evidence.significance, 4))
        for number, (score, field) in best.items()
    }


def _split_field(field: str) -> tuple[str, str]:
    """Split a field name, `headline_az`, into group and language; names and sources have none."""
    group, _, lang = field.partition("_")
    return group, lang
