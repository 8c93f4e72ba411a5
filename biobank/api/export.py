"""GET /search/export: all search results as a file."""

from flask import Response, request

from biobank.api.blueprint import documented, parameter, search
from biobank.api.search import SEARCH_PARAMETERS
from biobank.downloads import TOTAL, answer_file
from biobank.errors import BadQuery
from biobank.exchange.answers.formats import FORMATS, Format
from biobank.extensions import services
from biobank.search.args import query_from, reader_language

#: Parameters of the search that do not apply to an export of all results.
WITHOUT = ("page", "size")
FORMAT = parameter("format", "The format of the file.", {"type": "string", "enum": [*FORMATS]})
FILE = {
    "description": "Everybody who was found, in the order of the search.",
    "headers": {TOTAL: {"description": "How many people.", "schema": {"type": "integer"}}},
    "content": {format_.media_type: {"schema": {"type": "string"}} for format_ in FORMATS.values()},
}


@search.get("/search/export")
@search.doc(
    parameters=[
        {**FORMAT, "required": True},
        *(it for it in SEARCH_PARAMETERS if it["name"] not in WITHOUT),
    ],
    responses={200: FILE},
)
@documented(search)
def export() -> Response:
    """Return all search results as a file."""
    format_ = _format(request.args.get("format", "").strip())
    query = query_from(request.args, reader_language(request.args))
    return answer_file(services, query, format_)


def _format(ending: str) -> Format:
    if ending not in FORMATS:
        raise BadQuery(f"format takes one of {', '.join(FORMATS)}.")
    return FORMATS[ending]
