"""The port: what a search engine must do. Engines take and return these, never their own syntax."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from biobank.names.index import Person
from biobank.search.document import Document
from biobank.search.query import SearchQuery


@dataclass(frozen=True)
class Reason:
    """What a word of a question adds to the score of a person, and where it stands.

    `place`: name, headline, labels, works, ties, text or sources, `lang` being that of the text;
    or `together` for words that stand near each other somewhere.
    """

    word: str
    place: str
    lang: str
    score: float


@dataclass(frozen=True)
class EngineHit:
    id: str
    score: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Named:
    """Words of a question that are a name, by their positions, and whose: by id how well, 0–1."""

    positions: tuple[int, ...]
    people: Mapping[str, float]
    #: The part of the question, rendered, that the words are of; empty for its plain words.
    part: str = ""


@dataclass(frozen=True)
class Knowing:
    """What the bank knows about a question that an engine does not."""

    named: Sequence[Named] = ()
    #: By value of `relation`, who is meant; values that are not here are kinds of ties.
    people: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: By value of `near`, and by area, the places that lie there.
    places: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: Whether reasons are asked for.
    reasons: bool = False


NOTHING = Knowing()
#: By kind of tie (birth, death, activity) and place, who has it.
Tied = Mapping[str, Mapping[str, frozenset[str]]]


@dataclass(frozen=True)
class Births:
    """How many people were possibly, and how many certainly, born in a decade (1880: 1880–89)."""

    decade: int
    possible: int
    certain: int


@dataclass(frozen=True)
class NameChanges:
    """Who is called what: all, or what changed since `since` was the `mark` of an answer."""

    mark: object
    upserts: Iterable[Person]
    deletes: Sequence[str]
    #: Whether `upserts` are everybody, and whoever is not among them is gone.
    everybody: bool


@dataclass(frozen=True)
class EngineAnswer:
    """One page of an answer. `total` and `facets` count exactly the set that paging walks."""

    hits: tuple[EngineHit, ...]
    total: int
    #: By facet, how many people each value would leave, the facet's own choice left out.
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    #: Positions of the question's words that nobody has together with the rest.
    let_go: tuple[int, ...] = ()
    #: Positions of the question's words that stand nowhere, though they may be read as a name.
    unknown: tuple[int, ...] = ()
    #: How many people dropping one condition would find; only where nothing was found. By facet,
    #: `born`, `died`, `area`, `text` for the plain words, and for other parts of it as rendered.
    relax: Mapping[str, int] = field(default_factory=dict)
    #: Births by decade, the condition on births left out; decades without any are not told.
    births: Sequence[Births] = ()
    #: Prefixes with which more words begin than are sought.
    wide: Sequence[str] = ()


@dataclass(frozen=True)
class EngineHealth:
    """The generation that serves, and how many people it holds."""

    generation: str
    documents: int


class SearchEngine(Protocol):
    """Safe to share between threads, except that writing is one at a time and others wait."""

    def search(self, query: SearchQuery, knowing: Knowing = NOTHING) -> EngineAnswer:
        """One page. People have a word by their texts, or by being among the `named` of it."""
        ...

    def tied(self, query: SearchQuery, knowing: Knowing = NOTHING) -> Tied:
        """Who of the whole answer is tied to which place."""
        ...

    def near_words(self, word: str) -> Sequence[str]:
        """Words of people's texts and labels that are spelt nearly so, folded, likeliest first."""
        ...

    def names_since(self, since: object = None) -> NameChanges:
        """What changed in the names of people since a mark; everybody's where there was none."""
        ...

    def ids(self) -> Mapping[str, float]:
        """Every person in the serving generation, with when its document was published."""
        ...

    def apply(self, upserts: Sequence[Document], deletes: Sequence[str]) -> None:
        """Changes the serving generation; after it returns, every new search sees it."""
        ...

    def build(self, documents: Iterable[Document]) -> str:
        """Writes a new generation beside the serving one and returns its name."""
        ...

    def activate(
        self, generation: str, upserts: Sequence[Document] = (), deletes: Sequence[str] = ()
    ) -> None:
        """Brings `generation` up to date and makes it serve, in one step for readers."""
        ...

    def health(self) -> EngineHealth:
        """Raises SearchUnavailable where there is nothing to serve."""
        ...
