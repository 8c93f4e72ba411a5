"""Expected search results, computed document by document without an index."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from math import inf
from typing import Any

from biobank.names.folding import fold_word, tokens
from biobank.names.suffixes import of_other_gender
from biobank.search.analysis import analyse
from biobank.search.document import Document
from biobank.search.port import EngineAnswer, Knowing, Named, SearchEngine
from biobank.search.query import FACETS, Choice, DateFilter, SearchQuery
from biobank.search.question import Word, words_of
from biobank.search.whoosh_engine.fields import GROUPS
from biobank.search.whoosh_engine.scoring import TIED_MOST

Bank = Mapping[str, Document]


def has_word(document: Document, word: Word) -> bool:
    """Return whether a name or text of any language contains `word` in one of its forms."""
    names = {word.name, of_other_gender(word.text)}
    if any(fold_word(token.text) in names for name in document.names for token in tokens(name)):
        return True
    wanted = {lang: set(stems) for lang, stems in word.stems}
    return any(
        not token.stop and wanted.get(lang, set()) & set(token.terms)
        for group in (getattr(document, group) for group in GROUPS)
        for lang, text in group.items()
        for token in analyse(text, lang)
    )


def called(document: Document, at: int, named: Sequence[Named]) -> bool:
    """Return whether a person is named by the word at a position, or related to such a person."""
    tied = document.facets.get("relation", ())
    return any(
        document.id in name.people or any(id_ in tied for id_ in _best(name.people))
        for name in named
        if at in name.positions
    )


def _best(people: Mapping[str, float]) -> list[str]:
    return sorted(people, key=lambda id_: -people[id_])[:TIED_MOST]


def fits(document: Document, query: SearchQuery) -> bool:
    """Return whether all conditions except the words match."""
    return (
        all(_has_chosen(document, facet, choice) for facet, choice in query.choices.items())
        and _dated(document.born, query.born, query.certainty)
        and _dated(document.died, query.died, query.certainty)
    )


def _has_chosen(document: Document, facet: str, choice: Choice) -> bool:
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


def sought(query: SearchQuery) -> dict[int, Word]:
    """Return the searched words of the query by position."""
    return {at: word for at, word in enumerate(words_of(query.text)) if not word.stop}


def walk(engine: SearchEngine, query: SearchQuery, named: Sequence[Named] = ()) -> list[str]:
    """Return the ids of all hits, page by page."""
    found: list[str] = []
    page = 1
    while hits := engine.search(replace(query, page=page), Knowing(named)).hits:
        found += [hit.id for hit in hits]
        page += 1
    return found


def check_found(
    bank: Bank,
    query: SearchQuery,
    found: Iterable[str],
    let_go: Sequence[int],
    named: Sequence[Named] = (),
) -> None:
    """Check that the hits are exactly those with all words, or with those not dropped."""
    words = sought(query)
    within = {id_: document for id_, document in bank.items() if fits(document, query)}
    having = {
        id_: {
            at
            for at, word in words.items()
            if has_word(document, word) or called(document, at, named)
        }
        for id_, document in within.items()
    }
    everything = {id_ for id_, has in having.items() if has == set(words)}
    if everything or not words:
        assert set(found) == everything
        assert not let_go
        return
    assert let_go
    kept = set(words) - set(let_go)
    assert set(found) == {id_ for id_, has in having.items() if kept and kept <= has}
    # No document has more words than the required ones, else fewer would have been dropped.
    assert not any(has > kept for has in having.values())


def check_answer(
    engine: SearchEngine, bank: Bank, query: SearchQuery, named: Sequence[Named] = ()
) -> EngineAnswer:
    """Check one answer: hits, total, order, facets and relaxations."""
    answer = engine.search(query, Knowing(named))
    found = walk(engine, query, named)
    assert len(found) == len(set(found)) == answer.total
    check_found(bank, query, found, answer.let_go, named)
    if query.sort != "relevance":
        assert found == in_order(bank, found, query.sort)
    for facet in FACETS:
        assert answer.facets[facet] == _counts(engine, bank, query, facet, named), facet
    _check_relax(engine, query, answer, named)
    return answer


def _counts(
    engine: SearchEngine, bank: Bank, query: SearchQuery, facet: str, named: Sequence[Named]
) -> dict[str, int]:
    """Return the expected facet counts without the facet's own selection."""
    other = without(query, facet)
    ids = walk(engine, other, named)
    check_found(bank, other, ids, engine.search(other, Knowing(named)).let_go, named)
    return dict(Counter(value for id_ in ids for value in bank[id_].facets[facet]))


def _check_relax(
    engine: SearchEngine, query: SearchQuery, answer: EngineAnswer, named: Sequence[Named]
) -> None:
    """Check that an empty result suggests every helpful relaxation with its count."""
    conditions = [*query.choices, *(name for name in ("born", "died") if getattr(query, name))]
    if query.text and conditions:
        conditions.append("text")
    counts = {
        name: engine.search(without(query, name), Knowing(() if name == "text" else named)).total
        for name in conditions
    }
    helping = {name: count for name, count in counts.items() if count}
    assert answer.relax == ({} if answer.total else helping)


def without(query: SearchQuery, condition: str) -> SearchQuery:
    """Return the first page of `query` without one condition."""
    if condition == "born":
        return replace(query, page=1, born=None)
    if condition == "died":
        return replace(query, page=1, died=None)
    if condition == "text":
        return replace(query, page=1, text="")
    choices = {facet: choice for facet, choice in query.choices.items() if facet != condition}
    return replace(query, page=1, choices=choices)


def in_order(bank: Bank, ids: Iterable[str], sort: str) -> list[str]:
    """Return `ids` sorted as requested; ties by documentation, then by name."""

    def by_name(document: Document) -> tuple[Any, ...]:
        return (document.sort_key, -document.documented, document.id)

    def by_birth(document: Document) -> tuple[Any, ...]:
        unknown = document.born == (None, None)
        day = 0 if unknown else _open(document.born)[0]
        return (unknown, -day if sort == "-birth" else day, -document.documented)

    firsts: dict[str, Callable[[Document], tuple[Any, ...]]] = {
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
    first = firsts[sort]
    return sorted(ids, key=lambda id_: (first(bank[id_]), by_name(bank[id_])))
