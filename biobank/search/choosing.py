"""Options shown beside the search results: facet values and conditions that could be dropped."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from biobank.search import labels
from biobank.search.answer import FacetValue, Relax
from biobank.search.date_labels import dates_in_words
from biobank.search.language.tree import Node, plain_words, render, top_parts, without
from biobank.search.language.values import Labels
from biobank.search.port import EngineAnswer
from biobank.search.query import FACETS, UNKNOWN, Choice, SearchQuery
from biobank.search.understanding import area_label, label_of, with_choice, without_dates
from biobank.search.where import TIES


def facets_of(
    query: SearchQuery, found: EngineAnswer, known: Labels
) -> dict[str, tuple[FacetValue, ...]]:
    """Return the values of each facet, highest count first; selected values stay at count 0."""
    answer = {}
    for facet in FACETS:
        choice = query.choices.get(facet, Choice())
        counts = dict.fromkeys((*choice.include, *choice.exclude), 0)
        counts.update(found.facets.get(facet, {}))
        values = [
            FacetValue(
                id=value,
                label=known.label(facet, value, query.lang),
                count=count,
                selected=_selected(choice, value),
                broader=known.catalogue.directly_broader(facet, value),
            )
            for value, count in counts.items()
        ]
        answer[facet] = tuple(sorted(values, key=_facet_order(facet)))
    return answer


def _facet_order(facet: str) -> Callable[[FacetValue], tuple[Any, ...]]:
    if facet == "century":
        return lambda value: (value.id == UNKNOWN, century_order(value.id), value.id)
    return lambda value: (value.id == UNKNOWN, -value.count, value.label)


def century_order(value: str) -> int:
    """Return the chronological position of a century id; 0 if it is not one."""
    if not labels.CENTURY.fullmatch(value):
        return 0
    number = int(value.removesuffix("bce"))
    return -number if value.endswith("bce") else number


def _selected(choice: Choice, value: str) -> str:
    if value in choice.include:
        return "include"
    return "exclude" if value in choice.exclude else ""


def relaxed(query: SearchQuery, counts: Mapping[str, int], known: Labels) -> Iterable[Relax]:
    """Yield the conditions worth dropping, the one that adds most people first."""
    for name, count in sorted(counts.items(), key=lambda item: -item[1]):
        yield _relax(query, name, count, known)


def _relax(query: SearchQuery, name: str, count: int, known: Labels) -> Relax:
    lang = query.lang
    if name in FACETS:
        values = query.choices[name].values
        label = ", ".join(_chosen_label(known, name, value, lang) for value in values)
        return Relax("facet", label, count, name, with_choice(query, name, Choice()))
    if name in ("born", "died"):
        dates, word = (query.born, labels.BORN) if name == "born" else (query.died, labels.DIED)
        label = f"{word[lang]}: {dates_in_words(dates.text, lang) if dates else ''}"
        return Relax(name, label, count, rest=without_dates(query, name))
    if name == "area":
        label = area_label(query.area, query.tie, known, lang) if query.area else ""
        return Relax(name, label, count, rest=replace(query, page=1, area=None, tie=TIES[0]))
    part = _part_named(query, name)
    rest = replace(query, page=1, typed="", text=render(without(query.tree, part)))
    kind = "text" if name == "text" else "part"
    return Relax(kind, label_of(part, known, lang), count, rest=rest)


def _chosen_label(known: Labels, facet: str, value: str, lang: str) -> str:
    label = known.label(facet, value.removeprefix("-"), lang)
    return f"{labels.NOT[lang]} {label}" if value.startswith("-") else label


def _part_named(query: SearchQuery, name: str) -> Node:
    """Return the plain words for `text`, else the part that renders to `name`."""
    plain = plain_words(query.tree)
    if name == "text" and plain is not None:
        return plain
    return next(
        part for part in top_parts(query.tree) if render(part) == name and part is not plain
    )
