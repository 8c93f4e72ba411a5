"""The search service: combines the engine with the store for the pages and the API."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from biobank.names.matcher import Matcher
from biobank.records.catalogue import Catalogue
from biobank.records.people import queries
from biobank.records.people.mapping import Record, preferred_name
from biobank.search.answer import SearchAnswer, Suggestion
from biobank.search.asking import asked, with_ids_of_now
from biobank.search.beginning import Begun, begun_names
from biobank.search.choosing import facets_of, relaxed
from biobank.search.finding import Finder, Found
from biobank.search.hits import make_hits
from biobank.search.knowing import Names, knowing, people_called, related
from biobank.search.known_names import KnownNames
from biobank.search.language.meaning import unknown_value
from biobank.search.language.problems import Trouble, trouble
from biobank.search.language.tree import Prefix, leaves, render, replaced, tidy
from biobank.search.language.values import Labels
from biobank.search.port import SearchEngine
from biobank.search.query import PAGE_MOST, PREFIXED_MOST, SearchQuery
from biobank.search.question import words_of
from biobank.search.respelling import as_written, with_words
from biobank.search.suggesting import make_suggestion, names_for
from biobank.search.understanding import understood
from biobank.search.where import Ties
from biobank.store.session import Database

#: Maximum number of alternative spellings offered for a query.
NEAR_MOST = 3


class SearchService:
    """Executes searches on one engine and one store."""

    def __init__(
        self,
        database: Database,
        engine: SearchEngine,
        names: KnownNames,
        catalogue: Callable[[], Catalogue],
    ) -> None:
        self._database = database
        self._engine = engine
        self._finder = Finder(engine, catalogue)
        self._names = names
        self._catalogue = catalogue
        self._labels: Labels | None = None
        self._desk_labels: Labels | None = None

    def labels(self) -> Labels:
        """Return the labels of the current public catalogue."""
        catalogue = self._catalogue().public
        if self._labels is None or self._labels.catalogue is not catalogue:
            self._labels = Labels(catalogue)
        return self._labels

    def desk_labels(self) -> Labels:
        """Return the labels of the full catalogue for contributors, with unreviewed entries."""
        catalogue = self._catalogue()
        if catalogue.public is catalogue:
            return self.labels()
        if self._desk_labels is None or self._desk_labels.catalogue is not catalogue:
            self._desk_labels = Labels(catalogue)
        return self._desk_labels

    def understand(self, query: SearchQuery) -> SearchQuery:
        """Return the normalized `query`, whose text may be anything that was typed."""
        query = with_ids_of_now(query, self._catalogue())
        return query if query.typed or not query.text else asked(query, self.labels())

    def search(self, query: SearchQuery) -> SearchAnswer:
        """Return one page of results for `query`."""
        started = time.perf_counter()
        query = self.understand(query)
        known = self.labels()
        matcher = self._names.matcher()
        found = self._finder.find(matcher, query)
        with self._database.read() as session:
            records = queries.records(session, [hit.id for hit in found.answer.hits])
        return SearchAnswer(
            total=found.answer.total,
            page=query.page,
            size=query.size,
            match=found.match,
            query=query,
            text=query.typed,
            understood=tuple(understood(query, known, found.answer.let_go)),
            problems=(*query.problems, *self._late_problems(matcher, query, found)),
            hits=tuple(make_hits(matcher, found, records)),
            facets=facets_of(query, found.answer, known),
            did_you_mean=tuple(self._spellings(found, query, records.values())),
            respelt=bool(found.respelt),
            relax=tuple(relaxed(query, found.answer.relax, known)),
            births=tuple(found.answer.births),
            took_ms=round((time.perf_counter() - started) * 1000, 1),
        )

    def everybody(self, query: SearchQuery) -> list[str]:
        """Return the ids of all results for `query` in order, as paging would walk them."""
        whole = replace(self.understand(query), page=1, size=PAGE_MOST)
        return [hit.id for hit in self._finder.find(self._names.matcher(), whole).answer.hits]

    def total(self, query: SearchQuery) -> int:
        """Return the total number of results for `query`."""
        return self.page(replace(query, page=1, size=1))[0]

    def page(self, query: SearchQuery) -> tuple[int, list[str]]:
        """Return the total number of results and the ids of this page."""
        found = self._finder.find(self._names.matcher(), self.understand(query)).answer
        return found.total, [hit.id for hit in found.hits]

    def ties(self, query: SearchQuery) -> Ties:
        """Return the people of all results by place."""
        return self._finder.ties(self._names.matcher(), self.understand(query))

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """Return the number of people in the whole bank by facet and value."""
        return self._engine.search(SearchQuery(size=1)).facets

    def suggest(self, text: str, lang: str, size: int) -> list[Suggestion]:
        """Return people with a name that starts with `text`, else those with a similar name."""
        names = names_for(self._names.matcher(), text, size)
        with self._database.read() as session:
            records = queries.records(session, list(names))
        return [make_suggestion(record, names[id_], text, lang) for id_, record in records.items()]

    def begun(self, query: SearchQuery) -> Begun:
        """Return up to `query.size` people matched by a partly typed query.

        People with a name that starts with it come first; if there are none, people with its words
        or a similar name. Partial matches are left to the full search.
        """
        query = self.understand(query)
        matcher = self._names.matcher()
        told = knowing(query, (), matcher, self._catalogue())
        people = begun_names(self._engine, matcher, query, told)
        if not people and (answer := self.search(query)).match != "partial":
            people = {hit.id: next((it.name for it in hit.matched), "") for hit in answer.hits}
        return Begun(query, people)

    def _late_problems(
        self, matcher: Matcher, query: SearchQuery, found: Found
    ) -> Iterator[Trouble]:
        """Yield problems that only the executed query reveals."""
        catalogue = self._catalogue()
        for leaf in related(query, catalogue):
            if not people_called(matcher, leaf.value):
                near = [match.name for match in matcher.find(leaf.value, NEAR_MOST)]
                yield unknown_value(query.lang, leaf, leaf.value, near)
        for part in leaves(query.tree):
            if isinstance(part, Prefix) and part.text in found.answer.wide:
                start, end = part.span or (0, 0)
                words = {"what": part.text, "most": PREFIXED_MOST}
                yield trouble("wide_prefix", query.lang, start, end, **words)

    def _spellings(
        self, found: Found, query: SearchQuery, shown: Iterable[Record]
    ) -> Iterator[str]:
        """Yield alternative spellings of the query as written in the bank."""
        if found.similar:
            people = list(found.similar.runs[0].people)[:NEAR_MOST]
            with self._database.read() as session:
                for record in queries.records(session, people).values():
                    yield _named(query, found.similar, preferred_name(record, query.lang))
        elif found.respelt:
            yield with_words(query, as_written(found.respelt, shown)).text


def _named(query: SearchQuery, part: Names, name: str) -> str:
    """Return the query text with the name detected in a part replaced by another."""
    run, text = part.runs[0], part.words.text
    words = words_of(text)
    start, end = words[run.start].start, words[run.end - 1].end
    other = replace(part.words, text=text[:start] + name + text[end:])
    return render(tidy(replaced(query.tree, part.words, other)))
