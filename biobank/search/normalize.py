"""Normalization of queries: parse the typed text and move its conditions to facets and dates.

A condition in the text that equals a facet or a date filter is moved there. Facets, form and active
filters then show it, and equivalent queries share one URL.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, TypeAlias

from biobank.names.folding import tokens
from biobank.records.catalogue import Catalogue
from biobank.records.dates import DateError, parse_date_range
from biobank.records.reference.redirects import resolve_facet_value
from biobank.search.language.fields import ALWAYS_KNOWN, FIELD_KINDS, UNKNOWN, QueryFieldKind
from biobank.search.language.label_index import RELATION_TYPE, LabelIndex
from biobank.search.language.parser import neutralize_operator, parse
from biobank.search.language.problems import QueryProblem
from biobank.search.language.tree import (
    MATCH_ALL,
    MAX_CONDITIONS,
    AllOf,
    AnyOf,
    Not,
    QueryNode,
    Value,
    Words,
    apply_limits,
    leaves,
    plain_words,
    render,
    tidy,
    top_parts,
)
from biobank.search.query import FACETS, MAX_FACET_VALUES, DateFilter, FacetChoice, SearchQuery
from biobank.search.recognition.conditions import RecognisedCondition, Recognition

#: Returns the conditions in the plain words of a query.
Recognise: TypeAlias = Callable[[Words], Recognition]


def normalize_query(
    query: SearchQuery, labels: LabelIndex, recognise: Recognise | None = None
) -> SearchQuery:
    """Return the normalized form of `query`, whose text may be anything that was typed.

    `recognise` reads conditions in its plain words; without it they stay words.
    """
    typed = query.text
    parsed = parse(typed)
    resolver = ValueResolver(labels, query.lang)
    tree, limit_problems = apply_limits(resolver.resolve(parsed.tree))
    recognition = _recognise(tree, recognise) if recognise and not query.literal else Recognition(None)
    if recognition.conditions:
        tree = _with_conditions(tree, recognition)
    extractor = _FacetExtractor(query)
    remaining_tree = extractor.remaining_tree(tree)
    problems = (*parsed.problems, *resolver.problems, *limit_problems)
    text = render(remaining_tree)
    return replace(
        extractor.query,
        text=text,
        typed=typed,
        parsed=(text, remaining_tree),
        recognised=recognition.conditions,
        doubtful=recognition.doubtful,
        unrecognised=recognition.words,
        as_typed=replace(query, literal=True),
        problems=tuple(sorted(problems, key=lambda problem: (problem.start, problem.end))),
    )


def _recognise(tree: QueryNode, recognise: Recognise) -> Recognition:
    plain = plain_words(tree)
    if plain is None:
        return Recognition(None)
    recognition = recognise(plain)
    recognised = sum(len(list(leaves(condition.node))) for condition in recognition.conditions)
    # The address of the search must stay within the limits too.
    is_within = len(list(leaves(tree))) + recognised <= MAX_CONDITIONS
    return recognition if is_within else Recognition(plain)


def _with_conditions(tree: QueryNode, recognition: Recognition) -> QueryNode:
    """Return the tree with the plain words replaced by what was recognised in them."""
    others = tuple(part for part in top_parts(tree) if part is not plain_words(tree))
    words = (recognition.words,) if recognition.words is not None else ()
    return tidy(AllOf((*words, *others, *(condition.node for condition in recognition.conditions))))


def without_conditions(
    query: SearchQuery, dropped: tuple[RecognisedCondition, ...], labels: LabelIndex
) -> SearchQuery:
    """Return a query without some of the conditions that were recognised in it."""
    if query.as_typed is None:
        return query
    remaining = tuple(condition for condition in query.recognised if condition not in dropped)
    recognition = Recognition(query.unrecognised, remaining)
    return normalize_query(replace(query.as_typed, literal=False), labels, lambda _plain: recognition)


def resolve_redirects(query: SearchQuery, catalogue: Catalogue) -> SearchQuery:
    """Return `query` with the ids of merged records replaced by the ids they redirect to."""
    if not catalogue.redirects or not query.choices:
        return query
    choices = {
        facet: FacetChoice(*(_resolve_ids(catalogue, facet, ids) for ids in (choice.include, choice.exclude)))
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
    return DateFilter(text, None, None) if text == UNKNOWN else DateFilter(text, *parse_date_range(text))


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
            new_choice = FacetChoice(choice.include, tuple(dict.fromkeys((*values, *choice.exclude))))
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


#: Default and maximum radius in kilometres; the maximum is about the length of the country.
DEFAULT_DISTANCE_KM: Final = 50
MAX_DISTANCE_KM: Final = 2000

_YEAR_SPAN_PATTERN: Final = re.compile(r"(-?[0-9]{4}) ?[-–—] ?(-?[0-9]{4})")
_DECADE_PATTERN: Final = re.compile(r"([0-9]{3})0(?:s|-е|-cı illər|-ci illər|-cu illər|-cü illər)")
_SHORT_YEAR_PATTERN: Final = re.compile(r"([<>]?=?)([0-9]{3})")
_AGE_PATTERN: Final = re.compile(r"([<>]?)(=?)([0-9]{1,3})|([0-9]{1,3})?(?:\.\.|[-–])([0-9]{1,3})?")
_NEAR_PATTERN: Final = re.compile(r"(?P<place>.+?)(?:~ ?(?P<km>[0-9]{1,4}) ?(?:km|км)?)?", re.IGNORECASE)


class ValueResolver:
    """Resolves the field values of one query; `problems` lists those that could not be resolved."""

    def __init__(self, labels: LabelIndex, lang: str) -> None:
        self._labels = labels
        self._lang = lang
        self.problems: list[QueryProblem] = []

    def resolve(self, node: QueryNode) -> QueryNode:
        """Return the query with ids and normalized dates, tidied."""
        return tidy(self._resolve_node(node))

    def _resolve_node(self, node: QueryNode) -> QueryNode:
        if isinstance(node, Not):
            part = self._resolve_node(node.part)
            return Not(part) if part != MATCH_ALL else MATCH_ALL
        if isinstance(node, AllOf | AnyOf):
            parts = tuple(part for old in node.parts if (part := self._resolve_node(old)) != MATCH_ALL)
            return type(node)(parts) if parts else MATCH_ALL
        return self._resolve_value(node) if isinstance(node, Value) else node

    def _resolve_value(self, leaf: Value) -> QueryNode:
        if leaf.value == UNKNOWN and leaf.field not in ALWAYS_KNOWN:
            return leaf
        kind = FIELD_KINDS[leaf.field]
        if kind is QueryFieldKind.TERM:
            return self._resolve_term(leaf)
        if kind is QueryFieldKind.RELATED_PERSON:
            return leaf
        if kind is QueryFieldKind.PERSON:
            ids = self._labels.find(RELATION_TYPE, leaf.value)
            return _any_value(leaf, ids) if ids else leaf
        if kind is QueryFieldKind.PLACE_NEAR:
            return self._resolve_near(leaf)
        normalize = normalize_dates if kind is QueryFieldKind.DATES else normalize_age
        value = normalize(leaf.value)
        code = "bad_date" if kind is QueryFieldKind.DATES else "bad_age"
        return replace(leaf, value=value) if value else self._report_invalid(leaf, code)

    def _resolve_term(self, leaf: Value) -> QueryNode:
        ids = self._labels.find(leaf.field, leaf.value)
        return _any_value(leaf, ids) if ids else self._report_unknown(leaf, leaf.value)

    def _resolve_near(self, leaf: Value) -> QueryNode:
        match = _NEAR_PATTERN.fullmatch(leaf.value)
        km = int(match["km"] or DEFAULT_DISTANCE_KM) if match else 0
        if match is None or not 1 <= km <= MAX_DISTANCE_KM:
            return self._report_invalid(leaf, "bad_distance", most=MAX_DISTANCE_KM)
        ids = self._labels.find("near", match["place"])
        if not ids:
            return self._report_unknown(leaf, match["place"])
        return _any_value(leaf, [f"{id_}~{km}km" for id_ in ids])

    def _report_unknown(self, leaf: Value, text: str) -> QueryNode:
        similar = self._labels.similar_labels(leaf.field, text, self._lang)
        self.problems.append(unknown_value_problem(leaf, text, similar))
        return self._as_words(leaf)

    def _report_invalid(self, leaf: Value, code: str, **params: int) -> QueryNode:
        start, end = leaf.span or (0, 0)
        self.problems.append(QueryProblem(start, end, code, {"what": leaf.value, **params}))
        return self._as_words(leaf)

    def _as_words(self, leaf: Value) -> QueryNode:
        """Return the value as plain words, which have no special meaning anywhere."""
        text = " ".join(neutralize_operator(token.text) for token in tokens(leaf.value))
        return Words(text, span=leaf.span) if text else MATCH_ALL


def unknown_value_problem(leaf: Value, text: str, similar: Iterable[str]) -> QueryProblem:
    """Report that no value is called `what`, with similar labels."""
    start, end = leaf.span or (0, 0)
    return QueryProblem(start, end, "unknown_value", {"what": text, "field": leaf.field}, tuple(similar))


def normalize_dates(text: str) -> str:
    """Normalize a range of days, `1880-1920` and `1880s` included; empty if it is not one."""
    text = text.strip()
    if text == UNKNOWN:
        return text
    if match := _YEAR_SPAN_PATTERN.fullmatch(text):
        text = f"{match[1]}..{match[2]}"
    elif match := _DECADE_PATTERN.fullmatch(text):
        text = f"{match[1]}X"
    elif match := _SHORT_YEAR_PATTERN.fullmatch(text):
        text = f"{match[1]}0{match[2]}"
    if text[:2] in ("<=", ">="):
        text = f"..{text[2:].strip()}" if text[0] == "<" else f"{text[2:].strip()}.."
    try:
        parse_date_range(text)
    except DateError:
        return ""
    return text


def normalize_age(text: str) -> str:
    """Normalize a range of ages, `60..70`; empty if it is not one."""
    if text == UNKNOWN:
        return text
    match = _AGE_PATTERN.fullmatch("".join(text.split()))
    if not match:
        return ""
    sign, inclusive, single, minimum, maximum = match.groups()
    if single is None:
        return f"{minimum or ''}..{maximum or ''}" if minimum or maximum else ""
    years = int(single)
    if sign == ">":
        return f"{years if inclusive else years + 1}.."
    if sign == "<":
        return f"..{years if inclusive else years - 1}" if years or inclusive else ""
    return f"{years}" if not inclusive else ""


def parse_age(text: str) -> tuple[int | None, int | None]:
    """Return minimum and maximum years of a normalized age, None if open; `90` is exactly 90."""
    minimum, dots, maximum = text.partition("..")
    if not dots:
        return int(minimum), int(minimum)
    return int(minimum) if minimum else None, int(maximum) if maximum else None


def parse_distance(value: str) -> tuple[str, int]:
    """Parse a normalized `near` value, `susa~50km`, into place and kilometres."""
    place, _, km = value.rpartition("~")
    return place, int(km.removesuffix("km"))


def _any_value(leaf: Value, ids: list[str] | tuple[str, ...]) -> QueryNode:
    values = tuple(replace(leaf, value=id_) for id_ in ids)
    return values[0] if len(values) == 1 else AnyOf(values)
