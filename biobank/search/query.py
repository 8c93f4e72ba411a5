"""The search query: the common input of pages, API and engines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from biobank.search.gaps import GAPS
from biobank.search.language.fields import UNKNOWN
from biobank.search.language.parsing import parse
from biobank.search.language.problems import Trouble
from biobank.search.language.tree import AllOf, AnyOf, Node, Not, Value, render
from biobank.search.where import TIES, Area

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
#: Fields that are searched by query text or map only, not shown as facets. `tie` is a relation
#: type, `work` a work type; `at_…` are the recorded places without broader ones; those of
#: `GAP_VALUES` are what a record lacks.
CONDITIONS: Final = (
    "award",
    "relation",
    "tie",
    "source",
    "work",
    "at_birth",
    "at_death",
    "at_activity",
    *GAPS,
)
#: All fields that documents have values of.
INDEXED: Final = (*FACETS, *CONDITIONS)
#: `checked`: never compared with sources first, then the least recently compared.
SORTS: Final = ("relevance", "name", "birth", "-birth", "updated", "checked")
#: Sort orders offered to readers; the others are for editorial pages.
OFFERED_SORTS: Final = SORTS[:-1]
CERTAINTIES: Final = ("possible", "certain")

TEXT_MOST: Final = 600
SIZE_MOST: Final = 100
SIZE_DEFAULT: Final = 20
SUGGESTIONS_MOST: Final = 20
SUGGESTIONS_DEFAULT: Final = 8
#: Far beyond any result set; keeps page numbers within machine integers.
PAGE_MOST: Final = 1_000_000
#: Maximum number of words searched for one prefix.
PREFIXED_MOST: Final = 300
#: Maximum number of values of one facet in a search.
VALUES_MOST: Final = 50


@dataclass(frozen=True)
class Choice:
    """The selection in one facet: people with any of `include` and none of `exclude`."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    @classmethod
    def of(cls, values: list[str]) -> "Choice":
        """Parse URL values; a leading `-` excludes."""
        once = dict.fromkeys(values)
        return cls(
            include=tuple(value for value in once if not value.startswith("-")),
            exclude=tuple(value[1:] for value in once if value.startswith("-") and value[1:]),
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
    def unknown(self) -> bool:
        return self.text == UNKNOWN


@dataclass(frozen=True)
class SearchQuery:
    """A query with filters, order and page. Equal queries have equal results."""

    #: The query text in the query language, normalized by `normalize_query`.
    text: str = ""
    lang: str = "az"
    page: int = 1
    size: int = SIZE_DEFAULT
    sort: str = "relevance"
    choices: Mapping[str, Choice] = field(default_factory=lambda: MappingProxyType({}))
    born: DateFilter | None = None
    died: DateFilter | None = None
    certainty: str = "possible"
    area: Area | None = None
    #: The tie to places that the area filter applies to.
    tie: str = TIES[0]
    #: The text as typed, and the problems found in it.
    typed: str = field(default="", compare=False)
    problems: tuple[Trouble, ...] = field(default=(), compare=False)
    #: `text` and its tree, whose nodes know their position in the typed text.
    read: tuple[str, Node] | None = field(default=None, compare=False, repr=False)

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size

    @property
    def tree(self) -> Node:
        """Return the parsed `text`."""
        if self.read and self.read[0] == self.text:
            return self.read[1]
        return parse(self.text).tree

    def address(self) -> list[tuple[str, str]]:
        """Return the canonical list of URL parameters: defaults omitted, order fixed."""
        # Ids may be longer than the typed labels, and the URL must stay within the maximum length.
        text = self.text if len(self.text) <= TEXT_MOST else self.typed
        parts = [("q", text)] if text else []
        for facet in FACETS:
            parts += [(facet, value) for value in self.choices.get(facet, Choice()).values]
        for name, dates in (("born", self.born), ("died", self.died)):
            if dates:
                parts.append((name, dates.text))
        if self.area:
            parts.append(("bbox", self.area.text))
        for name, value, default in (
            ("tie", self.tie if self.area else TIES[0], TIES[0]),
            ("certainty", self.certainty, CERTAINTIES[0]),
            ("sort", self.sort, SORTS[0]),
            ("size", self.size, SIZE_DEFAULT),
            ("page", self.page, 1),
        ):
            if value != default:
                parts.append((name, str(value)))
        return parts

    @property
    def line(self) -> str:
        """Return everything the query language can express as one line."""
        parts = [f"({self.text})" if isinstance(self.tree, AnyOf) else self.text]
        for facet in FACETS:
            choice = self.choices.get(facet, Choice())
            wanted = tuple(Value(facet, value) for value in choice.include)
            if wanted:
                parts.append(render(AllOf((AnyOf(wanted) if len(wanted) > 1 else wanted[0],))))
            parts += [render(Not(Value(facet, value))) for value in choice.exclude]
        for name, dates in (("born", self.born), ("died", self.died)):
            if dates:
                parts.append(render(Value(name, dates.text)))
        return " ".join(part for part in parts if part)
