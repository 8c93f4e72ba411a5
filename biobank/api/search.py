"""GET /search and GET /suggest."""

from typing import Any
from urllib.parse import urlencode

from flask import request

from biobank.api.blueprint import LANG, PAGE, SIZE, documented, optional, parameter, search
from biobank.api.schemas import SearchAnswerSchema, SuggestionsSchema
from biobank.api.shapes import AREA, DAYS, NO_CONTROLS
from biobank.extensions import services
from biobank.search.answer import SearchAnswer
from biobank.search.args import VALUE_MOST, query_from, reader_language, suggestion_from
from biobank.search.query import (
    CERTAINTIES,
    FACETS,
    SORTS,
    SUGGESTIONS_MOST,
    TEXT_MOST,
    VALUES_MOST,
)
from biobank.search.where import TIES

Q = parameter(
    "q",
    "The question: words, phrases, fields (docs/search.md); empty finds everyone.",
    {"type": "string", "maxLength": TEXT_MOST, "pattern": NO_CONTROLS},
)
VALUES = {
    "type": "array",
    "maxItems": VALUES_MOST,
    "items": {"type": "string", "maxLength": VALUE_MOST, "pattern": NO_CONTROLS},
}
DATES = (
    "Days that are meant, as EDTF or a range in order: 1885, 188X, 1880..1920, ..1900; `unknown` "
    "for those of whom no day is known."
)
AREA_TOLD = "An area in degrees: west,south,east,north, the south not north of the north."


def facet_parameters() -> list[dict[str, Any]]:
    """Return one OpenAPI parameter per facet."""
    told = "Ids; repeated is or, a leading `-` excludes, `unknown`."
    form = {"style": "form", "explode": True}
    return [{**parameter(facet, told, VALUES), **form} for facet in FACETS]


SEARCH_PARAMETERS = [
    Q,
    LANG,
    PAGE,
    SIZE,
    optional("sort", "The order of hits.", {"type": "string", "enum": [*SORTS]}),
    *facet_parameters(),
    optional("born", DATES, DAYS),
    optional("died", DATES, DAYS),
    optional("bbox", AREA_TOLD, AREA),
    optional(
        "tie", "Which ties to a place the area is asked of.", {"type": "string", "enum": [*TIES]}
    ),
    optional(
        "certainty",
        "Whether uncertain dates count where they may lie, or only where they must.",
        {"type": "string", "enum": [*CERTAINTIES]},
    ),
]


@search.get("/search")
@search.doc(parameters=SEARCH_PARAMETERS)
@search.response(200, SearchAnswerSchema)
@documented(search)
def find() -> dict[str, Any]:
    """Search people by words, names, facets and dates."""
    query = query_from(request.args, reader_language(request.args))
    return body_of(services.search.search(query))


@search.get("/suggest")
@search.doc(
    parameters=[
        {**Q, "description": "The beginning of a name."},
        LANG,
        optional(
            "size",
            "Suggestions at most.",
            {"type": "integer", "minimum": 1, "maximum": SUGGESTIONS_MOST, "default": 8},
        ),
    ]
)
@search.response(200, SuggestionsSchema)
@documented(search)
def suggest() -> dict[str, Any]:
    """Return people whose name begins as typed, best documented first."""
    text, lang, size = suggestion_from(request.args)
    return {"suggestions": services.search.suggest(text, lang, size)}


def body_of(answer: SearchAnswer) -> dict[str, Any]:
    """Return the response body of the contract; what concerns the query is under `query`."""
    return {
        "total": answer.total,
        "page": answer.page,
        "size": answer.size,
        "took_ms": answer.took_ms,
        "match": answer.match,
        "query": {
            "text": answer.text,
            "address": urlencode(answer.query.address(), safe=",:.[]~/"),
            "line": answer.query.line,
            "understood": answer.understood,
            "problems": [
                {"from_": it.start, "to": it.end, "code": it.code, "message": it.message}
                for it in answer.problems
            ],
        },
        "hits": answer.hits,
        "facets": answer.facets,
        "did_you_mean": answer.did_you_mean,
        "relax": answer.relax,
        "births": answer.births,
    }
