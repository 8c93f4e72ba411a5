"""GET and POST /people/{id}/state: the review state of a record and its transitions."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from biobank.access import identity, permits
from biobank.accounts.policy import Action, require_somewhere
from biobank.api.blueprint import documented, people
from biobank.api.writing import REASONS, TOKEN, newest_of, sent_json
from biobank.editorial import history, notes, saving, workflow
from biobank.editorial.models import NOTE_KINDS, STATES, ReviewNote
from biobank.errors import EditConflict
from biobank.extensions import services
from biobank.records.fields import Text
from biobank.records.people.browsing import in_utc
from biobank.records.people.models import Person
from biobank.records.problems import load

#: The action that leads to each state.
ACTIONS: Mapping[str, Action] = {
    "review": Action.SUBMIT_PEOPLE,
    "draft": Action.RETURN_PEOPLE,
    "published": Action.PUBLISH_PEOPLE,
    "withdrawn": Action.WITHDRAW_PEOPLE,
}


class StepSchema(Schema):
    """A review transition. `number` is the latest revision as it was read."""

    to = fields.String(required=True, validate=validate.OneOf(STATES))
    number = fields.Integer(
        required=True, strict=True, validate=validate.Range(1, history.NUMBER_MOST)
    )
    text = Text(notes.TEXT_MOST, line=False, load_default="")
    reason = fields.String(validate=validate.OneOf(REASONS))


class NoteSchema(Schema):
    """A comment on a revision, or a record of a review action."""

    number = fields.Integer(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(NOTE_KINDS))
    path = fields.String(required=True)
    text = fields.String(required=True)
    author = fields.String(required=True)
    at = fields.String(required=True)


class StateSchema(Schema):
    """The state of a record: the latest revision, the published one, and the notes."""

    id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    number = fields.Integer(required=True)
    published = fields.Integer(required=True, allow_none=True)
    author = fields.String(required=True)
    message = fields.String(required=True)
    at = fields.String(required=True)
    notes = fields.List(fields.Nested(NoteSchema), required=True)


step_schema = StepSchema()


@people.get("/people/<id:person_id>/state")
@permits(Action.SEE_DESK)
@people.doc(security=TOKEN)
@people.response(200, StateSchema)
@documented(people, 403, 404)
def get_state(person_id: str) -> dict[str, Any]:
    """Return the review state of a record and its notes."""
    with services.database.read() as session:
        return _state(session, person_id)


@people.post("/people/<id:person_id>/state")
@permits(Action.SEE_DESK)
@people.doc(
    security=TOKEN,
    requestBody={"required": True, "content": {"application/json": {"schema": StepSchema}}},
)
@people.response(200, StateSchema)
@documented(people, 403, 404, 409, 415, 422)
def set_state(person_id: str) -> dict[str, Any]:
    """Change the review state of a record.

    Submit (`review`), request changes (`draft`, with `text`), publish or reinstate (`published`),
    or withdraw (`withdrawn`, with `reason`).
    """
    sent = sent_json()
    _require(sent)
    _take(person_id, load(step_schema, sent))
    with services.database.read() as session:
        return _state(session, person_id)


def _require(sent: Any) -> None:
    """Check the right for the target state before the rest of the payload is validated."""
    to = sent.get("to") if isinstance(sent, dict) else None
    if isinstance(to, str) and to in ACTIONS:
        require_somewhere(identity(), ACTIONS[to])


def _take(person_id: str, step: Mapping[str, Any]) -> None:
    its = (services.database, identity(), person_id)
    with services.database.read() as session:
        newest = newest_of(session, person_id)
    if newest.number != step["number"]:
        raise EditConflict(person_id, step["number"], newest.number)
    if step["to"] == "review":
        workflow.submit(*its, step["number"], step["text"])
    elif step["to"] == "draft":
        workflow.give_back(*its, step["number"], step["text"])
    elif step["to"] == "withdrawn":
        workflow.withdraw(*its, step.get("reason", ""), step["text"], step["number"])
    elif newest.state == "withdrawn":
        workflow.bring_back(*its, step["text"], step["number"])
    else:
        workflow.publish(*its, step["number"], step["text"])


def _state(session: Session, person_id: str) -> dict[str, Any]:
    newest, person = newest_of(session, person_id), session.get(Person, person_id)
    return {
        "id": person_id,
        "state": saving.state(person, newest),
        "number": newest.number,
        "published": person.published if person else None,
        "author": newest.author,
        "message": newest.message,
        "at": f"{in_utc(newest.at):%Y-%m-%dT%H:%M:%SZ}",
        "notes": [_note(note, number) for note, number in notes.thread(session, person_id)],
    }


def _note(note: ReviewNote, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "kind": note.kind,
        "path": note.path,
        "text": note.text,
        "author": note.author,
        "at": f"{in_utc(note.at):%Y-%m-%dT%H:%M:%SZ}",
    }
