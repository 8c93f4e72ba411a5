"""Engine responses: a page of hits, totals, facets, and relaxations if nothing matches."""

from collections.abc import Mapping

import numpy as np

from biobank.search.engine import EngineHit, EngineResponse, QueryContext
from biobank.search.geo import TIE_KINDS
from biobank.search.query import FACETS, UNKNOWN, SearchQuery
from biobank.search.whoosh_engine.birth_histogram import count_births
from biobank.search.whoosh_engine.evaluation import (
    EvaluatedQuery,
    evaluate,
    rerank_by_proximity,
    score,
)
from biobank.search.whoosh_engine.facets import Mask
from biobank.search.whoosh_engine.ordering import select_page
from biobank.search.whoosh_engine.postings import Ints
from biobank.search.whoosh_engine.score_reasons import score_reasons
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
        unknown_positions=tuple(
            evidence.position for evidence in evaluated.words if not evidence.in_text
        ),
        relaxations={} if len(matching) else _relaxation_counts(evaluated),
        births=count_births(
            view, scored.mask if not query.born else _mask_without(evaluated, "born")
        ),
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


def _facet_counts(
    evaluated: EvaluatedQuery, facet: str, mask: Mask, matching: Ints
) -> Mapping[str, int]:
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
