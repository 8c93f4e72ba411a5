"""Options shown beside the search results: facet values and conditions that could be dropped."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from biobank.search import labels
from biobank.search.engine import EngineResponse
from biobank.search.geo import TIE_KINDS
from biobank.search.labels import format_date_condition
from biobank.search.language.label_index import LabelIndex
from biobank.search.language.tree import QueryNode, plain_words, remove_node, render, top_parts
from biobank.search.query import FACETS, UNKNOWN, FacetChoice, SearchQuery
from biobank.search.query_explanation import area_label, part_label, with_choice, without_dates
from biobank.search.response import FacetValue, Relaxation


def build_facets(
    query: SearchQuery, response: EngineResponse, label_index: LabelIndex
) -> dict[str, tuple[FacetValue, ...]]:
    """Return the values of each facet, highest count first; selected values stay at count 0."""
    facets = {}
    for facet in FACETS:
        choice = query.choices.get(facet, FacetChoice())
        counts = dict.fromkeys((*choice.include, *choice.exclude), 0)
        counts.update(response.facets.get(facet, {}))
        values = [
            FacetValue(
                id=value,
                label=label_index.label(facet, value, query.lang),
                count=count,
                selected=_selection_state(choice, value),
                broader=label_index.catalogue.directly_broader(facet, value),
            )
            for value, count in counts.items()
        ]
        facets[facet] = tuple(sorted(values, key=_facet_sort_key(facet)))
    return facets


def _facet_sort_key(facet: str) -> Callable[[FacetValue], tuple[Any, ...]]:
    if facet == "century":
        return lambda value: (value.id == UNKNOWN, century_sort_key(value.id), value.id)
    return lambda value: (value.id == UNKNOWN, -value.count, value.label)


def century_sort_key(value: str) -> int:
    """Return the chronological position of a century id; 0 if it is not one."""
    if not labels.CENTURY_ID_PATTERN.fullmatch(value):
        return 0
    number = int(value.removesuffix("bce"))
    return -number if value.endswith("bce") else number


def _selection_state(choice: FacetChoice, value: str) -> str:
    if value in choice.include:
        return "include"
    return "exclude" if value in choice.exclude else ""


def suggest_relaxations(
    query: SearchQuery, counts: Mapping[str, int], label_index: LabelIndex
) -> Iterable[Relaxation]:
    """Yield the conditions worth dropping, the one that adds most people first."""
    for name, count in sorted(counts.items(), key=lambda item: -item[1]):
        yield _build_relaxation(query, name, count, label_index)


def _build_relaxation(query: SearchQuery, name: str, count: int, label_index: LabelIndex) -> Relaxation:
    lang = query.lang
    if name in FACETS:
        values = query.choices[name].values
        label = ", ".join(_selected_label(label_index, name, value, lang) for value in values)
        return Relaxation("facet", label, count, name, with_choice(query, name, FacetChoice()))
    if name in ("born", "died"):
        dates, word = (query.born, labels.BORN_LABEL) if name == "born" else (query.died, labels.DIED_LABEL)
        label = f"{word.translate(lang)}: {format_date_condition(dates.text, lang) if dates else ''}"
        return Relaxation(name, label, count, remaining_query=without_dates(query, name))
    if name == "area":
        label = area_label(query.area, query.tie, label_index, lang) if query.area else ""
        return Relaxation(
            name, label, count, remaining_query=replace(query, page=1, area=None, tie=TIE_KINDS[0])
        )
    part = _find_part(query, name)
    remaining_query = replace(query, page=1, typed="", text=render(remove_node(query.tree, part)))
    kind = "text" if name == "text" else "part"
    return Relaxation(kind, part_label(part, label_index, lang), count, remaining_query=remaining_query)


def _selected_label(label_index: LabelIndex, facet: str, value: str, lang: str) -> str:
    label = label_index.label(facet, value.removeprefix("-"), lang)
    return f"{labels.NOT_LABEL.translate(lang)} {label}" if value.startswith("-") else label


def _find_part(query: SearchQuery, name: str) -> QueryNode:
    """Return the plain words for `text`, else the part that renders to `name`."""
    plain = plain_words(query.tree)
    if name == "text" and plain is not None:
        return plain
    return next(part for part in top_parts(query.tree) if render(part) == name and part is not plain)
