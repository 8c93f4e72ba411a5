"""Explanation of a query: each condition with a label in the reader's language."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from types import MappingProxyType

from biobank.search import labels
from biobank.search.answer import Understood
from biobank.search.date_labels import ages_in_words, dates_in_words
from biobank.search.language.fields import KINDS, Kind
from biobank.search.language.meaning import distance
from biobank.search.language.tree import (
    AnyOf,
    Node,
    Not,
    Phrase,
    Prefix,
    Value,
    Words,
    leaves,
    plain_words,
    render,
    replaced,
    tidy,
    top_parts,
    without,
)
from biobank.search.language.values import Labels
from biobank.search.query import CERTAINTIES, FACETS, Choice, SearchQuery
from biobank.search.question import words_of
from biobank.search.where import TIES, Area, places_within

#: Maximum extent in degrees of an area labelled by the place in it; some hundred metres.
POINT = 0.001


def understood(query: SearchQuery, known: Labels, let_go: Collection[int]) -> Iterator[Understood]:
    """Yield every condition of `query`: its words, with dropped ones marked, then the others."""
    plain = plain_words(query.tree)
    if plain is not None:
        yield from _words(query, plain, let_go)
    for part in top_parts(query.tree):
        if part is not plain and part != _EVERYONE:
            yield _part(query, part, known)
    yield from _choices(query, known)
    yield from _dates(query)
    first = replace(query, page=1)
    if query.area:
        label = area_label(query.area, query.tie, known, query.lang)
        rest = replace(first, area=None, tie=TIES[0])
        yield Understood("area", query.area.text, label, value=query.area.text, rest=rest)
    if query.certainty != CERTAINTIES[0]:
        label = labels.CERTAIN[query.lang]
        rest = replace(first, certainty=CERTAINTIES[0])
        yield Understood("certainty", query.certainty, label, value=query.certainty, rest=rest)


def area_label(area: Area, tie: str, known: Labels, lang: str) -> str:
    """Return the label of an area; a point-sized area is labelled by the places in it."""
    text = area.text
    if 0 <= area.east - area.west <= POINT and area.north - area.south <= POINT:
        places = [known.label("place", id_, lang) for id_ in places_within(known.catalogue, area)]
        text = ", ".join(sorted(places)) or text
    return f"{labels.TIES[tie][lang]}: {text}"


def label_of(part: Node, known: Labels, lang: str) -> str:
    """Return the label of a part of a query."""
    if isinstance(part, Not):
        return f"{labels.NOT[lang]} {label_of(part.part, known, lang)}"
    if isinstance(part, AnyOf):
        return f" {labels.OR[lang]} ".join(label_of(each, known, lang) for each in part.parts)
    if isinstance(part, Phrase | Prefix | Words):
        text = {Phrase: f"“{part.text}”", Prefix: f"{part.text}…"}.get(type(part), part.text)
        return f"{labels.FIELDS[part.field][lang]}: {text}" if part.field else text
    if isinstance(part, Value):
        return f"{labels.FIELDS[part.field][lang]}: {_value(part, known, lang)}"
    return " + ".join(label_of(each, known, lang) for each in part.parts)


def _value(part: Value, known: Labels, lang: str) -> str:
    if part.field == "near":
        place, km = distance(part.value)
        return f"{known.label('near', place, lang)}, {km} {labels.KM[lang]}"
    if KINDS[part.field] is Kind.DATES:
        return dates_in_words(part.value, lang)
    if part.field == "age":
        return ages_in_words(part.value, lang)
    return known.label(part.field, part.value, lang)


_EVERYONE = SearchQuery().tree


def _words(query: SearchQuery, plain: Words, let_go: Collection[int]) -> Iterator[Understood]:
    for index, word in enumerate(words_of(plain.text)):
        kind = "stopword" if word.stop else "let_go" if index in let_go else "word"
        start, end = plain.typed(word.start, word.end) or (None, None)
        text = f"{plain.text[: word.start]} {plain.text[word.end :]}"
        left = " ".join(text.split())
        tree = replaced(query.tree, plain, Words(left)) if left else without(query.tree, plain)
        rest = replace(query, text=render(tidy(tree)), typed="", page=1)
        yield Understood(kind, word.text, word.text, start=start, end=end, rest=rest)


def _part(query: SearchQuery, part: Node, known: Labels) -> Understood:
    inner = part.part if isinstance(part, Not) else part
    start, end = _span(part)
    return Understood(
        _kind(inner),
        render(part),
        label_of(inner, known, query.lang),
        value=inner.value if isinstance(inner, Value) else "",
        exclude=inner is not part,
        start=start,
        end=end,
        rest=replace(query, text=render(without(query.tree, part)), typed="", page=1),
    )


def _kind(part: Node) -> str:
    if isinstance(part, Value | Words) or (isinstance(part, Phrase | Prefix) and part.field):
        field = part.field or "word"
        return "facet" if field in FACETS else field
    if isinstance(part, Phrase):
        return "phrase"
    return "prefix" if isinstance(part, Prefix) else "any"


def _span(part: Node) -> tuple[int | None, int | None]:
    spans = [leaf.span for leaf in leaves(part) if leaf.span]
    if not spans:
        return None, None
    return min(start for start, _ in spans), max(end for _, end in spans)


def _choices(query: SearchQuery, known: Labels) -> Iterator[Understood]:
    for facet in FACETS:
        choice = query.choices.get(facet, Choice())
        for value in choice.values:
            plain = value.removeprefix("-")
            yield Understood(
                "facet",
                value,
                known.label(facet, plain, query.lang),
                facet=facet,
                value=plain,
                exclude=value != plain,
                rest=without_value(query, facet, plain),
            )


def _dates(query: SearchQuery) -> Iterator[Understood]:
    for kind, dates, words in (
        ("born", query.born, labels.BORN),
        ("died", query.died, labels.DIED),
    ):
        if dates:
            rest = without_dates(query, kind)
            label = f"{words[query.lang]}: {dates_in_words(dates.text, query.lang)}"
            yield Understood(kind, dates.text, label, value=dates.text, rest=rest)


def without_dates(query: SearchQuery, kind: str) -> SearchQuery:
    """Return the first page of the query without its filter on births or deaths."""
    first = replace(query, page=1)
    return replace(first, born=None) if kind == "born" else replace(first, died=None)


def without_value(query: SearchQuery, facet: str, value: str) -> SearchQuery:
    """Return the first page of the query with a facet value neither included nor excluded."""
    choice = query.choices.get(facet, Choice())
    return with_choice(
        query,
        facet,
        Choice(
            tuple(kept for kept in choice.include if kept != value),
            tuple(kept for kept in choice.exclude if kept != value),
        ),
    )


def with_choice(query: SearchQuery, facet: str, choice: Choice) -> SearchQuery:
    """Return the first page of the query with another facet choice; empty removes it."""
    choices = {**query.choices, facet: choice}
    kept = {name: made for name, made in choices.items() if made.values}
    return replace(query, choices=MappingProxyType(kept), page=1)
