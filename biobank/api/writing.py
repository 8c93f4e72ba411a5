"""Writing records: POST /people, PUT and DELETE /people/{id}, and the latest draft.

Rights are checked first, then the precondition, then the payload.
"""

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn, TypeVar

from flask import Response, request, url_for
from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, HTTPException, UnsupportedMediaType

from biobank.accounts.policy import Action, require
from biobank.api.blueprint import document_errors, parameter, people
from biobank.common.i18n import LANGUAGES
from biobank.common.strict_json import loads
from biobank.editorial.models import Revision
from biobank.editorial.review import workflow
from biobank.editorial.revisions import drafts
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.errors import (
    BadQuery,
    BiobankError,
    EditConflict,
    FieldError,
    NoPrecondition,
    NotFound,
    RecordRefused,
)
from biobank.http.auth import identity, requires
from biobank.http.extensions import services
from biobank.records.fields import Text
from biobank.records.people.models import WITHDRAWAL_REASONS
from biobank.records.people.schemas import PersonSchema, person_schema
from biobank.records.validation import iter_problems, load_validated

#: An ETag as responses carry it. Compression adds its name, hidden relations add a suffix and
#: proxies make it weak; the number identifies the revision in every case.
_ETAG = re.compile(r'(?:W/)?"(\d{1,7})(?::[a-z]+){0,2}"')

IF_MATCH_PARAMETER: dict[str, Any] = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "ETag of the latest revision, as it was read.",
    "schema": {"type": "string", "example": '"3"'},
}


def require_match(latest: Revision) -> int:
    """Return the number of the latest revision if the request is based on it.

    Raises:
        NoPrecondition: If the request names no revision; `*` names none.
        EditConflict: If it names another one.
    """
    value = request.headers.get("If-Match", "").strip()
    if value in ("", "*"):
        raise NoPrecondition(
            "Send the header If-Match with the ETag of the revision that this change is based on, as returned by "
            f'/people/{latest.person_id}/draft, for example "{latest.number}".'
        )
    numbers = [int(number) for number in _ETAG.findall(value)]
    if latest.number not in numbers:
        raise EditConflict(latest.person_id, max(numbers, default=None), latest.number)
    return latest.number


#: Maximum number of characters of a message in the URL.
MAX_API_MESSAGE_CHARS = 500
API_WITHDRAWAL_REASONS = tuple(reason for reason in WITHDRAWAL_REASONS if reason != "merged")
Loaded = TypeVar("Loaded")

TOKEN_SECURITY: list[dict[str, list[str]]] = [{"token": []}]

MESSAGE_PARAMETER = parameter(
    "message", "Edit summary for the history.", {"type": "string", "maxLength": 500}
)
AGREES_PARAMETER = parameter(
    "agrees",
    "Language of a biography that is confirmed to match the others; may be repeated.",
    {"type": "array", "items": {"type": "string", "enum": [*LANGUAGES]}},
)
REASON_PARAMETER = parameter(
    "reason", "Reason for the withdrawal.", {"type": "string", "enum": [*API_WITHDRAWAL_REASONS]}
) | {"required": True}
TEXT_PARAMETER = parameter("text", "Explanation of the reason, visible to editors.", {"type": "string"})
RECORD_BODY = {"required": True, "content": {"application/json": {"schema": PersonSchema}}}
ETAG_HEADER = {"ETag": {"description": "Revision number.", "schema": {"type": "string"}}}


class WriteArgs(Schema):
    """The arguments of a change other than the record."""

    message = Text(MAX_API_MESSAGE_CHARS, load_default="")
    agrees = fields.List(fields.String(validate=validate.OneOf(LANGUAGES)), load_default=())


class WithdrawArgs(Schema):
    """The reason of a withdrawal."""

    reason = fields.String(required=True, validate=validate.OneOf(API_WITHDRAWAL_REASONS))
    text = Text(MAX_API_MESSAGE_CHARS, load_default="")


@people.post("/people")
@requires(Action.WRITE_PEOPLE)
@people.doc(
    security=TOKEN_SECURITY, parameters=[MESSAGE_PARAMETER, AGREES_PARAMETER], requestBody=RECORD_BODY
)
@people.response(201, PersonSchema, headers=ETAG_HEADER)
@document_errors(people, 403, 409, 415, 422)
def create_person() -> Response:
    """Save a new person as a draft; without an id, one is derived from the preferred name."""
    require(identity(), Action.WRITE_PEOPLE, "new")
    details, record = drafts.DraftDetails(**_load_query_args(WriteArgs())), request_json()
    saved = drafts.save_draft(services.database, identity(), record, None, details)
    response = _record_response(saved, 201)
    response.headers["Location"] = url_for("people.get_draft", person_id=saved.person_id)
    return response


@people.put("/people/<id:person_id>")
@requires(Action.WRITE_PEOPLE)
@people.doc(
    security=TOKEN_SECURITY,
    parameters=[IF_MATCH_PARAMETER, MESSAGE_PARAMETER, AGREES_PARAMETER],
    requestBody=RECORD_BODY,
)
@people.response(200, PersonSchema, headers=ETAG_HEADER)
@document_errors(people, 403, 404, 409, 412, 415, 422, 428)
def put_person(person_id: str) -> Response:
    """Save the record as the latest draft; an unchanged record makes no new revision."""
    details = _attempt(lambda: drafts.DraftDetails(**_load_query_args(WriteArgs())))
    record = _attempt(lambda: _request_record(person_id))
    with services.database.write() as session:
        person, latest = drafts.lock_for_edit(session, identity(), person_id)
        require_match(latest)
        saved = drafts.save_locked(session, identity(), person, latest, record(), details())
    return _record_response(saved)


@people.delete("/people/<id:person_id>")
@requires(Action.WITHDRAW_PEOPLE)
@people.doc(security=TOKEN_SECURITY, parameters=[IF_MATCH_PARAMETER, REASON_PARAMETER, TEXT_PARAMETER])
@people.response(204)
@document_errors(people, 403, 404, 409, 412, 422, 428)
def delete_person(person_id: str) -> Response:
    """Withdraw a published person; a tombstone remains, and the desk keeps the revisions."""
    with services.database.read() as session:
        base = require_match(get_latest_revision(session, person_id))
    args = _load_query_args(WithdrawArgs())
    workflow.withdraw(services.database, identity(), person_id, **args, number=base)
    return Response(status=204)


@people.get("/people/<id:person_id>/draft")
@requires(Action.SEE_DESK)
@people.doc(security=TOKEN_SECURITY)
@people.response(200, PersonSchema, headers=ETAG_HEADER)
@people.alt_response(304, description="Not changed: the client has the current version.")
@document_errors(people, 403, 404)
def get_draft(person_id: str) -> Response:
    """Return the latest revision of a person, published or not; its ETag goes into `If-Match`."""
    with services.database.read() as session:
        response = _record_response(get_latest_revision(session, person_id))
    response.make_conditional(request)
    return response


def draft_url(person_id: str) -> str:
    """Return the URL of the latest revision."""
    return url_for("people.get_draft", person_id=person_id)


def get_latest_revision(session: Session, person_id: str) -> Revision:
    """Return the latest revision of a person.

    Raises:
        NotFound: If there is no such person.
    """
    latest = latest_revision(session, person_id)
    if latest is None:
        raise NotFound.person(person_id)
    return latest


def request_json() -> Any:
    """Return the JSON body. Invalid JSON answers 400, another content type 415."""
    if not request.is_json:
        raise UnsupportedMediaType("Send JSON with the content type application/json.")
    try:
        return loads(request.get_data())
    except RecursionError as error:
        raise BadRequest("The JSON is nested too deeply.") from error
    except ValueError as error:
        raise BadRequest(f"Invalid JSON: {error}.") from error


def _attempt(load: Callable[[], Loaded]) -> Callable[[], Loaded]:
    """Call `load` now, and return a function that returns its result or raises its error.

    The request is read before the transaction, but rights and precondition are reported first.
    """
    try:
        loaded = load()
    except (BiobankError, HTTPException) as error:
        return partial(_raise, error)
    return lambda: loaded


def _raise(error: Exception) -> NoReturn:
    raise error


def _request_record(person_id: str) -> dict[str, Any]:
    """Return the record in the request body, validated for the URL's `person_id`."""
    record = load_validated(person_schema, request_json())
    if record.setdefault("id", person_id) != person_id:
        message = f"The URL has the ID {person_id!r}. The ID of a record cannot be changed."
        raise RecordRefused([FieldError("id", "other_id", message)])
    return record


def _load_query_args(schema: Schema) -> dict[str, Any]:
    """Load the query arguments.

    Raises:
        BadQuery: If they do not fit the schema.
    """
    raw: dict[str, Any] = {
        name: request.args.getlist(name) if name == "agrees" else request.args[name]
        for name in request.args
        if request.args[name]
    }
    try:
        loaded: dict[str, Any] = schema.load(raw)
    except ValidationError as error:
        raise BadQuery("; ".join(map(str, iter_problems(error.messages)))) from error
    return loaded


def _record_response(revision: Revision | drafts.SavedRevision, status: int = 200) -> Response:
    text = json.dumps(revision.record, ensure_ascii=False)
    response = Response(text, status, content_type="application/json")
    response.set_etag(str(revision.number))
    return response
