"""Query execution: as typed, then with similar names, then with corrected spelling."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from biobank.names.matcher import NameMatcher
from biobank.records.catalogue import Catalogue
from biobank.search.engine import EngineResponse, SearchEngine
from biobank.search.geo import TiesByPlace
from biobank.search.query import SearchQuery
from biobank.search.query_context import NameMatch, build_query_context, detect_names
from biobank.search.spelling_correction import Corrections, apply_corrections, correct


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
        return next(
            (alternative for alternative in alternatives if _is_better(alternative, result)), result
        )

    def _retry_with_similar_names(
        self, matcher: NameMatcher, result: SearchResult
    ) -> Iterator[SearchResult]:
        """Yield results for the query with similar names."""
        for part, unknown in _unmatched_names(result.name_matches, result.response):
            similar_names = part.add_similar_names(matcher, unknown)
            if similar_names:
                name_matches = [
                    similar_names if name_match is part else name_match
                    for name_match in result.name_matches
                ]
                response = self._query_engine(matcher, result.query, name_matches)
                yield replace(
                    result,
                    response=response,
                    name_matches=name_matches,
                    similar_names=similar_names,
                )

    def _retry_corrected(
        self, matcher: NameMatcher, result: SearchResult
    ) -> Iterator[SearchResult]:
        """Yield results for the query with unknown words corrected."""
        unmatched = set(result.response.unknown_positions)
        if result.response.total:
            unmatched &= set(result.response.dropped_positions)
        corrections = correct(result.query, unmatched, self._engine.similar_words)
        if corrections:
            query = apply_corrections(result.query, corrections)
            name_matches = detect_names(matcher, query)
            yield SearchResult(
                query,
                self._query_engine(matcher, query, name_matches),
                name_matches,
                corrections=corrections,
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
            if response.dropped_positions and (
                response.total or not response.relaxations.keys() - {"text"}
            ):
                yield name_match, set(response.dropped_positions)
        elif (
            not response.total
            and name_match.unnamed_positions
            and (name_match.part in response.relaxations or not response.relaxations)
        ):
            yield name_match, name_match.unnamed_positions
