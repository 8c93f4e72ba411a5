"""Blueprints of the API and what its endpoints share: documented errors, paging, ETags."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, TypeVar

from flask import Response, request, url_for
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate
from werkzeug.routing import BaseConverter

from biobank.api.problems import CONTENT_TYPE, ProblemSchema
from biobank.common.i18n import LANGUAGES
from biobank.errors import BadQuery, NotFound
from biobank.search.query import DEFAULT_PAGE_SIZE, FACETS, MAX_PAGE, MAX_PAGE_SIZE, SearchQuery

#: Arguments that may be repeated, by endpoint. A test compares it with the OpenAPI document.
REPEATABLE_ARGS: Final = MappingProxyType(
    {
        **dict.fromkeys(("search.find", "search.find_cards", "search.export"), FACETS),
        **dict.fromkeys(("people.create_person", "people.put_person"), ("agrees",)),
        "reconcile.suggest": ("type",),
    }
)


def reject_duplicate_args() -> None:
    """Reject repeated arguments, as a `before_request` function.

    Raises:
        BadQuery: Naming the argument and its number of occurrences.
    """
    repeatable = REPEATABLE_ARGS.get(request.endpoint or "", ())
    for name, values in request.args.lists():
        if len(values) > 1 and name not in repeatable:
            message = f"{name[:40]} occurs {len(values)} times in the URL, but takes one value."
            raise BadQuery(message)


PREFIX = "/api/v1"
#: Seconds for which a response may be cached; a publication is visible within that time.
API_CACHE_SECONDS = 60

View = TypeVar("View", bound=Callable[..., Any])

search = Blueprint("search", __name__, url_prefix=PREFIX, description="Search and suggestions")
people = Blueprint("people", __name__, url_prefix=PREFIX, description="Records of people")
accounts = Blueprint("accounts", __name__, url_prefix=PREFIX, description="The current user")
reference = Blueprint(
    "reference",
    __name__,
    url_prefix=PREFIX,
    description="Reference records: organisations, places, terms, sources",
)
reconcile = Blueprint(
    "reconcile",
    __name__,
    url_prefix=PREFIX,
    description="Reconciliation API 0.2: match tables with the database, for example in OpenRefine",
)
mirror = Blueprint("changes", __name__, url_prefix=PREFIX, description="Change feed for mirrors")
#: All blueprints, in the order of the OpenAPI document.
BLUEPRINTS = (people, search, reference, accounts, reconcile, mirror)
for _blueprint in BLUEPRINTS:
    _blueprint.before_request(reject_duplicate_args)

COMMON_ERRORS = {
    400: "The URL is invalid; see `code` and `detail`.",
    401: "A token is required, or the given token is invalid.",
    429: "Too many requests per second or too many concurrent downloads from this address.",
    503: "The database or the search index is temporarily unavailable.",
}

#: Errors of some endpoints only.
EXTRA_ERRORS = {
    308: "The person was merged into another one; permanent redirect.",
    403: "The token does not have permission for this action.",
    409: "Conflict with the current record: a newer revision, another state, or an ID already taken.",
    410: "The person was withdrawn; see `withdrawn` for the date.",
    413: "The request body is too large.",
    412: "A newer revision was saved: its number is `head`, its URL is `read`.",
    415: "The request body must be application/json.",
    422: "The record is invalid; `problems` lists the errors with their paths.",
    428: "The header `If-Match` with the ETag of the edited revision is required.",
}


def document_errors(blueprint: Blueprint, *extra: int) -> Callable[[View], View]:
    """Return a decorator that documents the common errors and those of the statuses in `extra`."""

    def decorate(view: View) -> View:
        for status in (*COMMON_ERRORS, *extra):
            view = blueprint.alt_response(
                status,
                schema=ProblemSchema,
                content_type=CONTENT_TYPE,
                description={**COMMON_ERRORS, **EXTRA_ERRORS}.get(status),
            )(view)
        return view

    return decorate


class IdConverter(BaseConverter):
    """A URL converter for record ids; other values match no route of the API."""

    regex = "[a-z0-9-]{1,120}"


def id_parameter(_: IdConverter) -> dict[str, Any]:
    """Return the OpenAPI schema of the converter."""
    return {"type": "string", "pattern": f"^{IdConverter.regex}$"}


def parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return a query parameter as OpenAPI documents it."""
    return {"name": name, "in": "query", "description": description, "schema": schema}


def json_parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return a query parameter that holds JSON of the given schema."""
    content = {"application/json": {"schema": schema}}
    return {"name": name, "in": "query", "description": description, "content": content}


def optional_parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return a query parameter that may be sent empty, which means the same as omitting it."""
    return {**parameter(name, description, schema), "allowEmptyValue": True}


LANG_PARAMETER = optional_parameter(
    "lang", "Language of the response.", {"type": "string", "enum": [*LANGUAGES]}
)
PAGE_PARAMETER = optional_parameter(
    "page", "Page number, from 1.", {"type": "integer", "minimum": 1, "maximum": MAX_PAGE}
)
SIZE_PARAMETER = optional_parameter(
    "size",
    "Number of entries per page.",
    {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": DEFAULT_PAGE_SIZE},
)


def query_arguments(blueprint: Blueprint, schema: type[Schema]) -> Callable[[View], View]:
    """Return a decorator that parses query parameters into keyword arguments; errors answer 400."""
    decorate: Callable[[View], View] = blueprint.arguments(
        schema, location="query", as_kwargs=True, error_status_code=400
    )
    return decorate


class PageArgs(Schema):
    """The page number and size of a list."""

    page = fields.Integer(load_default=1, validate=validate.Range(1, MAX_PAGE))
    size = fields.Integer(load_default=DEFAULT_PAGE_SIZE, validate=validate.Range(1, MAX_PAGE_SIZE))


def conditional_json(body: object, version: str | None = None, max_age: int = API_CACHE_SECONDS) -> Response:
    """Return `body` as JSON with an ETag, or 304 if the client has this state already.

    The ETag is `version` if given, else derived from the bytes. It may be cached for `max_age`
    seconds.
    """
    response = Response(json.dumps(body, ensure_ascii=False), content_type="application/json")
    if version is not None:
        response.set_etag(version)
    return make_cacheable(response, max_age)


def make_cacheable(response: Response, max_age: int = API_CACHE_SECONDS) -> Response:
    """Add an ETag where there is none, and answer 304 if the client has this state already."""
    response.add_etag()
    response.cache_control.public = True
    response.cache_control.max_age = max_age
    response.make_conditional(request)
    return response


def search_page_path(query: SearchQuery) -> str:
    """Return the path of the search page of a query, with pages of the default size."""
    grouped: dict[str, Any] = {}
    for name, value in replace(query, size=DEFAULT_PAGE_SIZE).url_params():
        grouped.setdefault(name, []).append(value)
    return url_for("web.search", lang=query.lang, **grouped)


def no_published_person(person_id: str) -> NotFound:
    return NotFound(f"There is no published person {person_id[:120]!r}.")


def page_body(entries: Sequence[Any], total: int, page: int, size: int) -> dict[str, Any]:
    return {"total": total, "page": page, "size": size, "items": list(entries)}
