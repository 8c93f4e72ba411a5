"""GET and POST /people/{id}/state: the review state of a record and its transitions."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from biobank.accounts.policy import Action, require_in_any_state
from biobank.api.blueprint import document_errors, people
from biobank.api.schemas import required_list, required_strings
from biobank.api.writing import API_WITHDRAWAL_REASONS, TOKEN_SECURITY, get_latest_revision, request_json
from biobank.common.clock import as_utc
from biobank.editorial.models import REVIEW_NOTE_KINDS, REVISION_STATES, ReviewNote
from biobank.editorial.review import notes, workflow
from biobank.editorial.revisions import drafts, history
from biobank.errors import EditConflict
from biobank.http.auth import identity, requires
from biobank.http.extensions import services
from biobank.records.fields import Text
from biobank.records.people.models import Person
from biobank.records.validation import load_validated

#: The action that leads to each state.
ACTION_BY_STATE: Mapping[str, Action] = {
    "review": Action.SUBMIT_PEOPLE,
    "draft": Action.RETURN_PEOPLE,
    "published": Action.PUBLISH_PEOPLE,
    "withdrawn": Action.WITHDRAW_PEOPLE,
}


class StepSchema(Schema):
    """A review transition. `number` is the latest revision as it was read."""

    to = fields.String(required=True, validate=validate.OneOf(REVISION_STATES))
    number = fields.Integer(
        required=True, strict=True, validate=validate.Range(1, history.MAX_REVISION_NUMBER)
    )
    text = Text(notes.MAX_NOTE_CHARS, single_line=False, load_default="")
    reason = fields.String(validate=validate.OneOf(API_WITHDRAWAL_REASONS))


class NoteSchema(Schema):
    """A comment on a revision, or a record of a review action."""

    number = fields.Integer(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(REVIEW_NOTE_KINDS))
    path, text, author, at = required_strings(4)


class StateSchema(Schema):
    """The state of a record: the latest revision, the published one, and the notes."""

    id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(REVISION_STATES))
    number = fields.Integer(required=True)
    published = fields.Integer(required=True, allow_none=True)
    author, message, at = required_strings(3)
    notes = required_list(NoteSchema)


step_schema = StepSchema()


@people.get("/people/<id:person_id>/state")
@requires(Action.SEE_DESK)
@people.doc(security=TOKEN_SECURITY)
@people.response(200, StateSchema)
@document_errors(people, 403, 404)
def get_state(person_id: str) -> dict[str, Any]:
    """Return the review state of a record and its notes."""
    with services.database.read() as session:
        return _state_body(session, person_id)


@people.post("/people/<id:person_id>/state")
@requires(Action.SEE_DESK)
@people.doc(
    security=TOKEN_SECURITY,
    requestBody={"required": True, "content": {"application/json": {"schema": StepSchema}}},
)
@people.response(200, StateSchema)
@document_errors(people, 403, 404, 409, 415, 422)
def set_state(person_id: str) -> dict[str, Any]:
    """Change the review state of a record.

    Submit (`review`), request changes (`draft`, with `text`), publish or reinstate (`published`),
    or withdraw (`withdrawn`, with `reason`).
    """
    payload = request_json()
    _require_action(payload)
    _apply_transition(person_id, load_validated(step_schema, payload))
    with services.database.read() as session:
        return _state_body(session, person_id)


def _require_action(payload: Any) -> None:
    """Check the right for the target state before the rest of the payload is validated."""
    to = payload.get("to") if isinstance(payload, dict) else None
    if isinstance(to, str) and to in ACTION_BY_STATE:
        require_in_any_state(identity(), ACTION_BY_STATE[to])


def _apply_transition(person_id: str, step: Mapping[str, Any]) -> None:
    target = (services.database, identity(), person_id)
    with services.database.read() as session:
        latest = get_latest_revision(session, person_id)
    if latest.number != step["number"]:
        raise EditConflict(person_id, step["number"], latest.number)
    if step["to"] == "review":
        workflow.submit(*target, step["number"], step["text"])
    elif step["to"] == "draft":
        workflow.request_changes(*target, step["number"], step["text"])
    elif step["to"] == "withdrawn":
        workflow.withdraw(*target, step.get("reason", ""), step["text"], step["number"])
    elif latest.state == "withdrawn":
        workflow.reinstate(*target, step["text"], step["number"])
    else:
        workflow.publish(*target, step["number"], step["text"])


def _state_body(session: Session, person_id: str) -> dict[str, Any]:
    latest, person = get_latest_revision(session, person_id), session.get(Person, person_id)
    return {
        "id": person_id,
        "state": drafts.record_state(person, latest),
        "number": latest.number,
        "published": person.published if person else None,
        "author": latest.author,
        "message": latest.message,
        "at": f"{as_utc(latest.at):%Y-%m-%dT%H:%M:%SZ}",
        "notes": [_note_body(note, number) for note, number in notes.list_notes(session, person_id)],
    }


def _note_body(note: ReviewNote, number: int) -> dict[str, Any]:
    fields_as_stored = {name: getattr(note, name) for name in ("kind", "path", "text", "author")}
    return {"number": number, **fields_as_stored, "at": f"{as_utc(note.at):%Y-%m-%dT%H:%M:%SZ}"}
