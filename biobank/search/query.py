"""The search query: the common input of pages, API and engines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from biobank.search.completeness import GAP_VALUES
from biobank.search.geo import TIE_KINDS, Area
from biobank.search.language.fields import UNKNOWN
from biobank.search.language.parser import parse
from biobank.search.language.problems import QueryProblem
from biobank.search.language.tree import AllOf, AnyOf, Not, QueryNode, Value, Words, render
from biobank.search.recognition.conditions import RecognisedCondition

__all__ = ["UNKNOWN"]

FACETS: Final = (
    "profession",
    "country",
    "place",
    "birthplace",
    "deathplace",
    "century",
    "gender",
    "organisation",
    "language",
)
#: Fields that are searched by query text or map only, not shown as facets. `main_profession` is the
#: first of a person's professions with its broader ones, used for ranking only; `tie` is a relation
#: type, `work` a work type; `at_…` are the recorded places without broader ones; those of
#: `GAP_VALUES` are what a record lacks. `related` holds pairs of relation type and person.
HIDDEN_FIELDS: Final = (
    "main_profession",
    "award",
    "relation",
    "tie",
    "related",
    "event",
    "source",
    "work",
    "at_birth",
    "at_death",
    "at_activity",
    *GAP_VALUES,
)
#: All fields that documents have values of.
INDEXED_FIELDS: Final = (*FACETS, *HIDDEN_FIELDS)
#: `checked`: never compared with sources first, then the least recently compared.
SORT_ORDERS: Final = ("relevance", "name", "birth", "-birth", "updated", "checked")
#: Sort orders offered to readers; the others are for editorial pages.
PUBLIC_SORT_ORDERS: Final = SORT_ORDERS[:-1]
CERTAINTIES: Final = ("possible", "certain")

MAX_QUERY_CHARS: Final = 600
MAX_PAGE_SIZE: Final = 100
DEFAULT_PAGE_SIZE: Final = 20
MAX_SUGGESTIONS: Final = 20
DEFAULT_SUGGESTIONS: Final = 8
#: Far beyond any result set; keeps page numbers within machine integers.
MAX_PAGE: Final = 1_000_000
#: Maximum number of words searched for one prefix.
MAX_PREFIX_WORDS: Final = 300
#: Maximum number of values of one facet in a search.
MAX_FACET_VALUES: Final = 50


@dataclass(frozen=True)
class FacetChoice:
    """The selection in one facet: people with any of `include` and none of `exclude`."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    @classmethod
    def from_values(cls, values: list[str]) -> "FacetChoice":
        """Parse URL values; a leading `-` excludes."""
        unique = dict.fromkeys(values)
        return cls(
            include=tuple(value for value in unique if not value.startswith("-")),
            exclude=tuple(value[1:] for value in unique if value.startswith("-") and value[1:]),
        )

    @property
    def values(self) -> tuple[str, ...]:
        """Return the selection as URL values."""
        return (*self.include, *(f"-{value}" for value in self.exclude))


@dataclass(frozen=True)
class DateFilter:
    """A range of days, both ends inclusive, None if open; `text` is the filter as written.

    The text `unknown` selects people without a known day.
    """

    text: str
    earliest: int | None
    latest: int | None

    @property
    def is_unknown(self) -> bool:
        return self.text == UNKNOWN


@dataclass(frozen=True)
class SearchQuery:
    """A query with filters, order and page. Equal queries have equal results."""

    #: The query text in the query language, normalized by `normalize_query`.
    text: str = ""
    lang: str = "az"
    page: int = 1
    size: int = DEFAULT_PAGE_SIZE
    sort: str = "relevance"
    choices: Mapping[str, FacetChoice] = field(default_factory=lambda: MappingProxyType({}))
    born: DateFilter | None = None
    died: DateFilter | None = None
    certainty: str = "possible"
    area: Area | None = None
    #: The tie to places that the area filter applies to.
    tie: str = TIE_KINDS[0]
    #: Whether the words are searched as typed, without recognition of conditions.
    literal: bool = False
    #: The text as typed, and the problems found in it.
    typed: str = field(default="", compare=False)
    problems: tuple[QueryProblem, ...] = field(default=(), compare=False)
    #: The conditions recognised in plain words, and those that are doubtful.
    recognised: tuple[RecognisedCondition, ...] = field(default=(), compare=False)
    doubtful: tuple[RecognisedCondition, ...] = field(default=(), compare=False)
    #: The words in which nothing was recognised, and the query before recognition.
    unrecognised: Words | None = field(default=None, compare=False)
    as_typed: "SearchQuery | None" = field(default=None, compare=False, repr=False)
    #: `text` and its tree, whose nodes know their position in the typed text.
    parsed: tuple[str, QueryNode] | None = field(default=None, compare=False, repr=False)

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size

    @property
    def tree(self) -> QueryNode:
        """Return the parsed `text`."""
        if self.parsed and self.parsed[0] == self.text:
            return self.parsed[1]
        return parse(self.text).tree

    def url_params(self) -> list[tuple[str, str]]:
        """Return the canonical list of URL parameters: defaults omitted, order fixed."""
        # Ids may be longer than the typed labels, and the URL must stay within the maximum length.
        text = self.text if len(self.text) <= MAX_QUERY_CHARS else self.typed
        params = [("q", text)] if text else []
        for facet in FACETS:
            params += [(facet, value) for value in self.choices.get(facet, FacetChoice()).values]
        for name, dates in (("born", self.born), ("died", self.died)):
            if dates:
                params.append((name, dates.text))
        if self.area:
            params.append(("bbox", self.area.text))
        if self.literal:
            params.append(("literal", "1"))
        for name, value, default in (
            ("tie", self.tie if self.area else TIE_KINDS[0], TIE_KINDS[0]),
            ("certainty", self.certainty, CERTAINTIES[0]),
            ("sort", self.sort, SORT_ORDERS[0]),
            ("size", self.size, DEFAULT_PAGE_SIZE),
            ("page", self.page, 1),
        ):
            if value != default:
                params.append((name, str(value)))
        return params

    @property
    def query_line(self) -> str:
        """Return everything the query language can express as one line."""
        parts = [f"({self.text})" if isinstance(self.tree, AnyOf) else self.text]
        for facet in FACETS:
            choice = self.choices.get(facet, FacetChoice())
            included = tuple(Value(facet, value) for value in choice.include)
            if included:
                parts.append(render(AllOf((AnyOf(included) if len(included) > 1 else included[0],))))
            parts += [render(Not(Value(facet, value))) for value in choice.exclude]
        for name, dates in (("born", self.born), ("died", self.died)):
            if dates:
                parts.append(render(Value(name, dates.text)))
        return " ".join(part for part in parts if part)
