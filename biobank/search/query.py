"""A search as data: what the page, the API and the engine all speak."""

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
#: Asked in the text of a question only, or on the map: no facets of the page.
#: `tie` is the kind of a relation, `work` the kind of a work; `at_…` are the very places, without
#: those they lie in; those of GAPS, what a record lacks.
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
#: Everything that a document has values of.
INDEXED: Final = (*FACETS, *CONDITIONS)
#: `checked`: those first who were never compared with their sources, then the longest ago.
SORTS: Final = ("relevance", "name", "birth", "-birth", "updated", "checked")
#: Orders that readers are offered; the rest is asked for by those who keep the records.
OFFERED_SORTS: Final = SORTS[:-1]
CERTAINTIES: Final = ("possible", "certain")

TEXT_MOST: Final = 600
SIZE_MOST: Final = 100
SIZE_DEFAULT: Final = 20
SUGGESTIONS_MOST: Final = 20
SUGGESTIONS_DEFAULT: Final = 8
#: Far beyond any bank; it keeps page numbers machine-sized.
PAGE_MOST: Final = 1_000_000
#: Words of one beginning that are sought.
PREFIXED_MOST: Final = 300
#: Values of one facet in one search.
VALUES_MOST: Final = 50


@dataclass(frozen=True)
class Choice:
    """What is chosen of one facet: people with one of `include` and none of `exclude`."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    @classmethod
    def of(cls, values: list[str]) -> "Choice":
        """From values as an address carries them: a leading `-` excludes."""
        once = dict.fromkeys(values)
        return cls(
            include=tuple(value for value in once if not value.startswith("-")),
            exclude=tuple(value[1:] for value in once if value.startswith("-") and value[1:]),
        )

    @property
    def values(self) -> tuple[str, ...]:
        """As an address carries them."""
        return (*self.include, *(f"-{value}" for value in self.exclude))


@dataclass(frozen=True)
class DateFilter:
    """Days, both ends included, None where open; `text` is the filter as it was written.

    `unknown` asks for those of whom no day is known.
    """

    text: str
    earliest: int | None
    latest: int | None

    @property
    def unknown(self) -> bool:
        return self.text == UNKNOWN


@dataclass(frozen=True)
class SearchQuery:
    """One question, one page of its answer. Two equal queries have equal answers."""

    #: What is asked in the language of questions, in its one form (`asking.asked` makes it so).
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
    #: Which ties to a place the area is asked of.
    tie: str = TIES[0]
    #: The text as it was typed, and what of it could not be understood.
    typed: str = field(default="", compare=False)
    problems: tuple[Trouble, ...] = field(default=(), compare=False)
    #: `text` and its tree, whose parts know where they stand in what was typed.
    read: tuple[str, Node] | None = field(default=None, compare=False, repr=False)

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size

    @property
    def tree(self) -> Node:
        """What `text` asks for."""
        if self.read and self.read[0] == self.text:
            return self.read[1]
        return parse(self.text).tree

    def address(self) -> list[tuple[str, str]]:
        """The one canonical list of address parameters: defaults left out, order fixed."""
        # Ids may be longer than what was typed for them; an address must stay one that is read.
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
        """All that can be said in the language of questions, as one line."""
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
