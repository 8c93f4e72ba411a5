"""Normalization of queries: parse the typed text and move its conditions to facets and dates.

A condition in the text that equals a facet or a date filter is moved there. Facets, form and active
filters then show it, and equivalent queries share one URL.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from biobank.records.catalogue import Catalogue
from biobank.records.dates import parse_date_range
from biobank.records.reference.redirects import resolve_facet_value
from biobank.search.language.fields import UNKNOWN
from biobank.search.language.label_index import LabelIndex
from biobank.search.language.limits import apply_limits
from biobank.search.language.parser import parse
from biobank.search.language.tree import (
    MATCH_ALL,
    AllOf,
    AnyOf,
    Not,
    QueryNode,
    Value,
    render,
    tidy,
    top_parts,
)
from biobank.search.language.value_resolver import ValueResolver
from biobank.search.query import FACETS, MAX_FACET_VALUES, DateFilter, FacetChoice, SearchQuery


def normalize_query(query: SearchQuery, labels: LabelIndex) -> SearchQuery:
    """Return the normalized form of `query`, whose text may be anything that was typed."""
    typed = query.text
    parsed = parse(typed, query.lang)
    resolver = ValueResolver(labels, query.lang)
    tree, limit_problems = apply_limits(resolver.resolve(parsed.tree), query.lang)
    extractor = _FacetExtractor(query)
    remaining_tree = extractor.remaining_tree(tree)
    problems = (*parsed.problems, *resolver.problems, *limit_problems)
    text = render(remaining_tree)
    return replace(
        extractor.query,
        text=text,
        typed=typed,
        parsed=(text, remaining_tree),
        problems=tuple(sorted(problems, key=lambda problem: (problem.start, problem.end))),
    )


def resolve_redirects(query: SearchQuery, catalogue: Catalogue) -> SearchQuery:
    """Return `query` with the ids of merged records replaced by the ids they redirect to."""
    if not catalogue.redirects or not query.choices:
        return query
    choices = {
        facet: FacetChoice(
            *(_resolve_ids(catalogue, facet, ids) for ids in (choice.include, choice.exclude))
        )
        for facet, choice in query.choices.items()
    }
    return replace(query, choices=MappingProxyType(choices))


def _resolve_ids(catalogue: Catalogue, facet: str, ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(resolve_facet_value(catalogue.redirects, facet, id_) for id_ in ids))


def date_filter(text: str) -> DateFilter:
    """Parse a normalized date condition.

    Raises:
        DateError: If the text is not a range of days.
    """
    return (
        DateFilter(text, None, None)
        if text == UNKNOWN
        else DateFilter(text, *parse_date_range(text))
    )


class _FacetExtractor:
    """Moves conditions from the text of a query to its facets and dates."""

    def __init__(self, query: SearchQuery) -> None:
        self.query = query

    def remaining_tree(self, tree: QueryNode) -> QueryNode:
        """Move what facets and dates can express and return the remaining tree."""
        # Process the parts from last to first: the query string lists moved conditions after the
        # text.
        remaining = [part for part in reversed(top_parts(tree)) if not self._extract(part)]
        return tidy(AllOf(tuple(reversed(remaining)))) if remaining else MATCH_ALL

    def _extract(self, part: QueryNode) -> bool:
        if isinstance(part, Value) and part.field in ("born", "died"):
            return self._set_date_filter(part)
        excluded = isinstance(part, Not)
        values = _alternative_values(part.part if isinstance(part, Not) else part)
        fields = {value.field for value in values}
        if len(fields) != 1 or not fields <= set(FACETS):
            return False
        facet = values[0].field
        return self._add_choice(facet, tuple(value.value for value in values), excluded=excluded)

    def _add_choice(self, facet: str, values: tuple[str, ...], *, excluded: bool) -> bool:
        choice = self.query.choices.get(facet, FacetChoice())
        if excluded:
            # Excluding any of several values excludes each of them.
            new_choice = FacetChoice(
                choice.include, tuple(dict.fromkeys((*values, *choice.exclude)))
            )
        elif choice.include and set(values) != set(choice.include):
            # Values of one facet are alternatives, so a second condition on it cannot be moved.
            return False
        else:
            new_choice = FacetChoice(choice.include or values, choice.exclude)
        if len(new_choice.values) > MAX_FACET_VALUES:
            return False
        choices: Mapping[str, FacetChoice] = {**self.query.choices, facet: new_choice}
        self.query = replace(self.query, choices=MappingProxyType(dict(choices)))
        return True

    def _set_date_filter(self, part: Value) -> bool:
        new_filter = date_filter(part.value)
        current_filter = self.query.born if part.field == "born" else self.query.died
        if current_filter is not None:
            return current_filter == new_filter
        dates = {part.field: new_filter}
        self.query = replace(self.query, **dates)  # type: ignore[arg-type]
        return True


def _alternative_values(part: QueryNode) -> tuple[Value, ...]:
    """Return the values of a part that is one value or an alternative of values, else none."""
    if isinstance(part, Value):
        return (part,)
    if isinstance(part, AnyOf) and all(isinstance(value, Value) for value in part.parts):
        return tuple(value for value in part.parts if isinstance(value, Value))
    return ()
