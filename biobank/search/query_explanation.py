"""Explanation of a query: each condition with a label in the reader's language."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from types import MappingProxyType

from biobank.search import labels
from biobank.search.geo import TIE_KINDS, Area, places_within
from biobank.search.labels import format_age_condition, format_date_condition
from biobank.search.language.fields import FIELD_KINDS, QueryFieldKind
from biobank.search.language.label_index import LabelIndex
from biobank.search.language.tree import (
    AnyOf,
    Not,
    Phrase,
    Prefix,
    QueryLeaf,
    QueryNode,
    Value,
    Words,
    leaves,
    plain_words,
    remove_node,
    render,
    replace_node,
    tidy,
    top_parts,
)
from biobank.search.normalize import parse_distance, without_conditions
from biobank.search.query import CERTAINTIES, FACETS, FacetChoice, SearchQuery
from biobank.search.query_words import query_words
from biobank.search.recognition.conditions import RecognisedCondition
from biobank.search.response import Interpretation, QueryPart

#: Maximum extent in degrees of an area labelled by the place in it; some hundred metres.
MAX_POINT_DEGREES = 0.001


def explain_query(
    query: SearchQuery, label_index: LabelIndex, dropped_positions: Collection[int]
) -> Iterator[QueryPart]:
    """Yield every condition of `query`: its words, with dropped ones marked, then the others."""
    plain = plain_words(query.tree)
    if plain is not None:
        yield from _explain_words(query, plain, dropped_positions)
    for part in top_parts(query.tree):
        if part is not plain and part != _MATCH_ALL_TREE:
            yield _explain_part(query, part, label_index)
    yield from _explain_choices(query, label_index)
    yield from _explain_dates(query)
    first_page = replace(query, page=1)
    if query.area:
        yield QueryPart(
            "area",
            query.area.text,
            _places_label(query.area, label_index, query.lang),
            labels.TIE_LABELS[query.tie].translate(query.lang),
            value=query.area.text,
            remaining_query=replace(first_page, area=None, tie=TIE_KINDS[0]),
        )
    if query.certainty != CERTAINTIES[0]:
        yield QueryPart(
            "certainty",
            query.certainty,
            labels.CERTAIN_LABEL.translate(query.lang),
            value=query.certainty,
            remaining_query=replace(first_page, certainty=CERTAINTIES[0]),
        )


def interpret(
    query: SearchQuery, conditions: Iterable[RecognisedCondition], label_index: LabelIndex
) -> Iterator[Interpretation]:
    """Yield the conditions recognised in the words of `query` with their labels."""
    for condition in conditions:
        yield Interpretation(
            text=condition.text,
            condition=condition.condition,
            label=_capitalize_first(part_label(condition.node, label_index, query.lang)),
            start=condition.start,
            end=condition.end,
            remaining_query=without_conditions(query, (condition,), label_index),
        )


def _capitalize_first(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def area_label(area: Area, tie: str, label_index: LabelIndex, lang: str) -> str:
    return f"{labels.TIE_LABELS[tie].translate(lang)}: {_places_label(area, label_index, lang)}"


def _places_label(area: Area, label_index: LabelIndex, lang: str) -> str:
    """Return the label of an area; a point-sized area is labelled by the places in it."""
    text = area.text
    if 0 <= area.east - area.west <= MAX_POINT_DEGREES and area.north - area.south <= MAX_POINT_DEGREES:
        places = [label_index.label("place", id_, lang) for id_ in places_within(label_index.catalogue, area)]
        text = ", ".join(sorted(places)) or text
    return text


def part_label(part: QueryNode, label_index: LabelIndex, lang: str) -> str:
    """Return the label of a part of a query."""
    if isinstance(part, Not):
        return f"{labels.NOT_LABEL.translate(lang)} {part_label(part.part, label_index, lang)}"
    title, label = _part_labels(part, label_index, lang)
    return f"{title}: {label}" if title else label


def _part_labels(part: QueryNode, label_index: LabelIndex, lang: str) -> tuple[str, str]:
    """Return the title of a part that has only one field, else an empty one, and its label."""
    if isinstance(part, QueryLeaf):
        return _leaf_labels(part, label_index, lang)
    if isinstance(part, AnyOf):
        separator = f" {labels.OR_LABEL.translate(lang)} "
        values = [_leaf_labels(value, label_index, lang) for value in part.parts if isinstance(value, Value)]
        titles = {title for title, _label in values}
        if len(values) == len(part.parts) and len(titles) == 1:
            return titles.pop(), separator.join(label for _title, label in values)
        return "", separator.join(part_label(subpart, label_index, lang) for subpart in part.parts)
    if isinstance(part, Not):
        return "", part_label(part, label_index, lang)
    return "", " + ".join(part_label(subpart, label_index, lang) for subpart in part.parts)


def _leaf_labels(leaf: QueryLeaf, label_index: LabelIndex, lang: str) -> tuple[str, str]:
    """Return the labels of a field, empty for plain words, and of its value."""
    title = label_index.field_label(leaf.field, lang) if leaf.field else ""
    if isinstance(leaf, Value):
        return title, _value_label(leaf, label_index, lang)
    return title, {Phrase: f"“{leaf.text}”", Prefix: f"{leaf.text}…"}.get(type(leaf), leaf.text)


def _value_label(part: Value, label_index: LabelIndex, lang: str) -> str:
    if part.field == "near":
        place, km = parse_distance(part.value)
        return f"{label_index.label('near', place, lang)}, {km} {labels.KM_LABEL.translate(lang)}"
    if FIELD_KINDS[part.field] is QueryFieldKind.DATES:
        return format_date_condition(part.value, lang)
    if part.field == "age":
        return format_age_condition(part.value, lang)
    return label_index.label(part.field, part.value, lang)


_MATCH_ALL_TREE = SearchQuery().tree


def _explain_words(
    query: SearchQuery, plain: Words, dropped_positions: Collection[int]
) -> Iterator[QueryPart]:
    for index, word in enumerate(query_words(plain.text)):
        kind = "stopword" if word.stop else "let_go" if index in dropped_positions else "word"
        start, end = plain.typed_span(word.start, word.end) or (None, None)
        text = f"{plain.text[: word.start]} {plain.text[word.end :]}"
        remaining_text = " ".join(text.split())
        tree = (
            replace_node(query.tree, plain, Words(remaining_text))
            if remaining_text
            else remove_node(query.tree, plain)
        )
        remaining_query = replace(query, text=render(tidy(tree)), typed="", page=1)
        yield QueryPart(kind, word.text, word.text, start=start, end=end, remaining_query=remaining_query)


def _explain_part(query: SearchQuery, part: QueryNode, label_index: LabelIndex) -> QueryPart:
    inner = part.part if isinstance(part, Not) else part
    start, end = _span(part)
    title, label = _part_labels(inner, label_index, query.lang)
    return QueryPart(
        _part_kind(inner),
        render(part),
        label,
        title,
        value=inner.value if isinstance(inner, Value) else "",
        exclude=inner is not part,
        start=start,
        end=end,
        remaining_query=replace(query, text=render(remove_node(query.tree, part)), typed="", page=1),
    )


def _part_kind(part: QueryNode) -> str:
    if isinstance(part, Value | Words) or (isinstance(part, Phrase | Prefix) and part.field):
        field_name = part.field or "word"
        return "facet" if field_name in FACETS else field_name
    if isinstance(part, Phrase):
        return "phrase"
    return "prefix" if isinstance(part, Prefix) else "any"


def _span(part: QueryNode) -> tuple[int | None, int | None]:
    spans = [leaf.span for leaf in leaves(part) if leaf.span]
    if not spans:
        return None, None
    return min(start for start, _ in spans), max(end for _, end in spans)


def _explain_choices(query: SearchQuery, label_index: LabelIndex) -> Iterator[QueryPart]:
    for facet in FACETS:
        choice = query.choices.get(facet, FacetChoice())
        for value in choice.values:
            plain = value.removeprefix("-")
            yield QueryPart(
                "facet",
                value,
                label_index.label(facet, plain, query.lang),
                facet=facet,
                value=plain,
                exclude=value != plain,
                remaining_query=without_value(query, facet, plain),
            )


def _explain_dates(query: SearchQuery) -> Iterator[QueryPart]:
    for kind, dates, title in (
        ("born", query.born, labels.BORN_LABEL),
        ("died", query.died, labels.DIED_LABEL),
    ):
        if dates:
            remaining_query = without_dates(query, kind)
            label = format_date_condition(dates.text, query.lang)
            yield QueryPart(
                kind,
                dates.text,
                label,
                title.translate(query.lang),
                value=dates.text,
                remaining_query=remaining_query,
            )


def without_dates(query: SearchQuery, kind: str) -> SearchQuery:
    """Return the first page of the query without its filter on births or deaths."""
    first_page = replace(query, page=1)
    return replace(first_page, born=None) if kind == "born" else replace(first_page, died=None)


def without_value(query: SearchQuery, facet: str, value: str) -> SearchQuery:
    """Return the first page of the query with a facet value neither included nor excluded."""
    choice = query.choices.get(facet, FacetChoice())
    return with_choice(
        query,
        facet,
        FacetChoice(
            tuple(other_value for other_value in choice.include if other_value != value),
            tuple(other_value for other_value in choice.exclude if other_value != value),
        ),
    )


def with_choice(query: SearchQuery, facet: str, choice: FacetChoice) -> SearchQuery:
    """Return the first page of the query with another facet choice; empty removes it."""
    choices = {**query.choices, facet: choice}
    remaining = {name: facet_choice for name, facet_choice in choices.items() if facet_choice.values}
    return replace(query, choices=MappingProxyType(remaining), page=1)
