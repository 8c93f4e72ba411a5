"""The answer to a search as people and programs are given it."""

from dataclasses import dataclass, field
from typing import Any

from biobank.search.language.problems import Trouble
from biobank.search.port import Births, Reason
from biobank.search.query import SearchQuery

__all__ = ["Trouble"]


@dataclass(frozen=True)
class Understood:
    """One condition as it was understood; `start:end` is its place in what was typed.

    `kind`: word, stopword, let_go, phrase, prefix, any (of several), name, text, work, source,
    facet, award, relation, born, died, age, near, area or certainty.
    """

    kind: str
    text: str
    label: str
    facet: str = ""
    value: str = ""
    exclude: bool = False
    start: int | None = None
    end: int | None = None
    #: The question without this condition.
    rest: SearchQuery = field(default_factory=SearchQuery)


@dataclass(frozen=True)
class Snippet:
    """A passage with the matched words in `<mark>`; everything else is escaped."""

    field: str
    lang: str
    html: str


@dataclass(frozen=True)
class Matched:
    """Why a person was found: a word of the question, and the name form it stands in."""

    query: str
    name: str
    reading: str
    why: str
    quality: str


@dataclass(frozen=True)
class Hit:
    id: str
    name: str
    names: tuple[dict[str, str], ...]
    headline: str
    birth: dict[str, Any] | None
    death: dict[str, Any] | None
    professions: tuple[str, ...]
    countries: tuple[str, ...]
    score: float
    snippets: tuple[Snippet, ...] = ()
    matched: tuple[Matched, ...] = ()
    #: What each word adds to the score, the weightiest first.
    reasons: tuple[Reason, ...] = ()
    #: The picture that stands for the person, by its hash; empty where the bank keeps none.
    portrait: str = ""


@dataclass(frozen=True)
class FacetValue:
    """`selected`: include, exclude, or empty; `broader` are ids of values above it."""

    id: str
    label: str
    count: int
    selected: str = ""
    broader: tuple[str, ...] = ()


@dataclass(frozen=True)
class Relax:
    """A condition to drop, and how many people would then be found."""

    kind: str
    label: str
    count: int
    facet: str = ""
    #: The question without it.
    rest: SearchQuery = field(default_factory=SearchQuery)


@dataclass(frozen=True)
class SearchAnswer:
    """One page of an answer, with how the question was understood."""

    total: int
    page: int
    size: int
    took_ms: float
    match: str
    #: The question in its one form, and as it was typed.
    query: SearchQuery
    text: str
    understood: tuple[Understood, ...] = ()
    problems: tuple[Trouble, ...] = ()
    hits: tuple[Hit, ...] = ()
    facets: dict[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    did_you_mean: tuple[str, ...] = ()
    #: Whether `did_you_mean` has words respelt, and not names that are alike.
    respelt: bool = False
    relax: tuple[Relax, ...] = ()
    births: tuple[Births, ...] = ()


@dataclass(frozen=True)
class Suggestion:
    """A person whose name begins as was typed; `matched` is the name form that does."""

    id: str
    name: str
    headline: str
    years: str
    matched: str
    #: As that of a hit.
    portrait: str = ""
