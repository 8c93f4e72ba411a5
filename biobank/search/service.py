"""The search service: one call for the page and the API; the engine finds, the store tells."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from biobank.i18n import FALLBACKS, best
from biobank.names.folding import fold_word, tokens
from biobank.names.matcher import Matcher
from biobank.names.runs import Run
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
from biobank.search.known_names import KnownNames
from biobank.search.naming import matched, named, similar_names, sure_names
from biobank.search.port import EngineAnswer, SearchEngine
from biobank.search.query import FACETS, PAGE_MOST, UNKNOWN, Choice, SearchQuery
from biobank.search.question import Word, words_of
from biobank.search.snippets import marked_line, snippet
from biobank.search.understanding import facet_label, understood
from biobank.store.session import Database

#: Other spellings of a question that are offered at most.
NEAR_MOST = 3
#: Letters from which on people are suggested whose names are only like what was typed; how like.
SIMILAR_LEAST = 4
SUGGESTED = 0.72


@dataclass(frozen=True)
class Found:
    """What an engine answers to a question, with the names that were read in it."""

    answer: EngineAnswer
    runs: Sequence[Run]
    #: Those that are only like somebody's name, where without them nobody was found.
    similar: Sequence[Run] = ()

    @property
    def match(self) -> str:
        if self.similar:
            return "did_you_mean"
        return "partial" if self.answer.let_go else "found"


class SearchService:
    """Answers questions from one engine and one store."""

    def __init__(
        self,
        database: Database,
        engine: SearchEngine,
        names: KnownNames,
        catalogue: Callable[[], Catalogue],
    ) -> None:
        self._database = database
        self._engine = engine
        self._names = names
        self._catalogue = catalogue

    def search(self, query: SearchQuery) -> SearchAnswer:
        """One page of the answer to `query`."""
        started = time.perf_counter()
        catalogue = self._catalogue()
        matcher = self._names.matcher()
        found = self._find(matcher, query)
        return SearchAnswer(
            total=found.answer.total,
            page=query.page,
            size=query.size,
            match=found.match,
            text=query.text,
            understood=tuple(understood(query, catalogue, found.answer.let_go)),
            hits=tuple(self._hits(matcher, found, query)),
            facets=_facets(query, found.answer, catalogue),
            did_you_mean=tuple(self._spellings(found, query)),
            relax=tuple(_relax(query, found.answer.relax, catalogue)),
            took_ms=round((time.perf_counter() - started) * 1000, 1),
        )

    def everybody(self, query: SearchQuery) -> list[str]:
        """The ids of the whole answer to `query`, in its order, as paging would walk it."""
        whole = replace(query, page=1, size=PAGE_MOST)
        return [hit.id for hit in self._find(self._names.matcher(), whole).answer.hits]

    def suggest(self, text: str, lang: str, size: int) -> list[Suggestion]:
        """People with a name that begins as `text` does, then those with one that is like it."""
        matcher = self._names.matcher()
        names = {one.person_id: one.name for one in matcher.complete(text, size)}
        if not names and len(text) >= SIMILAR_LEAST:
            found = matcher.find(text, size)
            names = {one.person_id: one.name for one in found if one.score >= SUGGESTED}
        with self._database.read() as session:
            records = queries.records(session, list(names))
        return [_suggestion(record, names[id_], text, lang) for id_, record in records.items()]

    def _find(self, matcher: Matcher, query: SearchQuery) -> Found:
        """The answer to the words as they are; where nobody has them all, to names like them."""
        runs = sure_names(matcher, query.text)
        answer = self._engine.search(query, named(runs))
        # Where another condition is what leaves nobody, the words are not to blame.
        to_blame = answer.total or not answer.relax.keys() - {"text"}
        if not answer.let_go or not to_blame:
            return Found(answer, runs)
        similar = similar_names(matcher, query.text, set(answer.let_go))
        if similar:
            again = self._engine.search(query, named([*runs, *similar]))
            if again.total and len(again.let_go) < len(answer.let_go):
                return Found(again, [*similar, *runs], similar)
        return Found(answer, runs)

    def _hits(self, matcher: Matcher, found: Found, query: SearchQuery) -> Iterator[Hit]:
        words = [word for word in words_of(query.text) if not word.stop]
        scores = {hit.id: hit.score for hit in found.answer.hits}
        with self._database.read() as session:
            records = queries.records(session, list(scores))
        for id_, record in records.items():
            name = preferred_name(record, query.lang)
            reasons = matched(matcher, found.runs, record, name, query.text, query.lang)
            yield _hit(record, name, scores[id_], words, tuple(reasons), query.lang)

    def _spellings(self, found: Found, query: SearchQuery) -> Iterator[str]:
        """The question with a name in it replaced by one that is like it, as the reader writes."""
        if not found.similar:
            return
        run = found.similar[0]
        words = words_of(query.text)
        start, end = words[run.start].start, words[run.end - 1].end
        with self._database.read() as session:
            records = queries.records(session, list(run.people)[:NEAR_MOST])
        for record in records.values():
            name = preferred_name(record, query.lang)
            yield query.text[:start] + name + query.text[end:]


def _hit(
    record: Record,
    name: str,
    score: float,
    words: list[Word],
    reasons: tuple[Matched, ...],
    lang: str,
) -> Hit:
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
        matched=reasons,
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


def _suggestion(record: Record, matched: str, text: str, lang: str) -> Suggestion:
    """`matched` is the name that was completed; another is told only if the one shown is not it."""
    name = preferred_name(record, lang)
    birth, death = (record.get(role, {}).get("date") for role in ("birth", "death"))
    return Suggestion(
        id=record["id"],
        name=name,
        headline=best(record.get("headline"), lang),
        years=years_in_words(birth, death, lang, living="death" not in record),
        matched="" if name == matched or _begins(name, text) else matched,
    )


def _begins(name: str, text: str) -> bool:
    """Whether each word of `text` begins a word of `name`, as they are written."""
    words = [fold_word(token.text) for token in tokens(name)]
    typed = [fold_word(token.text) for token in tokens(text)]
    return all(any(word.startswith(part) for word in words) for part in typed)
