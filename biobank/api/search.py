"""GET /search, /suggest, /search/export and /values."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from marshmallow import Schema, fields, validate

from biobank.api.blueprint import (
    LANG_PARAMETER,
    PAGE_PARAMETER,
    SIZE_PARAMETER,
    conditional_json,
    document_errors,
    optional_parameter,
    parameter,
    query_arguments,
    search,
    search_page_path,
)
from biobank.api.parameter_schemas import AREA_SCHEMA, DATE_RANGE_SCHEMA, TEXT_METADATA
from biobank.api.schemas import SearchResponseSchema, SuggestionsSchema, ValuesSchema
from biobank.common.i18n import LANGUAGES
from biobank.common.text import NO_CONTROLS
from biobank.errors import BadQuery
from biobank.exchange.exports.formats import EXPORT_FORMATS, ExportFormat
from biobank.http.extensions import services
from biobank.http.streaming import TOTAL_HEADER, search_export_response
from biobank.http.urls import permanent_revision_url
from biobank.search.answers.answer import Answer
from biobank.search.facet_value_index import (
    COMPLETABLE_FIELDS,
    DEFAULT_COMPLETIONS,
    MAX_COMPLETIONS,
    FacetValueOption,
)
from biobank.search.geo import TIE_KINDS
from biobank.search.query import (
    CERTAINTIES,
    FACETS,
    MAX_FACET_VALUES,
    MAX_QUERY_CHARS,
    MAX_SUGGESTIONS,
    SORT_ORDERS,
    SearchQuery,
)
from biobank.search.request_args import (
    LITERAL_VALUES,
    MAX_FACET_VALUE_CHARS,
    parse_language,
    parse_search_query,
    parse_suggestion_kinds,
    parse_suggestion_query,
)
from biobank.search.response import Hit, SearchResponse
from biobank.search.suggestion_groups import MAX_GROUP_SIZE, PEOPLE, SUGGESTION_KINDS, ValueSuggestion

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
_ANY_KIND = f"(?:{'|'.join(SUGGESTION_KINDS)})"
KINDS_SCHEMA = {"type": "string", "pattern": f"^{_ANY_KIND}(?:,{_ANY_KIND})*$", "default": PEOPLE}
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
    optional_parameter(
        "literal",
        "1: search the words as typed. Otherwise conditions are recognised in plain words.",
        {"type": "string", "enum": [*LITERAL_VALUES]},
    ),
]


@search.get("/search")
@search.doc(parameters=SEARCH_PARAMETERS)
@search.response(200, SearchResponseSchema)
@document_errors(search)
def find() -> dict[str, Any]:
    """Search people by words, names, facets and dates."""
    query = parse_search_query(request.args, parse_language(request.args))
    answer = services.answers.find(query)
    return {**serialize(services.search.search(query)), "answer": serialize_answer(answer)}


@search.get("/suggest")
@search.doc(
    parameters=[
        {**Q_PARAMETER, "description": "Beginning of a name, or of a word of another label."},
        LANG_PARAMETER,
        optional_parameter(
            "size",
            f"Maximum number of people; of each other kind there are at most {MAX_GROUP_SIZE}.",
            {"type": "integer", "minimum": 1, "maximum": MAX_SUGGESTIONS, "default": 8},
        ),
        optional_parameter("kinds", "What to suggest, separated by commas.", KINDS_SCHEMA),
    ]
)
@search.response(200, SuggestionsSchema)
@document_errors(search)
def suggest() -> dict[str, Any]:
    """Return people whose name begins as typed, best documented first, and other suggestions.

    With `kinds`, the response has `groups`: the conditions recognised in the whole text as one search,
    and the professions, places, organisations, works and awards with a word that begins as typed, in
    any of the three languages, each with the number of people and the address of the search that finds
    them. People with similar names are then suggested only if nothing else is.
    """
    text, lang, size = parse_suggestion_query(request.args)
    kinds = parse_suggestion_kinds(request.args, SUGGESTION_KINDS)
    if not kinds:
        return {"suggestions": services.search.suggest(text, lang, size)}
    groups = services.suggestions.find(text, lang, kinds, size)
    similar = not groups
    people = services.search.suggest(text, lang, size, similar=similar) if PEOPLE in kinds else []
    return {"suggestions": people, "groups": [_group_body(*group) for group in groups.items()]}


def _group_body(kind: str, suggestions: Iterable[ValueSuggestion]) -> dict[str, Any]:
    return {
        "kind": kind,
        "suggestions": [
            {**vars(suggestion), "url": search_page_path(suggestion.query)} for suggestion in suggestions
        ],
    }


def serialize(response: SearchResponse) -> dict[str, Any]:
    """Return the response body of the contract; what concerns the query is under `query`."""
    lang = response.query.lang
    return {
        "total": response.total,
        "page": response.page,
        "size": response.size,
        "took_ms": response.took_ms,
        "match": response.match,
        "query": {
            "text": response.text,
            "address": _address(response.query),
            "line": response.query.query_line,
            "understood": response.understood,
            "problems": [
                {
                    "from_": problem.start,
                    "to": problem.end,
                    "code": problem.code,
                    "message": problem.message_with_suggestions(lang),
                }
                for problem in response.problems
            ],
        },
        "hits": [_serialize_hit(hit, lang) for hit in response.hits],
        "facets": response.facets,
        "did_you_mean": response.did_you_mean,
        "relax": response.relax,
        "births": response.births,
        "interpretation": response.interpretation,
        "dropped": response.dropped,
        "literal": _address(response.literal) if response.literal else None,
        "offers": [{**vars(offer), "address": _address(offer.query)} for offer in response.offers],
        **_serialize_by_meaning(response),
    }


def serialize_answer(answer: Answer | None) -> dict[str, Any] | None:
    """Return the answer to a question with the permanent URLs of the revisions; None without one."""
    if answer is None:
        return None
    statements = [
        {
            **vars(statement),
            "person": statement.person.id,
            "statement": statement.id,
            "url": permanent_revision_url(statement.person.id, statement.revision),
        }
        for statement in answer.statements
    ]
    return {**vars(answer), "text": answer.text, "statements": statements}


def _address(query: SearchQuery) -> str:
    """Return the URL parameters of a query."""
    return urlencode(query.url_params(), safe=",:.[]~/")


def _serialize_by_meaning(response: SearchResponse) -> dict[str, Any]:
    """Return the people found by meaning; nothing where that is off."""
    if response.by_meaning is None:
        return {}
    return {"by_meaning": [_serialize_hit(hit, response.query.lang) for hit in response.by_meaning]}


def _serialize_hit(hit: Hit, lang: str) -> dict[str, Any]:
    return {**vars(hit), "matched": [{**vars(matched), "why": matched.why(lang)} for matched in hit.matched]}


#: Parameters of the search that do not apply to an export of all results.
OMITTED_PARAMETERS = ("page", "size")
FORMAT_PARAMETER = parameter("format", "File format.", {"type": "string", "enum": [*EXPORT_FORMATS]})
FILE_RESPONSE = {
    "description": "All results, in the order of the search.",
    "headers": {TOTAL_HEADER: {"description": "Number of people.", "schema": {"type": "integer"}}},
    "content": {format_.media_type: {"schema": {"type": "string"}} for format_ in EXPORT_FORMATS.values()},
}


@search.get("/search/export")
@search.doc(
    parameters=[
        {**FORMAT_PARAMETER, "required": True},
        *(item for item in SEARCH_PARAMETERS if item["name"] not in OMITTED_PARAMETERS),
    ],
    responses={200: FILE_RESPONSE},
)
@document_errors(search)
def export() -> Response:
    """Return all search results as a file."""
    format_ = _format(request.args.get("format", "").strip())
    query = parse_search_query(request.args, parse_language(request.args))
    return search_export_response(services, query, format_)


def _format(ending: str) -> ExportFormat:
    if ending not in EXPORT_FORMATS:
        raise BadQuery(f"format must be one of {', '.join(EXPORT_FORMATS)}.")
    return EXPORT_FORMATS[ending]


class ValuesArgs(Schema):
    """The facet, the typed text, the language and the maximum number of values."""

    facet = fields.String(required=True, validate=validate.OneOf(COMPLETABLE_FIELDS))
    q = fields.String(
        load_default="", validate=validate.Length(max=MAX_FACET_VALUE_CHARS), metadata=TEXT_METADATA
    )
    lang = fields.String(load_default=LANGUAGES[0], validate=validate.OneOf(LANGUAGES))
    limit = fields.Integer(load_default=DEFAULT_COMPLETIONS, validate=validate.Range(1, MAX_COMPLETIONS))


@search.get("/values")
@query_arguments(search, ValuesArgs)
@search.response(200, ValuesSchema)
@document_errors(search)
def list_values(facet: str, q: str, lang: str, limit: int) -> Response:
    """Return values of a facet that match what was typed, in any of the three languages."""
    matches = services.facet_values.complete(facet, q.strip(), lang, limit)
    return conditional_json({"values": [_value_body(value) for value in matches]})


def _value_body(value: FacetValueOption) -> dict[str, object]:
    body: dict[str, object] = {"id": value.id, "label": value.label, "text": value.text, "note": value.note}
    return body if value.count is None else {**body, "count": value.count}
