"""Search responses as the pages and the API receive them."""

from dataclasses import dataclass, field

from biobank.names.explain import MatchReason
from biobank.records.people.record import NameRecord, VitalEvent
from biobank.search.engine import DecadeBirths, ScoreReason
from biobank.search.language.problems import QueryProblem
from biobank.search.query import SearchQuery

__all__ = ["QueryProblem"]


@dataclass(frozen=True)
class QueryPart:
    """One condition of a query as interpreted; `start:end` is its position in the typed text.

    `kind` is one of word, stopword, let_go, phrase, prefix, any (one of several parts), facet, area,
    certainty, or the name of a query field: name, work, teacher, event, born, alive.
    """

    kind: str
    text: str
    #: The label of the value, and of its field; empty for words and facets.
    value_label: str
    title: str = ""
    facet: str = ""
    value: str = ""
    exclude: bool = False
    start: int | None = None
    end: int | None = None
    #: The query without this condition.
    remaining_query: SearchQuery = field(default_factory=SearchQuery)

    @property
    def label(self) -> str:
        return f"{self.title}: {self.value_label}" if self.title else self.value_label


@dataclass(frozen=True)
class Snippet:
    """A text passage as HTML: matched words are in `<mark>`, everything else is escaped."""

    field: str
    lang: str
    html: str


@dataclass(frozen=True)
class MatchedName:
    """A word of the query that matched a name, and the form of the name that it matched."""

    query: str
    name: str
    reading: str
    quality: str
    #: None if the name is the displayed one.
    reason: MatchReason | None

    def why(self, lang: str) -> str:
        """Return the reason in language `lang`; empty without one."""
        return self.reason.text(lang) if self.reason else ""


@dataclass(frozen=True)
class Hit:
    """A person in the search results."""

    id: str
    name: str
    names: tuple[NameRecord, ...]
    headline: str
    birth: VitalEvent | None
    death: VitalEvent | None
    professions: tuple[str, ...]
    gender: str
    countries: tuple[str, ...]
    score: float
    snippets: tuple[Snippet, ...] = ()
    matched: tuple[MatchedName, ...] = ()
    #: The contribution of each word to the score, the largest first.
    reasons: tuple[ScoreReason, ...] = ()
    #: SHA-256 hash of the portrait; empty if the bank stores none.
    portrait: str = ""
    #: The name as alphabetical lists show it, surname first.
    sort_name: str = ""


@dataclass(frozen=True)
class FacetValue:
    """A value of a facet with its count.

    `selected` is include, exclude or empty; `broader` holds the ids of its broader values.
    """

    id: str
    label: str
    count: int
    selected: str = ""
    broader: tuple[str, ...] = ()


@dataclass(frozen=True)
class Relaxation:
    """A condition that could be dropped, and the number of people that would then match."""

    kind: str
    label: str
    count: int
    facet: str = ""
    #: The query without this condition.
    remaining_query: SearchQuery = field(default_factory=SearchQuery)


@dataclass(frozen=True)
class Interpretation:
    """A condition recognised in plain words, `text` at `start:end` of the typed text."""

    text: str
    #: The condition in the query language, and its label in the reader's language.
    condition: str
    label: str
    start: int | None = None
    end: int | None = None
    #: The query without this condition.
    remaining_query: SearchQuery = field(default_factory=SearchQuery)


@dataclass(frozen=True)
class Offer:
    """A doubtful reading of `text`: a condition that the reader may add, and how many it leaves."""

    text: str
    condition: str
    label: str
    count: int
    #: The query with this condition.
    query: SearchQuery


@dataclass(frozen=True)
class SearchResponse:
    """One page of search results with the interpretation of the query."""

    total: int
    page: int
    size: int
    took_ms: float
    match: str
    #: The normalized query; `text` is the query as it was typed.
    query: SearchQuery
    text: str
    understood: tuple[QueryPart, ...] = ()
    problems: tuple[QueryProblem, ...] = ()
    hits: tuple[Hit, ...] = ()
    facets: dict[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    did_you_mean: tuple[str, ...] = ()
    #: Whether `did_you_mean` holds corrected spellings instead of similar names.
    corrected: bool = False
    relax: tuple[Relaxation, ...] = ()
    births: tuple[DecadeBirths, ...] = ()
    #: The recognised conditions that apply, and those given up because they find nobody.
    interpretation: tuple[Interpretation, ...] = ()
    dropped: tuple[Interpretation, ...] = ()
    #: The query that searches the words as typed; None if nothing was recognised in them.
    literal: SearchQuery | None = None
    offers: tuple[Offer, ...] = ()
    #: People found by meaning alone, not counted in `total` and `facets`; None if that is off.
    by_meaning: tuple[Hit, ...] | None = None


@dataclass(frozen=True)
class Suggestion:
    """A person suggested for a typed prefix; `matched` is the name form that starts with it."""

    id: str
    name: str
    headline: str
    years: str
    matched: str
    #: As `Hit.portrait`.
    portrait: str = ""
