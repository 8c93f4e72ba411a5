"""GET /search/export: all search results as a file."""

from flask import Response, request

from biobank.api.blueprint import document_errors, parameter, search
from biobank.api.search import SEARCH_PARAMETERS
from biobank.errors import BadQuery
from biobank.exchange.exports.formats import EXPORT_FORMATS, ExportFormat
from biobank.http.extensions import services
from biobank.http.streaming import TOTAL_HEADER, search_export_response
from biobank.search.request_args import parse_language, parse_search_query

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
