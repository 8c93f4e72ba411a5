"""Query execution: as typed, then with similar names, then with corrected spelling."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from threading import Lock, Thread

from biobank.names.folding import fold_word, lower, tokens
from biobank.names.index import PersonNames
from biobank.names.matcher import NameMatcher
from biobank.records.catalogue import Catalogue
from biobank.records.people.record import PersonRecord
from biobank.search.engine import EngineResponse, NameChanges, SearchEngine
from biobank.search.geo import TiesByPlace
from biobank.search.language.tree import plain_words, render, replace_node, tidy
from biobank.search.query import SearchQuery
from biobank.search.query_context import NameMatch, build_query_context, detect_names
from biobank.search.query_words import query_words

#: Corrected folded words by position in the query.
Corrections = Mapping[int, str]


@dataclass(frozen=True)
class SearchResult:
    """The engine response to a query with the names detected in it."""

    #: The executed query: as typed or with corrected words.
    query: SearchQuery
    response: EngineResponse
    name_matches: Sequence[NameMatch]
    #: The part that matched only similar names, if nothing else matched.
    similar_names: NameMatch | None = None
    #: Corrected words by position.
    corrections: Corrections = field(default_factory=dict)

    @property
    def match(self) -> str:
        if self.similar_names or self.corrections:
            return "did_you_mean"
        return "partial" if self.response.dropped_positions else "found"


class QueryExecutor:
    """Executes queries on one engine with the current names of people."""

    def __init__(self, engine: SearchEngine, catalogue: Callable[[], Catalogue]) -> None:
        self._engine = engine
        self._catalogue = catalogue

    def execute(self, matcher: NameMatcher, query: SearchQuery) -> SearchResult:
        """Return the results for the words as typed, or for similar words if they match nobody."""
        name_matches = detect_names(matcher, query)
        result = SearchResult(query, self._query_engine(matcher, query, name_matches), name_matches)
        alternatives = chain(
            self._retry_with_similar_names(matcher, result), self._retry_corrected(matcher, result)
        )
        return next((alternative for alternative in alternatives if _is_better(alternative, result)), result)

    def _retry_with_similar_names(self, matcher: NameMatcher, result: SearchResult) -> Iterator[SearchResult]:
        """Yield results for the query with similar names."""
        for part, unknown in _unmatched_names(result.name_matches, result.response):
            similar_names = part.add_similar_names(matcher, unknown)
            if similar_names:
                name_matches = [
                    similar_names if name_match is part else name_match for name_match in result.name_matches
                ]
                response = self._query_engine(matcher, result.query, name_matches)
                yield replace(
                    result, response=response, name_matches=name_matches, similar_names=similar_names
                )

    def _retry_corrected(self, matcher: NameMatcher, result: SearchResult) -> Iterator[SearchResult]:
        """Yield results for the query with unknown words corrected."""
        unmatched = set(result.response.unknown_positions)
        if result.response.total:
            unmatched &= set(result.response.dropped_positions)
        corrections = correct(result.query, unmatched, self._engine.similar_words)
        if corrections:
            query = apply_corrections(result.query, corrections)
            name_matches = detect_names(matcher, query)
            yield SearchResult(
                query, self._query_engine(matcher, query, name_matches), name_matches, corrections=corrections
            )

    def people_by_place(self, matcher: NameMatcher, query: SearchQuery) -> TiesByPlace:
        """Return the people of the whole result set by place."""
        result = self.execute(matcher, replace(query, size=1, page=1))
        context = build_query_context(result.query, result.name_matches, matcher, self._catalogue())
        return TiesByPlace(self._engine.people_by_place(result.query, context))

    def _query_engine(
        self, matcher: NameMatcher, query: SearchQuery, name_matches: Sequence[NameMatch]
    ) -> EngineResponse:
        context = build_query_context(query, name_matches, matcher, self._catalogue())
        return self._engine.search(query, replace(context, reasons=True))


def _is_better(alternative: SearchResult, result: SearchResult) -> bool:
    """Return whether another query variant matches people while dropping fewer words."""
    if not alternative.response.total:
        return False
    return not result.response.total or len(alternative.response.dropped_positions) < len(
        result.response.dropped_positions
    )


def _unmatched_names(
    name_matches: Sequence[NameMatch], response: EngineResponse
) -> Iterator[tuple[NameMatch, set[int]]]:
    """Yield the parts whose words match no person, with the positions of these words.

    Words are not responsible where another condition excludes everyone.
    """
    for name_match in name_matches:
        if name_match.part == "":
            if response.dropped_positions and (response.total or not response.relaxations.keys() - {"text"}):
                yield name_match, set(response.dropped_positions)
        elif (
            not response.total
            and name_match.unnamed_positions
            and (name_match.part in response.relaxations or not response.relaxations)
        ):
            yield name_match, name_match.unnamed_positions


#: Maximum number of corrected words in a query.
MAX_CORRECTIONS = 3


def correct(
    query: SearchQuery, unknown_positions: Collection[int], similar_words: Callable[[str], Sequence[str]]
) -> Corrections:
    """Return likely corrections of the plain words at `unknown_positions`."""
    plain = plain_words(query.tree)
    words = query_words(plain.text) if plain is not None else ()
    candidates = (
        (position, similar_words(words[position].text))
        for position in islice(sorted(unknown_positions), MAX_CORRECTIONS)
    )
    return {position: similar[0] for position, similar in candidates if similar}


def apply_corrections(query: SearchQuery, corrections: Corrections) -> SearchQuery:
    """Return `query` with some of its plain words replaced."""
    plain = plain_words(query.tree)
    if plain is None:
        return query
    text = plain.text
    words = query_words(text)
    for position in sorted(corrections, reverse=True):
        text = text[: words[position].start] + corrections[position] + text[words[position].end :]
    tree = tidy(replace_node(query.tree, plain, replace(plain, text=text)))
    return replace(query, text=render(tree), typed=render(tree))


def restore_spelling(corrections: Corrections, records: Iterable[PersonRecord]) -> Corrections:
    """Return the corrections as spelled in the texts of `records`: bəstəkar for bestekar."""
    wanted = set(corrections.values())
    spellings: dict[str, str] = {}
    for lang, text in _texts(records):
        for token in tokens(text):
            if (word := fold_word(token.text)) in wanted:
                # Lower case, since the word may start a sentence there.
                spellings.setdefault(word, lower(token.text, lang))
        if len(spellings) == len(wanted):
            break
    return {position: spellings.get(word, word) for position, word in corrections.items()}


def _texts(records: Iterable[PersonRecord]) -> Iterator[tuple[str, str]]:
    """Yield language and text of headlines and biographies."""
    for record in records:
        yield from record.get("headline", {}).items()
        yield from record.get("biography", {}).items()


#: Maximum number of changed people whose names are indexed synchronously, some 0.2 s; larger
#: updates run in the background, and until they finish the changed names match only as written.
MAX_SYNC_UPDATES = 1000


class NameMatcherCache:
    """A thread-safe cache; one thread applies changes while the others keep reading."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self._matcher = NameMatcher()
        self._mark: object = None
        self._updating = Lock()

    def matcher(self) -> NameMatcher:
        """Return the matcher, updated with the changes that the engine sees."""
        if self._is_outdated() and self._updating.acquire(blocking=False):
            # Read the changes again: another thread may have applied them meanwhile.
            changes = self._engine.name_changes(self._mark)
            upserts = list(changes.upserts)
            if len(upserts) > MAX_SYNC_UPDATES:
                Thread(target=self._apply_changes, args=(changes, upserts), daemon=True).start()
            else:
                self._apply_changes(changes, upserts)
        return self._matcher

    @property
    def is_ready(self) -> bool:
        """Return whether all indexed people can be matched by name."""
        self.matcher()
        return not self._is_outdated()

    def _is_outdated(self) -> bool:
        return self._engine.name_changes(self._mark).mark is not self._mark

    def _apply_changes(self, changes: NameChanges, upserts: list[PersonNames]) -> None:
        try:
            deletes = list(changes.deletes)
            if changes.is_complete:
                current_ids = {person[0] for person in upserts}
                deletes = [id_ for id_ in self._matcher.ids() if id_ not in current_ids]
            self._matcher.apply(upserts, deletes)
            self._mark = changes.mark
        finally:
            self._updating.release()
