"""The search engine interface; engines exchange these types and never their own syntax."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from biobank.names.index import PersonNames
from biobank.search.document import Document
from biobank.search.query import SearchQuery


@dataclass(frozen=True)
class ScoreReason:
    """The contribution of a query word to the score of a person, and the place of the match.

    `place` is name, headline, labels, works, ties, text or sources, and `lang` the language of that
    text; or `together` for words that occur near each other. For a selected value that a person has
    in the first place `place` is main_profession or birthplace, and `word` the id of the value.
    """

    word: str
    place: str
    lang: str
    score: float


@dataclass(frozen=True)
class EngineHit:
    """A person matched by an engine."""

    id: str
    score: float
    reasons: tuple[ScoreReason, ...] = ()


@dataclass(frozen=True)
class DetectedName:
    """Query words that form a name, by position, and the matching people with scores 0–1."""

    positions: tuple[int, ...]
    scores: Mapping[str, float]
    #: The rendered part of the query that contains the words; empty for its plain words.
    part: str = ""


@dataclass(frozen=True)
class QueryContext:
    """Information about a query that the engine does not have."""

    names: Sequence[DetectedName] = ()
    #: Ids of people by value of `relation`; missing values are relation types.
    people: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: Ids of places by value of `near` and by area.
    places: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: Whether score reasons are requested.
    reasons: bool = False


EMPTY_CONTEXT = QueryContext()
#: Ids of people by tie (birth, death, activity) and place.
PeopleByPlace = Mapping[str, Mapping[str, frozenset[str]]]


@dataclass(frozen=True)
class DecadeBirths:
    """Number of possible and certain births in a decade; 1880 stands for 1880–1889."""

    decade: int
    possible: int
    certain: int


@dataclass(frozen=True)
class NameChanges:
    """Names of people: all of them, or the changes since the `mark` of an earlier call."""

    mark: object
    upserts: Iterable[PersonNames]
    deletes: Sequence[str]
    #: Whether `upserts` is complete, so that everyone else was removed.
    is_complete: bool


@dataclass(frozen=True)
class EngineResponse:
    """One page of engine results; `total` and `facets` count exactly the set that paging walks."""

    hits: tuple[EngineHit, ...]
    total: int
    #: Count by facet and value, each ignoring the facet's own selection.
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    #: Positions of query words dropped because no person has them with the others.
    dropped_positions: tuple[int, ...] = ()
    #: Positions of query words that occur in no text, though they may match a name.
    unknown_positions: tuple[int, ...] = ()
    #: Number of matches without one condition; only if there are no matches. Keys are facets,
    #: `born`, `died`, `area`, `text` for the plain words, and rendered parts for others.
    relaxations: Mapping[str, int] = field(default_factory=dict)
    #: Births by decade, ignoring the filter on births; decades without births are omitted.
    births: Sequence[DecadeBirths] = ()
    #: Prefixes that match more words than are searched.
    truncated_prefixes: Sequence[str] = ()


@dataclass(frozen=True)
class EngineHealth:
    """The serving generation and its number of documents."""

    generation: str
    documents: int
    #: Text that the last change was applied with; empty if unknown.
    mark: str = ""


class SearchEngine(Protocol):
    """A search engine; thread-safe, with writers serialized."""

    def search(self, query: SearchQuery, context: QueryContext = EMPTY_CONTEXT) -> EngineResponse:
        """Return one page; a word matches in texts or as part of a detected name."""
        ...

    def people_by_place(self, query: SearchQuery, context: QueryContext = EMPTY_CONTEXT) -> PeopleByPlace:
        """Return the people of the whole result set by tie and place."""
        ...

    def similar_words(self, word: str) -> Sequence[str]:
        """Return similar words of texts and labels, folded, the most likely first."""
        ...

    def name_changes(self, mark: object = None) -> NameChanges:
        """Return changes to names since a mark; all names without one."""
        ...

    def ids(self) -> Mapping[str, float]:
        """Return the publication time of each person in the serving generation, by id."""
        ...

    def apply(self, upserts: Sequence[Document], deletes: Sequence[str], mark: str = "") -> None:
        """Apply changes to the serving generation; later searches see them.

        `mark`, unless empty, is stored with them: it tells which state of the store the index has.

        Raises:
            SearchUnavailable: If there is no index, or it cannot be read or written.
        """
        ...

    def build(self, documents: Iterable[Document]) -> str:
        """Write a new generation beside the serving one and return its name."""
        ...

    def activate(
        self,
        generation: str,
        upserts: Sequence[Document] = (),
        deletes: Sequence[str] = (),
        mark: str = "",
    ) -> None:
        """Apply changes to `generation` with `mark`, and switch to it atomically for readers."""
        ...

    def health(self) -> EngineHealth:
        """Return the state of the engine.

        Raises:
            SearchUnavailable: If there is no index to serve, or it is damaged.
        """
        ...

    def mark(self) -> str:
        """Return the mark of the serving generation; empty if there is none."""
        ...

    def check(self) -> None:
        """Read the whole index, which takes about as long as a third of a rebuild.

        Raises:
            SearchUnavailable: If there is no index to serve, or it is damaged.
        """
        ...

    def remove_abandoned(self, min_age_seconds: float = ...) -> int:
        """Delete generations that do not serve and were not written for a time; return their number."""
        ...
