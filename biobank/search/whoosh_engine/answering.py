"""Engine responses: a page of hits, totals, facets, and relaxations if nothing matches."""

from collections.abc import Mapping

import numpy as np

from biobank.search.port import EngineAnswer, EngineHit, Knowing
from biobank.search.query import FACETS, UNKNOWN, SearchQuery
from biobank.search.where import TIES
from biobank.search.whoosh_engine.births import births
from biobank.search.whoosh_engine.facets import Mask
from biobank.search.whoosh_engine.matching import Asked, score, with_nearness, work_out
from biobank.search.whoosh_engine.ordering import page_of
from biobank.search.whoosh_engine.postings import Ints
from biobank.search.whoosh_engine.reasons import reasons_of
from biobank.search.whoosh_engine.view import View

#: Name of the condition of the plain words, beside facets, dates and other parts.
TEXT = "text"


def answer(view: View, query: SearchQuery, knowing: Knowing) -> EngineAnswer:
    """Return the page of `query`; total and facets count exactly the set that paging walks."""
    asked = work_out(view, query, knowing)
    scored = score(asked, asked.within())
    if query.sort == "relevance":
        scored = with_nearness(asked, scored, query)
    found = np.flatnonzero(scored.mask)
    page = page_of(view, query, found, scored)
    reasons = reasons_of(asked, scored, page) if knowing.reasons else {}
    return EngineAnswer(
        hits=tuple(
            EngineHit(view.ids[number], float(scored.scores[number]), reasons.get(number, ()))
            for number in page.tolist()
        ),
        total=len(found),
        facets={facet: _counts(asked, facet, scored.mask, found) for facet in FACETS},
        let_go=scored.let_go,
        unknown=tuple(word.position for word in asked.words if not word.written),
        relax={} if len(found) else _relax(asked),
        births=births(view, scored.mask if not query.born else _without(asked, "born")),
        wide=asked.wide,
    )


def ties(view: View, query: SearchQuery, knowing: Knowing) -> dict[str, dict[str, frozenset[str]]]:
    """Return the ids of all matching people by tie and place."""
    asked = work_out(view, query, knowing)
    mask = score(asked, asked.within()).mask
    return {
        tie: {
            place: frozenset(map(view.ids.__getitem__, numbers.tolist()))
            for place, numbers in view.facets[f"at_{tie}"].among(mask)
            if place != UNKNOWN
        }
        for tie in TIES[1:]
    }


def _counts(asked: Asked, facet: str, mask: Mask, found: Ints) -> Mapping[str, int]:
    # A facet's own choice is ignored in its counts, so that other values can be chosen.
    if facet in asked.conditions:
        mask = _without(asked, facet)
        found = np.flatnonzero(mask)
    return asked.view.facets[facet].counts(mask, found)


def _without(asked: Asked, condition: str) -> Mask:
    return score(asked, asked.within(without=condition)).mask


def _relax(asked: Asked) -> dict[str, int]:
    """Return the number of matches without each condition, where there are any."""
    counts = {name: int(_without(asked, name).sum()) for name in asked.conditions}
    if asked.words and asked.conditions:
        counts[TEXT] = int(asked.within().sum())
    return {name: count for name, count in counts.items() if count}
