"""From a view and a query to a page of hits, totals, facets, and ways on where nothing is found."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biobank.search.port import EngineAnswer, EngineHit
from biobank.search.query import FACETS, SearchQuery
from biobank.search.whoosh_engine.scoring import Scored, chosen, dated, score
from biobank.search.whoosh_engine.segment import Ints
from biobank.search.whoosh_engine.view import Mask, View

#: The condition that is the question's words, beside the facets and `born` and `died`.
TEXT = "text"


def answer(view: View, query: SearchQuery) -> EngineAnswer:
    """The page of `query`; its total and facets count exactly the set that paging walks."""
    conditions = _conditions(view, query)
    base = _all_of(view, conditions)
    scored = score(view, query, base)
    found = scored.mask
    order = _order(view, query, np.flatnonzero(found), scored)
    page = order[query.offset : query.offset + query.size]
    return EngineAnswer(
        hits=tuple(EngineHit(view.ids[number], float(scored.scores[number])) for number in page),
        total=len(order),
        facets={facet: _count(view, query, conditions, facet, scored) for facet in FACETS},
        let_go=scored.let_go,
        relax={} if len(order) else _relax(view, query, conditions),
    )


def _conditions(view: View, query: SearchQuery) -> dict[str, Mask]:
    """One mask a condition that is not the words."""
    masks = {facet: chosen(view, facet, choice) for facet, choice in query.choices.items()}
    for role, dates in (("born", query.born), ("died", query.died)):
        if dates:
            masks[role] = dated(view, role, dates, query.certainty)
    return masks


def _all_of(view: View, conditions: Mapping[str, Mask], without: str = "") -> Mask:
    mask = view.live.copy()
    for name, condition in conditions.items():
        if name != without:
            mask &= condition
    return mask


def _count(
    view: View, query: SearchQuery, conditions: Mapping[str, Mask], facet: str, scored: Scored
) -> dict[str, int]:
    """Counts of one facet, with its own choice left out so that one may choose another value."""
    if facet not in conditions:
        return view.count_values(facet, scored.mask)
    without = score(view, query, _all_of(view, conditions, without=facet))
    return view.count_values(facet, without.mask)


def _order(view: View, query: SearchQuery, found: Ints, scored: Scored) -> Ints:
    """`found` in the order asked for; the last key is the name, so that no two are equal."""
    rank = view.name_rank[found]
    documented = -view.documented[found]
    keys: tuple[NDArray[Any], ...] = (rank,)
    if query.sort == "birth":
        keys = (rank, view.born[0][found])
    elif query.sort == "-birth":
        # People without a birth stand last both ways.
        earliest, latest = view.born[0][found], view.born[1][found]
        keys = (rank, np.where(earliest > latest, 0, -earliest), earliest > latest)
    elif query.sort == "updated":
        keys = (rank, -view.updated[found])
    elif query.sort == "relevance":
        # Rounded, so that sums in another order of addition do not break a tie.
        keys = (rank, documented, -np.round(scored.scores[found], 4))
    return found[np.lexsort(keys)]


def _relax(view: View, query: SearchQuery, conditions: Mapping[str, Mask]) -> dict[str, int]:
    """How many people would be found with one condition dropped; conditions that help only."""
    counts = {
        name: int(score(view, query, _all_of(view, conditions, without=name)).mask.sum())
        for name in conditions
    }
    if query.text and conditions:
        counts[TEXT] = int(_all_of(view, conditions).sum())
    return {name: count for name, count in counts.items() if count}
