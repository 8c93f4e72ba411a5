"""The search service: combines the engine with the store for the pages and the API."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from sqlalchemy.orm import Session

from biobank.names.matcher import NameMatcher
from biobank.records.catalogue import Catalogue
from biobank.records.people import queries
from biobank.records.people.mapping import preferred_name
from biobank.records.people.record import PersonRecord
from biobank.search.engine import SearchEngine
from biobank.search.executor import (
    NameMatcherCache,
    QueryExecutor,
    SearchResult,
    apply_corrections,
    restore_spelling,
)
from biobank.search.facet_values import build_facets, suggest_relaxations
from biobank.search.geo import TiesByPlace
from biobank.search.hits import build_hits
from biobank.search.language.label_index import LabelIndex
from biobank.search.language.problems import QueryProblem
from biobank.search.language.tree import Prefix, Words, leaves, render, replace_node, tidy
from biobank.search.normalize import normalize_query, resolve_redirects, unknown_value_problem
from biobank.search.query import MAX_PAGE, MAX_PREFIX_WORDS, SearchQuery
from biobank.search.query_context import (
    NameMatch,
    build_query_context,
    people_values,
    resolve_person,
)
from biobank.search.query_explanation import explain_query, interpret, part_label
from biobank.search.query_words import query_words
from biobank.search.recognition.conditions import Recognition
from biobank.search.recognition.person_names import PersonNames
from biobank.search.recognition.reader import ConditionReader
from biobank.search.recognition.relaxing import RelaxedSearch, search_relaxed, with_condition
from biobank.search.response import Interpretation, Offer, SearchResponse, Suggestion
from biobank.search.suggestions import TypeaheadResult, build_suggestion, complete_names, suggest_names
from biobank.store.session import Database

#: Maximum number of alternative spellings offered for a query.
MAX_ALTERNATIVE_SPELLINGS = 3


#: Maximum number of doubtful readings offered; each costs a search.
MAX_OFFERS = 2


class SearchService:
    """Executes searches on one engine and one store."""

    def __init__(
        self,
        database: Database,
        engine: SearchEngine,
        matcher_cache: NameMatcherCache,
        catalogue: Callable[[], Catalogue],
    ) -> None:
        self._database = database
        self._engine = engine
        self._executor = QueryExecutor(engine, catalogue)
        self._matcher_cache = matcher_cache
        self._catalogue = catalogue
        self._labels: LabelIndex | None = None
        self._desk_labels: LabelIndex | None = None
        self._condition_reader: ConditionReader | None = None

    def labels(self) -> LabelIndex:
        """Return the labels of the current public catalogue."""
        catalogue = self._catalogue().public
        if self._labels is None or self._labels.catalogue is not catalogue:
            self._labels = LabelIndex(catalogue)
        return self._labels

    def desk_labels(self) -> LabelIndex:
        """Return the labels of the full catalogue for contributors, with unreviewed entries."""
        catalogue = self._catalogue()
        if catalogue.public is catalogue:
            return self.labels()
        if self._desk_labels is None or self._desk_labels.catalogue is not catalogue:
            self._desk_labels = LabelIndex(catalogue)
        return self._desk_labels

    def normalize(self, query: SearchQuery, *, recognise: bool = True) -> SearchQuery:
        """Return the normalized `query`, whose text may be anything that was typed.

        Conditions in plain words are recognised, unless `recognise` is false or the query is literal.
        """
        query = resolve_redirects(query, self._catalogue())
        if query.typed or not query.text:
            return query
        return normalize_query(query, self.labels(), self._recognise if recognise else None)

    def _recognise(self, plain: Words) -> Recognition:
        return self._reader().read(plain, PersonNames(self._matcher_cache.matcher))

    def _reader(self) -> ConditionReader:
        """Return the reader of conditions with the labels of the current public catalogue."""
        catalogue = self._catalogue().public
        if self._condition_reader is None or self._condition_reader.catalogue is not catalogue:
            self._condition_reader = ConditionReader(catalogue)
        return self._condition_reader

    def search(self, query: SearchQuery) -> SearchResponse:
        """Return one page of results for `query`."""
        started = time.perf_counter()
        query = self.normalize(query)
        matcher = self._matcher_cache.matcher()
        relaxed = self._execute(query)
        result = relaxed.result
        with self._database.read() as session:
            records = queries.load_records(session, [hit.id for hit in result.response.hits])
            labels = self.labels().with_people(self._names_of_people(session, query))
        query = relaxed.query
        return SearchResponse(
            total=result.response.total,
            page=query.page,
            size=query.size,
            match=relaxed.match,
            query=query,
            text=query.typed,
            understood=tuple(explain_query(query, labels, result.response.dropped_positions)),
            problems=(*query.problems, *self._execution_problems(matcher, query, result)),
            hits=tuple(build_hits(matcher, result, records)),
            facets=build_facets(query, result.response, labels),
            did_you_mean=tuple(self._alternative_spellings(result, query, records.values())),
            corrected=bool(result.corrections),
            relax=tuple(suggest_relaxations(query, result.response.relaxations, labels)),
            births=tuple(result.response.births),
            interpretation=tuple(interpret(query, query.recognised, labels)),
            dropped=tuple(interpret(query, relaxed.dropped, labels)),
            literal=query.as_typed if query.recognised or relaxed.dropped else None,
            offers=tuple(self._offers(query, result.response.total)),
            took_ms=round((time.perf_counter() - started) * 1000, 1),
        )

    def interpretation(self, query: SearchQuery) -> tuple[Interpretation, ...]:
        """Return the conditions recognised in a normalized query, labelled for its reader."""
        with self._database.read() as session:
            labels = self.labels().with_people(self._names_of_people(session, query))
        return tuple(interpret(query, query.recognised, labels))

    def _execute(self, query: SearchQuery) -> RelaxedSearch:
        """Execute a query, with fewer of the conditions recognised in it if they find nobody."""
        execute = partial(self._executor.execute, self._matcher_cache.matcher())
        return search_relaxed(self.normalize(query), self.labels(), execute)

    def _names_of_people(self, session: Session, query: SearchQuery) -> dict[str, str]:
        """Return the names of the people that conditions of a query refer to by id."""
        ids = [leaf.value for leaf in people_values(query, self._catalogue())]
        records = queries.load_records(session, ids) if ids else {}
        return {id_: preferred_name(record, query.lang) for id_, record in records.items()}

    def _offers(self, query: SearchQuery, total: int) -> Iterator[Offer]:
        """Yield the doubtful readings that some of the results meet, and not all."""
        for doubtful in query.doubtful[:MAX_OFFERS]:
            offered = self.normalize(with_condition(query, doubtful), recognise=False)
            count = self._executor.execute(self._matcher_cache.matcher(), offered).response.total
            if 0 < count < total:
                label = part_label(doubtful.node, self.labels(), query.lang)
                yield Offer(doubtful.text, doubtful.condition, label, count, offered)

    def all_ids(self, query: SearchQuery) -> list[str]:
        """Return the ids of all results for `query` in order, as paging would walk them."""
        all_query = replace(self.normalize(query), page=1, size=MAX_PAGE)
        return [hit.id for hit in self._execute(all_query).result.response.hits]

    def total(self, query: SearchQuery) -> int:
        """Return the total number of results for `query`."""
        return self.page(replace(query, page=1, size=1))[0]

    def page(self, query: SearchQuery) -> tuple[int, list[str]]:
        """Return the total number of results and the ids of this page."""
        response = self._execute(query).result.response
        return response.total, [hit.id for hit in response.hits]

    def people_by_place(self, query: SearchQuery) -> TiesByPlace:
        """Return the people of all results by place."""
        relaxed = self._execute(replace(query, size=1, page=1)).query
        return self._executor.people_by_place(self._matcher_cache.matcher(), relaxed)

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """Return the number of people in the whole bank by facet and value."""
        return self._engine.search(SearchQuery(size=1)).facets

    def suggest(self, text: str, lang: str, size: int, *, similar: bool = True) -> list[Suggestion]:
        """Return people with a name that starts with `text`, else those with a `similar` name."""
        matched_names = suggest_names(self._matcher_cache.matcher(), text, size, similar=similar)
        with self._database.read() as session:
            records = queries.load_records(session, list(matched_names))
        return [build_suggestion(record, matched_names[id_], text, lang) for id_, record in records.items()]

    def complete(self, query: SearchQuery) -> TypeaheadResult:
        """Return up to `query.size` people matched by a partly typed query.

        People with a name that starts with it come first; if there are none, people with its words
        or a similar name. Partial matches are left to the full search.
        """
        query = self.normalize(query, recognise=False)
        matcher = self._matcher_cache.matcher()
        context = build_query_context(query, (), matcher, self._catalogue())
        people = complete_names(self._engine, matcher, query, context)
        if not people and (response := self.search(query)).match != "partial":
            people = {hit.id: next((matched.name for matched in hit.matched), "") for hit in response.hits}
        return TypeaheadResult(query, people)

    def _execution_problems(
        self, matcher: NameMatcher, query: SearchQuery, result: SearchResult
    ) -> Iterator[QueryProblem]:
        """Yield problems that only the executed query reveals."""
        catalogue = self._catalogue()
        for leaf in people_values(query, catalogue):
            if not resolve_person(matcher, leaf.value):
                similar = [match.name for match in matcher.find(leaf.value, MAX_ALTERNATIVE_SPELLINGS)]
                yield unknown_value_problem(leaf, leaf.value, similar)
        for part in leaves(query.tree):
            if isinstance(part, Prefix) and part.text in result.response.truncated_prefixes:
                start, end = part.span or (0, 0)
                params: dict[str, str | int] = {"what": part.text, "most": MAX_PREFIX_WORDS}
                yield QueryProblem(start, end, "wide_prefix", params)

    def _alternative_spellings(
        self, result: SearchResult, query: SearchQuery, records: Iterable[PersonRecord]
    ) -> Iterator[str]:
        """Yield alternative spellings of the query as written in the bank."""
        if result.similar_names:
            people = list(result.similar_names.mentions[0].scores)[:MAX_ALTERNATIVE_SPELLINGS]
            with self._database.read() as session:
                for record in queries.load_records(session, people).values():
                    yield _replace_name(query, result.similar_names, preferred_name(record, query.lang))
        elif result.corrections:
            yield apply_corrections(query, restore_spelling(result.corrections, records)).text


def _replace_name(query: SearchQuery, name_match: NameMatch, name: str) -> str:
    """Return the query text with the name detected in a part replaced by another."""
    mention, text = name_match.mentions[0], name_match.words.text
    words = query_words(text)
    start, end = words[mention.start].start, words[mention.end - 1].end
    replacement = replace(name_match.words, text=text[:start] + name + text[end:])
    return render(tidy(replace_node(query.tree, name_match.words, replacement)))
