"""Writing records: POST /people, PUT and DELETE /people/{id}, and the latest draft.

Rights are checked first, then the precondition, then the payload.
"""

import json
from typing import Any

from flask import Response, request, url_for
from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from biobank.access import identity, permits
from biobank.accounts.policy import Action, require
from biobank.api.blueprint import documented, parameter, people
from biobank.api.preconditions import IF_MATCH, require_match
from biobank.editorial import saving, workflow
from biobank.editorial.models import Revision
from biobank.errors import BadQuery, NotFound, Problem, RecordRefused
from biobank.extensions import services
from biobank.i18n import LANGUAGES
from biobank.json_text import KeyTwice, parsed
from biobank.records.fields import Text
from biobank.records.people.models import WITHDRAWALS, Person
from biobank.records.people.schemas import PersonSchema, person_schema
from biobank.records.problems import load, problems_of

#: Maximum number of characters of a message in the URL.
MESSAGE_MOST = 500
REASONS = tuple(reason for reason in WITHDRAWALS if reason != "merged")
TOKEN: list[dict[str, list[str]]] = [{"token": []}]

MESSAGE = parameter(
    "message", "What was changed and why, for the history.", {"type": "string", "maxLength": 500}
)
AGREES = parameter(
    "agrees",
    "A language whose biography is said to agree with the others; may come several times.",
    {"type": "array", "items": {"type": "string", "enum": [*LANGUAGES]}},
)
REASON = parameter(
    "reason", "Why the person is withdrawn.", {"type": "string", "enum": [*REASONS]}
) | {"required": True}
TEXT = parameter("text", "The reason in words; seen at the desk.", {"type": "string"})
BODY = {"required": True, "content": {"application/json": {"schema": PersonSchema}}}
ETAG = {
    "ETag": {"description": "The number of the revision.", "schema": {"type": "string"}},
}


class WriteArgs(Schema):
    """The arguments of a change other than the record."""

    message = Text(MESSAGE_MOST, load_default="")
    agrees = fields.List(fields.String(validate=validate.OneOf(LANGUAGES)), load_default=())


class WithdrawArgs(Schema):
    """The reason of a withdrawal."""

    reason = fields.String(required=True, validate=validate.OneOf(REASONS))
    text = Text(MESSAGE_MOST, load_default="")


@people.post("/people")
@permits(Action.WRITE_PEOPLE)
@people.doc(security=TOKEN, parameters=[MESSAGE, AGREES], requestBody=BODY)
@people.response(201, PersonSchema, headers=ETAG)
@documented(people, 403, 409, 415, 422)
def create_person() -> Response:
    """Save a new person as a draft; without an id, one is derived from the preferred name."""
    require(identity(), Action.WRITE_PEOPLE, "new")
    said, record = _arguments(WriteArgs()), _sent()
    saved = saving.save_draft(services.database, identity(), record, None, **said)
    response = _draft(saved.person_id, 201)
    response.headers["Location"] = url_for("people.get_draft", person_id=saved.person_id)
    return response


@people.put("/people/<id:person_id>")
@permits(Action.WRITE_PEOPLE)
@people.doc(security=TOKEN, parameters=[IF_MATCH, MESSAGE, AGREES], requestBody=BODY)
@people.response(200, PersonSchema, headers=ETAG)
@documented(people, 403, 404, 409, 412, 415, 422, 428)
def put_person(person_id: str) -> Response:
    """Save the record as the latest draft; an unchanged record makes no new revision."""
    with services.database.read() as session:
        newest = _seen(session, person_id, Action.WRITE_PEOPLE)
    base = require_match(newest)
    said, record = _arguments(WriteArgs()), _sent(person_id)
    saving.save_draft(services.database, identity(), record, base, **said)
    return _draft(person_id)


@people.delete("/people/<id:person_id>")
@permits(Action.WITHDRAW_PEOPLE)
@people.doc(security=TOKEN, parameters=[IF_MATCH, REASON, TEXT])
@people.response(204)
@documented(people, 403, 404, 409, 412, 422, 428)
def delete_person(person_id: str) -> Response:
    """Withdraw a published person; a tombstone remains, and the desk keeps the revisions."""
    with services.database.read() as session:
        seen = require_match(newest_of(session, person_id))
    why = _arguments(WithdrawArgs())
    workflow.withdraw(services.database, identity(), person_id, **why, number=seen)
    return Response(status=204)


@people.get("/people/<id:person_id>/draft")
@permits(Action.SEE_DESK)
@people.doc(security=TOKEN)
@people.response(200, PersonSchema, headers=ETAG)
@people.alt_response(304, description="The reader's copy is the newest.")
@documented(people, 403, 404)
def get_draft(person_id: str) -> Response:
    """Return the latest revision of a person, published or not; its ETag goes into `If-Match`."""
    response = _draft(person_id)
    response.make_conditional(request)
    return response


def draft_url(person_id: str) -> str:
    """Return the URL of the latest revision."""
    return url_for("people.get_draft", person_id=person_id)


def newest_of(session: Session, person_id: str) -> Revision:
    """Return the latest revision of a person.

    Raises:
        NotFound: If there is no such person.
    """
    newest = saving.head(session, person_id)
    if newest is None:
        raise NotFound(f"There is no person {person_id[:120]!r}.")
    return newest


def sent_json() -> Any:
    """Return the JSON body. Invalid JSON answers 400, another content type 415."""
    if not request.is_json:
        raise UnsupportedMediaType("Send JSON, as application/json.")
    try:
        return parsed(request.get_data())
    except RecursionError as error:
        raise BadRequest("The JSON is nested too deeply.") from error
    except KeyTwice as error:
        raise BadRequest(f"Of the JSON {error}.") from error
    except ValueError as error:
        raise BadRequest(f"What was sent is no JSON: {error}.") from error


def _seen(session: Session, person_id: str, action: Action) -> Revision:
    """Return the latest revision, if the caller may perform `action` in its state."""
    newest = newest_of(session, person_id)
    require(identity(), action, saving.state(session.get(Person, person_id), newest))
    return newest


def _sent(person_id: str | None = None) -> dict[str, Any]:
    """Return the record in the request body, validated for the URL's `person_id`."""
    record = load(person_schema, sent_json())
    if person_id is not None and record.setdefault("id", person_id) != person_id:
        message = f"The address names {person_id!r}; an id never changes."
        raise RecordRefused([Problem("id", "other_id", message)])
    return record


def _arguments(schema: Schema) -> dict[str, Any]:
    """Load the query arguments.

    Raises:
        BadQuery: If they do not fit the schema.
    """
    sent: dict[str, Any] = {
        name: request.args.getlist(name) if name == "agrees" else request.args[name]
        for name in request.args
        if request.args[name]
    }
    try:
        found: dict[str, Any] = schema.load(sent)
    except ValidationError as error:
        raise BadQuery("; ".join(map(str, problems_of(error.messages)))) from error
    return found


def _draft(person_id: str, status: int = 200) -> Response:
    with services.database.read() as session:
        newest = newest_of(session, person_id)
    text = json.dumps(newest.record, ensure_ascii=False)
    response = Response(text, status, content_type="application/json")
    response.set_etag(str(newest.number))
    return response
