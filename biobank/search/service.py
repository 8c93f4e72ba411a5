"""The search service: one call for the page and the API; the engine finds, the store tells."""

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

#: Other spellings of a question that are offered at most.
NEAR_MOST = 3


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
        self._finder = Finder(engine, catalogue)
        self._names = names
        self._catalogue = catalogue
        self._labels: Labels | None = None
        self._desk_labels: Labels | None = None

    def labels(self) -> Labels:
        """What people call the values of facets, of the catalogue as it is now."""
        catalogue = self._catalogue().public
        if self._labels is None or self._labels.catalogue is not catalogue:
            self._labels = Labels(catalogue)
        return self._labels

    def desk_labels(self) -> Labels:
        """The same for those who write: with what no editor has seen yet."""
        catalogue = self._catalogue()
        if catalogue.public is catalogue:
            return self.labels()
        if self._desk_labels is None or self._desk_labels.catalogue is not catalogue:
            self._desk_labels = Labels(catalogue)
        return self._desk_labels

    def understand(self, query: SearchQuery) -> SearchQuery:
        """`query` in its one form; its text may be anything that was typed."""
        query = with_ids_of_now(query, self._catalogue())
        return query if query.typed or not query.text else asked(query, self.labels())

    def search(self, query: SearchQuery) -> SearchAnswer:
        """One page of the answer to `query`."""
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
        """The ids of the whole answer to `query`, in its order, as paging would walk it."""
        whole = replace(self.understand(query), page=1, size=PAGE_MOST)
        return [hit.id for hit in self._finder.find(self._names.matcher(), whole).answer.hits]

    def total(self, query: SearchQuery) -> int:
        """How many people the whole answer to `query` has."""
        return self.page(replace(query, page=1, size=1))[0]

    def page(self, query: SearchQuery) -> tuple[int, list[str]]:
        """How many people the whole answer has, and the ids of this page of it."""
        found = self._finder.find(self._names.matcher(), self.understand(query)).answer
        return found.total, [hit.id for hit in found.hits]

    def ties(self, query: SearchQuery) -> Ties:
        """Who of the whole answer to `query` is tied to which place."""
        return self._finder.ties(self._names.matcher(), self.understand(query))

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """How many people of the whole bank have each value of each facet."""
        return self._engine.search(SearchQuery(size=1)).facets

    def suggest(self, text: str, lang: str, size: int) -> list[Suggestion]:
        """People with a name that begins as `text` does, then those with one that is like it."""
        names = names_for(self._names.matcher(), text, size)
        with self._database.read() as session:
            records = queries.records(session, list(names))
        return [make_suggestion(record, names[id_], text, lang) for id_, record in records.items()]

    def begun(self, query: SearchQuery) -> Begun:
        """Up to `query.size` people who are meant by what has been typed so far.

        Those with a name that begins so; where nobody has one, those who have its words, or a name
        that is like it. What has only some of the words is left to the search itself.
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
        """What turned out only when the question was asked."""
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
        """The question as it is perhaps meant, in the letters of the bank."""
        if found.similar:
            people = list(found.similar.runs[0].people)[:NEAR_MOST]
            with self._database.read() as session:
                for record in queries.records(session, people).values():
                    yield _named(query, found.similar, preferred_name(record, query.lang))
        elif found.respelt:
            yield with_words(query, as_written(found.respelt, shown)).text


def _named(query: SearchQuery, part: Names, name: str) -> str:
    """The question with the name that is read in a part of it replaced by another."""
    run, text = part.runs[0], part.words.text
    words = words_of(text)
    start, end = words[run.start].start, words[run.end - 1].end
    other = replace(part.words, text=text[:start] + name + text[end:])
    return render(tidy(replaced(query.tree, part.words, other)))
