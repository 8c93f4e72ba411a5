"""Relaxing recognised conditions that together find nobody.

A question that finds people as plain words never finds fewer because conditions were recognised in it:
where they find nobody, the words are searched as typed, and if these do not occur together either, the
conditions are given up one by one, the least telling first.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from biobank.search.executor import SearchResult
from biobank.search.language.label_index import LabelIndex
from biobank.search.language.tree import AllOf, AnyOf, QueryNode, render, tidy
from biobank.search.normalize import normalize_query, without_conditions
from biobank.search.query import SearchQuery
from biobank.search.recognition.conditions import RecognisedCondition

#: Fields in the order in which their conditions are given up; any other field comes last.
GIVEN_UP_FIRST: Final = (
    "alive",
    "born",
    "died",
    "century",
    "country",
    "place",
    "birthplace",
    "deathplace",
    "gender",
    "event",
    "award",
    "organisation",
)
#: Maximum number of searches for relaxing one query.
MAX_RELAXED_SEARCHES: Final = 8


@dataclass(frozen=True)
class RelaxedSearch:
    """The executed query, its result, and the recognised conditions that it lacks."""

    query: SearchQuery
    result: SearchResult
    dropped: tuple[RecognisedCondition, ...] = ()

    @property
    def match(self) -> str:
        """Return the kind of match; results without some of the conditions are partial."""
        is_partial = bool(self.dropped) and not self.query.literal
        return "partial" if is_partial else self.result.match


def search_relaxed(
    query: SearchQuery, labels: LabelIndex, execute: Callable[[SearchQuery], SearchResult]
) -> RelaxedSearch:
    """Execute a normalized query, with fewer of its recognised conditions if they find nobody."""
    result = execute(query)
    if not query.recognised or query.as_typed is None or _finds_all(result):
        return RelaxedSearch(query, result)
    literal = normalize_query(query.as_typed, labels)
    literal_result = execute(literal)
    if _finds_all(literal_result):
        return RelaxedSearch(literal, literal_result, query.recognised)
    if result.response.total:
        return RelaxedSearch(query, result)
    for relaxed, dropped in _relaxed_queries(query, labels):
        result = execute(relaxed)
        if result.response.total:
            return RelaxedSearch(relaxed, result, dropped)
    return RelaxedSearch(literal, literal_result, query.recognised)


def _finds_all(result: SearchResult) -> bool:
    """Return whether there are results that have all words."""
    return result.response.total > 0 and result.match == "found"


def _relaxed_queries(
    query: SearchQuery, labels: LabelIndex
) -> Iterator[tuple[SearchQuery, tuple[RecognisedCondition, ...]]]:
    """Yield the query without one condition, then without one more, with those it lacks."""
    dropped: tuple[RecognisedCondition, ...] = ()
    remaining = sorted(query.recognised, key=lambda condition: _order(condition.node))
    attempts = 0
    while len(remaining) > 1 and attempts < MAX_RELAXED_SEARCHES:
        for condition in remaining:
            attempts += 1
            given_up = _with_implied_gender(condition, remaining)
            if len(given_up) < len(remaining):
                lacking = (*dropped, *given_up)
                yield without_conditions(query, lacking, labels), lacking
        dropped = (*dropped, remaining.pop(0))


def _with_implied_gender(
    condition: RecognisedCondition, remaining: Sequence[RecognisedCondition]
) -> tuple[RecognisedCondition, ...]:
    """Return a condition with the gender that the same words imply: sisters of somebody, not women."""
    if _field(condition.node) == "gender":
        return (condition,)
    implied = (
        other
        for other in remaining
        if _field(other.node) == "gender" and (other.start, other.end) == (condition.start, condition.end)
    )
    return (condition, *implied)


def with_condition(query: SearchQuery, condition: RecognisedCondition) -> SearchQuery:
    """Return the first page of a query with one more condition."""
    tree = tidy(AllOf((query.tree, condition.node)))
    return replace(query, text=render(tree), typed="", page=1)


def _order(node: QueryNode) -> int:
    name = _field(node)
    return GIVEN_UP_FIRST.index(name) if name in GIVEN_UP_FIRST else len(GIVEN_UP_FIRST)


def _field(node: QueryNode) -> str:
    """Return the field of a condition, empty if it has none."""
    value = node.parts[0] if isinstance(node, AnyOf) else node
    return str(getattr(value, "field", ""))
