"""The search service: one call for the page and the API; the engine finds, the store tells."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from biobank.i18n import FALLBACKS, best
from biobank.names.folding import fold_word, tokens
from biobank.names.matcher import Matcher
from biobank.records.catalogue import Catalogue
from biobank.records.date_words import years_in_words
from biobank.records.people import queries
from biobank.records.people.mapping import Record, preferred_name
from biobank.search.answer import Hit, Matched, SearchAnswer, Snippet, Suggestion
from biobank.search.asking import asked
from biobank.search.choosing import facets_of, relaxed
from biobank.search.knowing import Names, knowing, names_in, people_called, related
from biobank.search.known_names import KnownNames
from biobank.search.language.meaning import unknown_value
from biobank.search.language.problems import Trouble, trouble
from biobank.search.language.tree import Prefix, leaves, render, replaced, tidy
from biobank.search.language.values import Labels
from biobank.search.naming import matched
from biobank.search.port import EngineAnswer, EngineHit, SearchEngine
from biobank.search.query import PAGE_MOST, PREFIXED_MOST, SearchQuery
from biobank.search.question import Marker, markers_of, words_of
from biobank.search.respelling import Respelt, as_written, respell, with_words
from biobank.search.snippets import marked_line, snippet
from biobank.search.understanding import understood
from biobank.search.where import Ties
from biobank.store.session import Database

#: Other spellings of a question that are offered at most.
NEAR_MOST = 3
#: Letters from which on people are suggested whose names are only like what was typed; how like.
SIMILAR_LEAST = 4
SUGGESTED = 0.72


@dataclass(frozen=True)
class Found:
    """What an engine answers to a question, with the names that were read in it."""

    #: The question that was answered: as it was asked, or with words respelt.
    query: SearchQuery
    answer: EngineAnswer
    names: Sequence[Names]
    #: The part with names that are only like somebody's, where without them nobody was found.
    similar: Names | None = None
    #: Words in the place of those that nobody has.
    respelt: Respelt = field(default_factory=dict)

    @property
    def match(self) -> str:
        if self.similar or self.respelt:
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
        self._labels: Labels | None = None

    def labels(self) -> Labels:
        """What people call the values of facets, of the catalogue as it is now."""
        catalogue = self._catalogue()
        if self._labels is None or self._labels.catalogue is not catalogue:
            self._labels = Labels(catalogue)
        return self._labels

    def understand(self, query: SearchQuery) -> SearchQuery:
        """`query` in its one form; its text may be anything that was typed."""
        return query if query.typed or not query.text else asked(query, self.labels())

    def search(self, query: SearchQuery) -> SearchAnswer:
        """One page of the answer to `query`."""
        started = time.perf_counter()
        query = self.understand(query)
        known = self.labels()
        matcher = self._names.matcher()
        found = self._find(matcher, query)
        return SearchAnswer(
            total=found.answer.total,
            page=query.page,
            size=query.size,
            match=found.match,
            query=query,
            text=query.typed,
            understood=tuple(understood(query, known, found.answer.let_go)),
            problems=(*query.problems, *self._late_problems(matcher, query, found)),
            hits=tuple(self._hits(matcher, found)),
            facets=facets_of(query, found.answer, known),
            did_you_mean=tuple(self._spellings(found, query)),
            respelt=bool(found.respelt),
            relax=tuple(relaxed(query, found.answer.relax, known)),
            births=tuple(found.answer.births),
            took_ms=round((time.perf_counter() - started) * 1000, 1),
        )

    def everybody(self, query: SearchQuery) -> list[str]:
        """The ids of the whole answer to `query`, in its order, as paging would walk it."""
        whole = replace(self.understand(query), page=1, size=PAGE_MOST)
        return [hit.id for hit in self._find(self._names.matcher(), whole).answer.hits]

    def ties(self, query: SearchQuery) -> Ties:
        """Who of the whole answer to `query` is tied to which place."""
        query = self.understand(query)
        matcher = self._names.matcher()
        found = self._find(matcher, replace(query, size=1, page=1))
        told = knowing(found.query, found.names, matcher, self._catalogue())
        return Ties(self._engine.tied(found.query, told))

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """How many people of the whole bank have each value of each facet."""
        return self._engine.search(SearchQuery(size=1)).facets

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

    def _ask(self, matcher: Matcher, query: SearchQuery, names: Sequence[Names]) -> EngineAnswer:
        told = knowing(query, names, matcher, self._catalogue())
        return self._engine.search(query, replace(told, reasons=True))

    def _find(self, matcher: Matcher, query: SearchQuery) -> Found:
        """The answer to the words as they are; where nobody has them all, to those like them."""
        names = names_in(matcher, query)
        first = Found(query, self._ask(matcher, query, names), names)
        others = chain(self._with_similar(matcher, first), self._respelt(matcher, first))
        return next((other for other in others if _is_better(other, first)), first)

    def _with_similar(self, matcher: Matcher, found: Found) -> Iterator[Found]:
        """Answers to the question with names that are only nearly somebody's."""
        for part, unknown in _to_blame(found.names, found.answer):
            similar = part.with_similar(matcher, unknown)
            if similar:
                names = [similar if one is part else one for one in found.names]
                answer = self._ask(matcher, found.query, names)
                yield replace(found, answer=answer, names=names, similar=similar)

    def _respelt(self, matcher: Matcher, found: Found) -> Iterator[Found]:
        """The answer with words in the place of those that stand nowhere."""
        lost = set(found.answer.unknown)
        if found.answer.total:
            lost &= set(found.answer.let_go)
        respelt = respell(found.query, lost, self._engine.near_words)
        if respelt:
            query = with_words(found.query, respelt)
            names = names_in(matcher, query)
            yield Found(query, self._ask(matcher, query, names), names, respelt=respelt)

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

    def _hits(self, matcher: Matcher, found: Found) -> Iterator[Hit]:
        query = found.query
        markers = markers_of(query.tree)
        hits = {hit.id: hit for hit in found.answer.hits}
        with self._database.read() as session:
            records = queries.records(session, list(hits))
        for id_, record in records.items():
            name = preferred_name(record, query.lang)
            reasons = chain.from_iterable(
                matched(matcher, part.runs, record, name, part.words.text, query.lang)
                for part in found.names
            )
            yield _hit(record, name, hits[id_], markers, tuple(reasons), query.lang)

    def _spellings(self, found: Found, query: SearchQuery) -> Iterator[str]:
        """The question as it is perhaps meant, in the letters of the bank."""
        with self._database.read() as session:
            if found.similar:
                people = list(found.similar.runs[0].people)[:NEAR_MOST]
                for record in queries.records(session, people).values():
                    yield _named(query, found.similar, preferred_name(record, query.lang))
            elif found.respelt:
                records = queries.records(session, [hit.id for hit in found.answer.hits])
                yield with_words(query, as_written(found.respelt, records.values())).text


def _named(query: SearchQuery, part: Names, name: str) -> str:
    """The question with the name that is read in a part of it replaced by another."""
    run, text = part.runs[0], part.words.text
    words = words_of(text)
    start, end = words[run.start].start, words[run.end - 1].end
    other = replace(part.words, text=text[:start] + name + text[end:])
    return render(tidy(replaced(query.tree, part.words, other)))


def _is_better(other: Found, found: Found) -> bool:
    """Whether an answer to other words finds somebody, with fewer words let go."""
    if not other.answer.total:
        return False
    return not found.answer.total or len(other.answer.let_go) < len(found.answer.let_go)


def _to_blame(names: Sequence[Names], answer: EngineAnswer) -> Iterator[tuple[Names, set[int]]]:
    """The parts because of whose words nobody was found, with the words that nobody has.

    Where another condition is what leaves nobody, the words are not to blame.
    """
    for part in names:
        if part.part == "":
            if answer.let_go and (answer.total or not answer.relax.keys() - {"text"}):
                yield part, set(answer.let_go)
        elif not answer.total and part.unread and (part.part in answer.relax or not answer.relax):
            yield part, part.unread


def _hit(
    record: Record,
    name: str,
    hit: EngineHit,
    markers: Sequence[Marker],
    matches: tuple[Matched, ...],
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
        score=round(hit.score, 4),
        snippets=tuple(_snippets(record, markers, lang)),
        matched=matches,
        reasons=hit.reasons,
    )


def _snippets(record: Record, words: Sequence[Marker], lang: str) -> Iterable[Snippet]:
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
