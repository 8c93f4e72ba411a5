"""A search as data: what the page, the API and the engine all speak."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

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
SORTS: Final = ("relevance", "name", "birth", "-birth", "updated")
CERTAINTIES: Final = ("possible", "certain")
#: The value of a facet for people of whom the fact is not known.
UNKNOWN: Final = "unknown"

TEXT_MOST: Final = 600
SIZE_MOST: Final = 100
SIZE_DEFAULT: Final = 20
SUGGESTIONS_MOST: Final = 20
SUGGESTIONS_DEFAULT: Final = 8
#: Far beyond any bank; it keeps page numbers machine-sized.
PAGE_MOST: Final = 1_000_000
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
    """Days, both ends included, None where open; `text` is the filter as it was written."""

    text: str
    earliest: int | None
    latest: int | None


@dataclass(frozen=True)
class SearchQuery:
    """One question, one page of its answer. Two equal queries have equal answers."""

    text: str = ""
    lang: str = "az"
    page: int = 1
    size: int = SIZE_DEFAULT
    sort: str = "relevance"
    choices: Mapping[str, Choice] = field(default_factory=lambda: MappingProxyType({}))
    born: DateFilter | None = None
    died: DateFilter | None = None
    certainty: str = "possible"

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size

    def address(self) -> list[tuple[str, str]]:
        """The one canonical list of address parameters: defaults left out, order fixed."""
        parts = [("q", self.text)] if self.text else []
        for facet in FACETS:
            parts += [(facet, value) for value in self.choices.get(facet, Choice()).values]
        for name, dates in (("born", self.born), ("died", self.died)):
            if dates:
                parts.append((name, dates.text))
        if self.certainty != CERTAINTIES[0]:
            parts.append(("certainty", self.certainty))
        if self.sort != SORTS[0]:
            parts.append(("sort", self.sort))
        if self.size != SIZE_DEFAULT:
            parts.append(("size", str(self.size)))
        if self.page != 1:
            parts.append(("page", str(self.page)))
        return parts
