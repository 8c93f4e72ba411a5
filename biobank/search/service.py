"""The search service: one call for the page and the API; the engine finds, the store tells."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from biobank.i18n import FALLBACKS, best
from biobank.names.folding import fold_word, tokens
from biobank.records.catalogue import Catalogue
from biobank.records.date_words import years_in_words
from biobank.records.people import queries
from biobank.records.people.mapping import Record, preferred_name
from biobank.search import labels
from biobank.search.answer import (
    FacetValue,
    Hit,
    Matched,
    Relax,
    SearchAnswer,
    Snippet,
    Suggestion,
)
from biobank.search.port import EngineAnswer, EngineHit, SearchEngine
from biobank.search.query import FACETS, UNKNOWN, Choice, SearchQuery
from biobank.search.question import Word, words_of
from biobank.search.snippets import marked_line, matched_name, snippet
from biobank.search.understanding import facet_label, understood
from biobank.store.session import Database

#: Other spellings of a question that are offered at most, and words of it that they are sought for:
#: each is compared with every word of a name, some 7 ms in a bank of 20,000.
NEAR_MOST = 3
NEAR_WORDS = 8


class SearchService:
    """Answers questions from one engine and one store."""

    def __init__(
        self, database: Database, engine: SearchEngine, catalogue: Callable[[], Catalogue]
    ) -> None:
        self._database = database
        self._engine = engine
        self._catalogue = catalogue

    def search(self, query: SearchQuery) -> SearchAnswer:
        """One page of the answer to `query`."""
        started = time.perf_counter()
        catalogue = self._catalogue()
        found = self._engine.search(query)
        near = self._near(query) if _unheard_of(found) else ()
        words = [word for word in words_of(query.text) if not word.stop]
        return SearchAnswer(
            total=found.total,
            page=query.page,
            size=query.size,
            match=_match(found, near),
            text=query.text,
            understood=tuple(understood(query, catalogue, found.let_go)),
            hits=tuple(self._hits(found.hits, words, query.lang)),
            facets=_facets(query, found, catalogue),
            did_you_mean=near,
            relax=tuple(_relax(query, found.relax, catalogue)),
            took_ms=round((time.perf_counter() - started) * 1000, 1),
        )

    def suggest(self, text: str, lang: str, size: int) -> list[Suggestion]:
        """People with a name that begins as `text` does, best documented first."""
        completions = self._engine.suggest(text, size)
        with self._database.read() as session:
            records = queries.records(session, [completion.id for completion in completions])
        return [_suggestion(record, text, lang) for record in records.values()]

    def _hits(self, hits: Iterable[EngineHit], words: list[Word], lang: str) -> list[Hit]:
        scores = {hit.id: hit.score for hit in hits}
        with self._database.read() as session:
            records = queries.records(session, list(scores))
        return [_hit(record, scores[id_], words, lang) for id_, record in records.items()]

    def _near(self, query: SearchQuery) -> tuple[str, ...]:
        """The question with one word at a time replaced by one that is spelt nearly so."""
        found: dict[str, None] = {}
        sought = [word for word in words_of(query.text) if not word.stop]
        for word in sought[:NEAR_WORDS]:
            for near in self._engine.near_words(word.text, NEAR_MOST):
                found[query.text[: word.start] + near + query.text[word.end :]] = None
        return tuple(found)[:NEAR_MOST]


def _unheard_of(found: EngineAnswer) -> bool:
    """Whether it is for its words that a question finds nobody, and not for another condition."""
    return not found.total and not found.relax.keys() - {"text"}


def _match(found: EngineAnswer, near: tuple[str, ...]) -> str:
    if not found.total and near:
        return "did_you_mean"
    return "partial" if found.let_go else "found"


def _hit(record: Record, score: float, words: list[Word], lang: str) -> Hit:
    name = preferred_name(record, lang)
    return Hit(
        id=record["id"],
        name=name,
        names=tuple(record["names"]),
        headline=best(record.get("headline"), lang),
        birth=record.get("birth"),
        death=record.get("death"),
        professions=tuple(record.get("professions", ())),
        countries=tuple(record.get("countries", ())),
        score=round(score, 4),
        snippets=tuple(_snippets(record, words, lang)),
        matched=tuple(_matched(record, name, words, lang)),
    )


def _snippets(record: Record, words: list[Word], lang: str) -> Iterable[Snippet]:
    """Of the first language, best for the reader first, whose text has a word of the question."""
    if not words:
        return
    for candidate in FALLBACKS[lang]:
        headline = record.get("headline", {}).get(candidate, "")
        if html := marked_line(headline, candidate, words):
            yield Snippet("headline", candidate, html)
            break
    for candidate in FALLBACKS[lang]:
        text = record.get("biography", {}).get(candidate, "")
        if html := snippet(text, candidate, words):
            yield Snippet("biography", candidate, html)
            break


def _matched(record: Record, shown: str, words: list[Word], lang: str) -> Iterable[Matched]:
    names = [shown, *(name["text"] for name in record["names"])]
    for word in words:
        if name := matched_name(names, word):
            why = labels.FORM[lang] if name != shown else ""
            yield Matched(query=word.text, name=name, reading="", why=why, quality="equal")


def _facets(
    query: SearchQuery, found: EngineAnswer, catalogue: Catalogue
) -> dict[str, tuple[FacetValue, ...]]:
    """Every facet's values, most people first; what is chosen stays though nobody has it."""
    answer = {}
    for facet in FACETS:
        choice = query.choices.get(facet, Choice())
        counts = dict.fromkeys((*choice.include, *choice.exclude), 0)
        counts.update(found.facets.get(facet, {}))
        values = [
            FacetValue(
                id=value,
                label=facet_label(catalogue, facet, value, query.lang),
                count=count,
                selected=_selected(choice, value),
            )
            for value, count in counts.items()
        ]
        answer[facet] = tuple(sorted(values, key=_facet_order(facet)))
    return answer


def _facet_order(facet: str) -> Callable[[FacetValue], tuple[Any, ...]]:
    if facet == "century":
        return lambda value: (value.id == UNKNOWN, _century_order(value.id), value.id)
    return lambda value: (value.id == UNKNOWN, -value.count, value.label)


def _century_order(value: str) -> int:
    if not labels.CENTURY.fullmatch(value):
        return 0
    number = int(value.removesuffix("bce"))
    return -number if value.endswith("bce") else number


def _selected(choice: Choice, value: str) -> str:
    if value in choice.include:
        return "include"
    return "exclude" if value in choice.exclude else ""


def _relax(query: SearchQuery, counts: Mapping[str, int], catalogue: Catalogue) -> Iterable[Relax]:
    """Conditions worth dropping, the one that helps most first."""
    for name, count in sorted(counts.items(), key=lambda item: -item[1]):
        if name in FACETS:
            choice = query.choices[name]
            values = (*choice.include, *choice.exclude)
            label = ", ".join(facet_label(catalogue, name, v, query.lang) for v in values)
            yield Relax("facet", label, count, facet=name)
        else:
            yield Relax(name, _relax_label(query, name), count)


def _relax_label(query: SearchQuery, name: str) -> str:
    if name == "born" and query.born:
        return f"{labels.BORN[query.lang]}: {query.born.text}"
    if name == "died" and query.died:
        return f"{labels.DIED[query.lang]}: {query.died.text}"
    return query.text


def _suggestion(record: Record, text: str, lang: str) -> Suggestion:
    name = preferred_name(record, lang)
    birth, death = (record.get(role, {}).get("date") for role in ("birth", "death"))
    return Suggestion(
        id=record["id"],
        name=name,
        headline=best(record.get("headline"), lang),
        years=years_in_words(birth, death, lang, living="death" not in record),
        matched=_completed_name(record, name, text),
    )


def _completed_name(record: Record, shown: str, text: str) -> str:
    """The written form whose words begin as typed, the shown one first; empty if it is that."""
    typed = [fold_word(token.text) for token in tokens(text)]
    for name in (shown, *(name["text"] for name in record["names"])):
        words = [fold_word(token.text) for token in tokens(name)]
        if all(any(word.startswith(part) for word in words) for part in typed):
            return "" if name == shown else name
    return ""
