"""Arguments of the tools, with the same bounds as those of the API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from biobank.common.i18n import Lang
from biobank.common.text import NO_CONTROLS
from biobank.errors import BadQuery
from biobank.records.edtf import MAX_EDTF_CHARS
from biobank.search.query import (
    DEFAULT_PAGE_SIZE,
    FACETS,
    MAX_FACET_VALUES,
    MAX_PAGE,
    MAX_PAGE_SIZE,
    MAX_QUERY_CHARS,
    SearchQuery,
)
from biobank.search.request_args import MAX_FACET_VALUE_CHARS, parse_search_query

#: Longest id of a person or a source, and of a statement.
MAX_ID_CHARS = 120
#: Default and maximum of values of one facet.
DEFAULT_FACET_VALUES, MAX_EXPLORED_VALUES = 20, 100

QueryText = Annotated[
    str,
    Field(
        max_length=MAX_QUERY_CHARS,
        pattern=NO_CONTROLS,
        description="Names in any spelling, words, phrases in quotes, fields such as profession:composer; "
        "empty for everyone",
    ),
]
Language = Annotated[Lang, Field(description="Language of labels and texts")]
FacetValueText = Annotated[str, Field(max_length=MAX_FACET_VALUE_CHARS, pattern=NO_CONTROLS)]
FacetFilters = Annotated[
    dict[str, Annotated[list[FacetValueText], Field(max_length=MAX_FACET_VALUES)]],
    Field(
        description="Ids of values by facet, as `explore` returns them: {'profession': ['composer'], "
        "'century': ['19']}. Several values of one facet are combined with OR; a leading - excludes.",
        max_length=len(FACETS),
        json_schema_extra={"propertyNames": {"enum": [*FACETS]}},
    ),
]
DateRange = Annotated[
    str,
    Field(
        max_length=MAX_EDTF_CHARS,
        pattern=NO_CONTROLS,
        description="EDTF date or range: 1885, 188X, 1880..1920, ..1900, unknown; empty for any",
    ),
]
Certainty = Annotated[
    Literal["possible", "certain"],
    Field(
        description="Whether uncertain dates match if they may be in the range, or only if they certainly are"
    ),
]
SortOrder = Literal["relevance", "name", "birth", "-birth", "updated"]
PageNumber = Annotated[int, Field(ge=1, le=MAX_PAGE)]
PageSize = Annotated[int, Field(ge=1, le=MAX_PAGE_SIZE)]
RecordId = Annotated[
    str,
    Field(
        min_length=1, max_length=MAX_ID_CHARS, pattern=NO_CONTROLS, description="Id as `search` returns it"
    ),
]
OptionalId = Annotated[str, Field(max_length=MAX_ID_CHARS, pattern=NO_CONTROLS)]


@dataclass(frozen=True)
class ToolArguments:
    """Arguments of a tool as `parse_search_query` reads them."""

    values: Mapping[str, Sequence[str]]

    def getlist(self, key: str) -> Sequence[str]:
        return self.values.get(key, ())


def make_query(
    q: str,
    lang: str,
    filters: Mapping[str, Sequence[str]],
    *,
    born: str = "",
    died: str = "",
    certainty: str = "possible",
    sort: str = "relevance",
    page: int = 1,
    size: int = DEFAULT_PAGE_SIZE,
) -> SearchQuery:
    """Return the search that the arguments of a tool describe.

    Raises:
        BadQuery: If a facet is unknown or a date cannot be read.
    """
    if unknown := sorted(set(filters) - set(FACETS)):
        raise BadQuery(f"There is no facet {unknown[0][:MAX_ID_CHARS]!r}. Facets are {', '.join(FACETS)}.")
    single = {"q": q, "born": born, "died": died, "certainty": certainty, "sort": sort}
    numbers = {"page": str(page), "size": str(size)}
    values = {**{name: [value] for name, value in {**single, **numbers}.items()}, **filters}
    return parse_search_query(ToolArguments(values), lang)
