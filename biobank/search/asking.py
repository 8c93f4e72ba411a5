"""From what was typed and chosen to the one question it is.

What the text says the same as a facet or a date moves there, so that facets, form and chips show it
and one question has one address.
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
    """`query` in its one form; its `text` may be anything that was typed."""
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
    """`query` with what took their place in place of ids that were merged into others."""
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
    """The filter that a text in its one form says.

    Raises:
        DateError: where it is no range of days.
    """
    return DateFilter(text, None, None) if text == UNKNOWN else DateFilter(text, *date_range(text))


class _Moved:
    """Moves what stands in a text to the facets and dates of its query."""

    def __init__(self, query: SearchQuery) -> None:
        self.query = query

    def rest_of(self, tree: Node) -> Node:
        """What cannot be said by facets and dates."""
        # The last first, as the line of a question has what moved behind what did not.
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
            # Neither of them: an exclusion more for each.
            made = Choice(choice.include, tuple(dict.fromkeys((*values, *choice.exclude))))
        elif choice.include and set(values) != set(choice.include):
            # Values of a facet are alternatives; this is a condition more.
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
    """The values of a part that is one value, or any of some."""
    if isinstance(part, Value):
        return (part,)
    if isinstance(part, AnyOf) and all(isinstance(each, Value) for each in part.parts):
        return tuple(each for each in part.parts if isinstance(each, Value))
    return ()
