"""GET /search and GET /suggest."""

from typing import Any
from urllib.parse import urlencode

from flask import request

from biobank.api.blueprint import (
    LANG_PARAMETER,
    PAGE_PARAMETER,
    SIZE_PARAMETER,
    document_errors,
    optional_parameter,
    parameter,
    search,
)
from biobank.api.parameter_schemas import AREA_SCHEMA, DATE_RANGE_SCHEMA, NO_CONTROLS
from biobank.api.schemas import SearchResponseSchema, SuggestionsSchema
from biobank.http.extensions import services
from biobank.search.geo import TIE_KINDS
from biobank.search.query import (
    CERTAINTIES,
    FACETS,
    MAX_FACET_VALUES,
    MAX_QUERY_CHARS,
    MAX_SUGGESTIONS,
    SORT_ORDERS,
)
from biobank.search.request_args import (
    MAX_FACET_VALUE_CHARS,
    parse_language,
    parse_search_query,
    parse_suggestion_query,
)
from biobank.search.response import SearchResponse

Q_PARAMETER = parameter(
    "q",
    "The query: words, phrases, fields (docs/reference/search-language.md). Empty matches all people.",
    {"type": "string", "maxLength": MAX_QUERY_CHARS, "pattern": NO_CONTROLS},
)
VALUES_SCHEMA = {
    "type": "array",
    "maxItems": MAX_FACET_VALUES,
    "items": {"type": "string", "maxLength": MAX_FACET_VALUE_CHARS, "pattern": NO_CONTROLS},
}
DATES_HELP = (
    "EDTF date or range with the start first: 1885, 188X, 1880..1920, ..1900; `unknown` for "
    "people whose date is unknown."
)
AREA_HELP = "Bounding box in degrees: west,south,east,north."


def facet_parameters() -> list[dict[str, Any]]:
    """Return one OpenAPI parameter per facet."""
    description = "IDs, or `unknown`. Repeated values are combined with OR; a leading `-` excludes."
    serialization = {"style": "form", "explode": True}
    return [{**parameter(facet, description, VALUES_SCHEMA), **serialization} for facet in FACETS]


SEARCH_PARAMETERS = [
    Q_PARAMETER,
    LANG_PARAMETER,
    PAGE_PARAMETER,
    SIZE_PARAMETER,
    optional_parameter("sort", "Sort order of the results.", {"type": "string", "enum": [*SORT_ORDERS]}),
    *facet_parameters(),
    optional_parameter("born", DATES_HELP, DATE_RANGE_SCHEMA),
    optional_parameter("died", DATES_HELP, DATE_RANGE_SCHEMA),
    optional_parameter("bbox", AREA_HELP, AREA_SCHEMA),
    optional_parameter(
        "tie", "How people are connected to the places in `bbox`.", {"type": "string", "enum": [*TIE_KINDS]}
    ),
    optional_parameter(
        "certainty",
        "Whether uncertain dates match if they may be in the range, or only if they certainly are.",
        {"type": "string", "enum": [*CERTAINTIES]},
    ),
]


@search.get("/search")
@search.doc(parameters=SEARCH_PARAMETERS)
@search.response(200, SearchResponseSchema)
@document_errors(search)
def find() -> dict[str, Any]:
    """Search people by words, names, facets and dates."""
    query = parse_search_query(request.args, parse_language(request.args))
    return serialize(services.search.search(query))


@search.get("/suggest")
@search.doc(
    parameters=[
        {**Q_PARAMETER, "description": "Beginning of a name."},
        LANG_PARAMETER,
        optional_parameter(
            "size",
            "Maximum number of suggestions.",
            {"type": "integer", "minimum": 1, "maximum": MAX_SUGGESTIONS, "default": 8},
        ),
    ]
)
@search.response(200, SuggestionsSchema)
@document_errors(search)
def suggest() -> dict[str, Any]:
    """Return people whose name begins as typed, best documented first."""
    text, lang, size = parse_suggestion_query(request.args)
    return {"suggestions": services.search.suggest(text, lang, size)}


def serialize(response: SearchResponse) -> dict[str, Any]:
    """Return the response body of the contract; what concerns the query is under `query`."""
    return {
        "total": response.total,
        "page": response.page,
        "size": response.size,
        "took_ms": response.took_ms,
        "match": response.match,
        "query": {
            "text": response.text,
            "address": urlencode(response.query.url_params(), safe=",:.[]~/"),
            "line": response.query.query_line,
            "understood": response.understood,
            "problems": [
                {"from_": problem.start, "to": problem.end, "code": problem.code, "message": problem.message}
                for problem in response.problems
            ],
        },
        "hits": response.hits,
        "facets": response.facets,
        "did_you_mean": response.did_you_mean,
        "relax": response.relax,
        "births": response.births,
    }
