"""Expected search results, computed document by document without an index."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from math import inf
from typing import Any

from biobank.names.folding import fold_word, tokens
from biobank.names.suffixes import other_gender_surname
from biobank.search.analysis import analyse
from biobank.search.document import Document
from biobank.search.engine import DetectedName, EngineResponse, QueryContext, SearchEngine
from biobank.search.query import FACETS, DateFilter, FacetChoice, SearchQuery
from biobank.search.query_words import QueryWord, query_words
from biobank.search.whoosh_engine.fields import FIELD_GROUPS
from biobank.search.whoosh_engine.scoring import MAX_RELATED_NAMES

Bank = Mapping[str, Document]


def has_word(document: Document, word: QueryWord) -> bool:
    """Return whether a name or text of any language contains `word` in one of its forms."""
    names = {word.name, other_gender_surname(word.text)}
    if any(fold_word(token.text) in names for name in document.names for token in tokens(name)):
        return True
    wanted = {lang: set(stems) for lang, stems in word.stems}
    return any(
        not token.stop and wanted.get(lang, set()) & set(token.terms)
        for group in (getattr(document, group) for group in FIELD_GROUPS)
        for lang, text in group.items()
        for token in analyse(text, lang)
    )


def is_named(document: Document, position: int, named: Sequence[DetectedName]) -> bool:
    """Return whether a person is named by the word at a position, or related to such a person."""
    related_ids = document.facets.get("relation", ())
    return any(
        document.id in name.scores or any(id_ in related_ids for id_ in _best(name.scores))
        for name in named
        if position in name.positions
    )


def _best(people: Mapping[str, float]) -> list[str]:
    return sorted(people, key=lambda id_: -people[id_])[:MAX_RELATED_NAMES]


def matches_filters(document: Document, query: SearchQuery) -> bool:
    """Return whether all conditions except the words match."""
    return (
        all(_has_chosen(document, facet, choice) for facet, choice in query.choices.items())
        and _dated(document.born, query.born, query.certainty)
        and _dated(document.died, query.died, query.certainty)
    )


def _has_chosen(document: Document, facet: str, choice: FacetChoice) -> bool:
    values = set(document.facets[facet])
    wanted = not choice.include or bool(values & set(choice.include))
    return wanted and not values & set(choice.exclude)


def _dated(days: tuple[int | None, int | None], dates: DateFilter | None, certainty: str) -> bool:
    if dates is None:
        return True
    if days == (None, None):
        return False
    first, last = _open(days)
    earliest, latest = _open((dates.earliest, dates.latest))
    if certainty == "certain":
        return earliest <= first and last <= latest
    return first <= latest and earliest <= last


def _open(days: tuple[int | None, int | None]) -> tuple[float, float]:
    earliest, latest = days
    return (-inf if earliest is None else earliest, inf if latest is None else latest)


def searched_words(query: SearchQuery) -> dict[int, QueryWord]:
    """Return the searched words of the query by position."""
    return {at: word for at, word in enumerate(query_words(query.text)) if not word.stop}


def all_hit_ids(engine: SearchEngine, query: SearchQuery, named: Sequence[DetectedName] = ()) -> list[str]:
    """Return the ids of all hits, page by page."""
    hit_ids: list[str] = []
    page = 1
    while hits := engine.search(replace(query, page=page), QueryContext(named)).hits:
        hit_ids += [hit.id for hit in hits]
        page += 1
    return hit_ids


def check_hits(
    bank: Bank,
    query: SearchQuery,
    hit_ids: Iterable[str],
    dropped: Sequence[int],
    named: Sequence[DetectedName] = (),
) -> None:
    """Check that the hits are exactly those with all words, or with those not dropped."""
    words = searched_words(query)
    within = {id_: document for id_, document in bank.items() if matches_filters(document, query)}
    having = {
        id_: {at for at, word in words.items() if has_word(document, word) or is_named(document, at, named)}
        for id_, document in within.items()
    }
    complete = {id_ for id_, present in having.items() if present == set(words)}
    if complete or not words:
        assert set(hit_ids) == complete
        assert not dropped
        return
    assert dropped
    required = set(words) - set(dropped)
    assert set(hit_ids) == {id_ for id_, present in having.items() if required and required <= present}
    # No document has more words than the required ones, else fewer would have been dropped.
    assert not any(present > required for present in having.values())


def check_answer(
    engine: SearchEngine, bank: Bank, query: SearchQuery, named: Sequence[DetectedName] = ()
) -> EngineResponse:
    """Check one answer: hits, total, order, facets and relaxations."""
    response = engine.search(query, QueryContext(named))
    hit_ids = all_hit_ids(engine, query, named)
    assert len(hit_ids) == len(set(hit_ids)) == response.total
    check_hits(bank, query, hit_ids, response.dropped_positions, named)
    if query.sort != "relevance":
        assert hit_ids == sorted_ids(bank, hit_ids, query.sort, query.lang)
    for facet in FACETS:
        assert response.facets[facet] == _expected_counts(engine, bank, query, facet, named), facet
    _check_relaxations(engine, query, response, named)
    return response


def _expected_counts(
    engine: SearchEngine, bank: Bank, query: SearchQuery, facet: str, named: Sequence[DetectedName]
) -> dict[str, int]:
    """Return the expected facet counts without the facet's own selection."""
    unfiltered = drop_condition(query, facet)
    ids = all_hit_ids(engine, unfiltered, named)
    check_hits(bank, unfiltered, ids, engine.search(unfiltered, QueryContext(named)).dropped_positions, named)
    return dict(Counter(value for id_ in ids for value in bank[id_].facets[facet]))


def _check_relaxations(
    engine: SearchEngine, query: SearchQuery, response: EngineResponse, named: Sequence[DetectedName]
) -> None:
    """Check that an empty result suggests every helpful relaxation with its count."""
    conditions = [*query.choices, *(name for name in ("born", "died") if getattr(query, name))]
    if query.text and conditions:
        conditions.append("text")
    counts = {
        name: engine.search(drop_condition(query, name), QueryContext(() if name == "text" else named)).total
        for name in conditions
    }
    helping = {name: count for name, count in counts.items() if count}
    assert response.relaxations == ({} if response.total else helping)


def drop_condition(query: SearchQuery, condition: str) -> SearchQuery:
    """Return the first page of `query` without one condition."""
    if condition == "born":
        return replace(query, page=1, born=None)
    if condition == "died":
        return replace(query, page=1, died=None)
    if condition == "text":
        return replace(query, page=1, text="")
    choices = {facet: choice for facet, choice in query.choices.items() if facet != condition}
    return replace(query, page=1, choices=choices)


def sorted_ids(bank: Bank, ids: Iterable[str], order: str, lang: str = "az") -> list[str]:
    """Return `ids` sorted as requested; ties by documentation, then by name."""

    def by_name(document: Document) -> tuple[Any, ...]:
        return (document.sort_keys[lang], -document.documented, document.id)

    def by_birth(document: Document) -> tuple[Any, ...]:
        unknown = document.born == (None, None)
        day = 0 if unknown else _open(document.born)[0]
        return (unknown, -day if order == "-birth" else day, -document.documented)

    sort_keys: dict[str, Callable[[Document], tuple[Any, ...]]] = {
        "name": lambda document: (),
        "birth": by_birth,
        "-birth": by_birth,
        "checked": lambda document: (
            document.checked != (None, None),
            _open(document.checked)[0] if document.checked != (None, None) else 0,
            -document.documented,
        ),
        "updated": lambda document: (-document.updated, -document.documented),
    }
    first = sort_keys[order]
    return sorted(ids, key=lambda id_: (first(bank[id_]), by_name(bank[id_])))
