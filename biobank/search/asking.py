"""Normalization of queries: parse the typed text and move its conditions to facets and dates.

A condition in the text that equals a facet or a date filter is moved there. Facets, form and active
filters then show it, and equivalent queries share one URL.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from biobank.records.catalogue import Catalogue
from biobank.records.dates import date_range
from biobank.records.reference.redirects import led_on
from biobank.search.language.fields import UNKNOWN
from biobank.search.language.limits import limited
from biobank.search.language.meaning import Meaning
from biobank.search.language.parsing import parse
from biobank.search.language.tree import (
    EVERYONE,
    AllOf,
    AnyOf,
    Node,
    Not,
    Value,
    render,
    tidy,
    top_parts,
)
from biobank.search.language.values import Labels
from biobank.search.query import FACETS, VALUES_MOST, Choice, DateFilter, SearchQuery


def asked(query: SearchQuery, labels: Labels) -> SearchQuery:
    """Return the normalized form of `query`, whose text may be anything that was typed."""
    typed = query.text
    parsed = parse(typed, query.lang)
    meaning = Meaning(labels, query.lang)
    tree, beyond = limited(meaning.of(parsed.tree), query.lang)
    moved = _Moved(query)
    rest = moved.rest_of(tree)
    problems = (*parsed.problems, *meaning.problems, *beyond)
    text = render(rest)
    return replace(
        moved.query,
        text=text,
        typed=typed,
        read=(text, rest),
        problems=tuple(sorted(problems, key=lambda it: (it.start, it.end))),
    )


def with_ids_of_now(query: SearchQuery, catalogue: Catalogue) -> SearchQuery:
    """Return `query` with the ids of merged records replaced by the ids they redirect to."""
    if not catalogue.redirects or not query.choices:
        return query
    choices = {
        facet: Choice(*(_each_led_on(catalogue, facet, ids) for ids in (it.include, it.exclude)))
        for facet, it in query.choices.items()
    }
    return replace(query, choices=MappingProxyType(choices))


def _each_led_on(catalogue: Catalogue, facet: str, ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(led_on(catalogue.redirects, facet, id_) for id_ in ids))


def date_filter(text: str) -> DateFilter:
    """Parse a normalized date condition.

    Raises:
        DateError: If the text is not a range of days.
    """
    return DateFilter(text, None, None) if text == UNKNOWN else DateFilter(text, *date_range(text))


class _Moved:
    """Moves conditions from the text of a query to its facets and dates."""

    def __init__(self, query: SearchQuery) -> None:
        self.query = query

    def rest_of(self, tree: Node) -> Node:
        """Move what facets and dates can express and return the remaining tree."""
        # Process the parts from last to first: the query string lists moved conditions after the
        # text.
        rest = [part for part in reversed(top_parts(tree)) if not self._moves(part)]
        return tidy(AllOf(tuple(reversed(rest)))) if rest else EVERYONE

    def _moves(self, part: Node) -> bool:
        if isinstance(part, Value) and part.field in ("born", "died"):
            return self._date(part)
        excluded = isinstance(part, Not)
        found = _values(part.part if isinstance(part, Not) else part)
        fields = {value.field for value in found}
        if len(fields) != 1 or not fields <= set(FACETS):
            return False
        facet = found[0].field
        return self._choose(facet, tuple(value.value for value in found), excluded=excluded)

    def _choose(self, facet: str, values: tuple[str, ...], *, excluded: bool) -> bool:
        choice = self.query.choices.get(facet, Choice())
        if excluded:
            # Excluding any of several values excludes each of them.
            made = Choice(choice.include, tuple(dict.fromkeys((*values, *choice.exclude))))
        elif choice.include and set(values) != set(choice.include):
            # Values of one facet are alternatives, so a second condition on it cannot be moved.
            return False
        else:
            made = Choice(choice.include or values, choice.exclude)
        if len(made.values) > VALUES_MOST:
            return False
        choices: Mapping[str, Choice] = {**self.query.choices, facet: made}
        self.query = replace(self.query, choices=MappingProxyType(dict(choices)))
        return True

    def _date(self, part: Value) -> bool:
        found = date_filter(part.value)
        before = self.query.born if part.field == "born" else self.query.died
        if before is not None:
            return before == found
        dates = {part.field: found}
        self.query = replace(self.query, **dates)  # type: ignore[arg-type]
        return True


def _values(part: Node) -> tuple[Value, ...]:
    """Return the values of a part that is one value or an alternative of values, else none."""
    if isinstance(part, Value):
        return (part,)
    if isinstance(part, AnyOf) and all(isinstance(each, Value) for each in part.parts):
        return tuple(each for each in part.parts if isinstance(each, Value))
    return ()
