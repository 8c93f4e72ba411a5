"""From a view and a query to a page of hits, totals, facets, and ways on where nothing is found."""

from collections.abc import Mapping, Sequence

import numpy as np

from biobank.search.port import EngineAnswer, EngineHit, Named
from biobank.search.query import FACETS, SearchQuery
from biobank.search.whoosh_engine.conditions import all_of, conditions_of
from biobank.search.whoosh_engine.facets import Mask
from biobank.search.whoosh_engine.ordering import page_of
from biobank.search.whoosh_engine.scoring import Evidence, score, weigh
from biobank.search.whoosh_engine.view import View

#: The condition that is the question's words, beside the facets and `born` and `died`.
TEXT = "text"


def answer(view: View, query: SearchQuery, named: Sequence[Named]) -> EngineAnswer:
    """The page of `query`; its total and facets count exactly the set that paging walks."""
    conditions = conditions_of(view, query)
    evidence = weigh(view, query, named)
    scored = score(view, evidence, all_of(view, conditions))
    found = np.flatnonzero(scored.mask)
    facets = {
        facet: view.facets[facet].counts(scored.mask, found)
        for facet in FACETS
        if facet not in conditions
    }
    # A facet's own choice is left out of its counts, so that one may choose another value.
    for facet in FACETS:
        if facet in conditions:
            facets[facet] = _count_without(view, evidence, conditions, facet)
    return EngineAnswer(
        hits=tuple(
            EngineHit(view.ids[number], float(scored.scores[number]))
            for number in page_of(view, query, found, scored)
        ),
        total=len(found),
        facets=facets,
        let_go=scored.let_go,
        relax={} if len(found) else _relax(view, query, evidence, conditions),
    )


def _count_without(
    view: View, evidence: list[Evidence], conditions: Mapping[str, Mask], facet: str
) -> dict[str, int]:
    mask = score(view, evidence, all_of(view, conditions, without=facet)).mask
    return view.facets[facet].counts(mask, np.flatnonzero(mask))


def _relax(
    view: View, query: SearchQuery, evidence: list[Evidence], conditions: Mapping[str, Mask]
) -> dict[str, int]:
    """How many people would be found with one condition dropped; conditions that help only."""
    counts = {
        name: int(score(view, evidence, all_of(view, conditions, without=name)).mask.sum())
        for name in conditions
    }
    if query.text and conditions:
        counts[TEXT] = int(all_of(view, conditions).sum())
    return {name: count for name, count in counts.items() if count}
