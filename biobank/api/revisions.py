"""GET /people/{id}/revisions: published revisions, single ones, and what they changed."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from biobank.api.blueprint import PageArgs, arguments, conditional, documented, page_of, people
from biobank.api.schemas import ChangesSchema, RevisionsPageSchema
from biobank.editorial import history
from biobank.editorial.differences import Change, difference, path_text
from biobank.editorial.summary import touched
from biobank.extensions import services
from biobank.records.people import queries
from biobank.records.people.browsing import in_utc
from biobank.records.people.schemas import PersonSchema

NUMBER = f"<int(min=1, max={history.NUMBER_MOST}):number>"
#: Seconds for which a revision may be cached. It never changes, but its person or a related one may
#: be removed.
KEPT = 86_400


class FromArgs(Schema):
    """The revision to compare with; the previous one by default."""

    from_ = fields.Integer(
        data_key="from", validate=validate.Range(1, history.NUMBER_MOST), load_default=None
    )


@people.get("/people/<id:person_id>/revisions")
@arguments(people, PageArgs)
@people.response(200, RevisionsPageSchema)
@documented(people, 308, 404, 410)
def list_revisions(person_id: str, page: int, size: int) -> Response:
    """Return the published revisions of a person, newest first, each with the changed fields."""
    with services.database.read() as session:
        current = history.current(session, person_id).number
        total = history.count(session, person_id)
        steps = history.steps(session, person_id, (page - 1) * size, size)
        items = [_revision(step, current) for step in steps]
    return conditional(page_of(items, total, page, size))


@people.get(f"/people/<id:person_id>/revisions/{NUMBER}")
@people.response(200, PersonSchema)
@people.alt_response(304, description="The reader has it already; it does not change.")
@documented(people, 308, 404, 410)
def get_revision(person_id: str, number: int) -> Response:
    """Return the record of a person as a published revision had it."""
    with services.database.read() as session:
        record = _record(session, person_id, number)
    return conditional(record, kept=KEPT)


@people.get(f"/people/<id:person_id>/revisions/{NUMBER}/changes")
@arguments(people, FromArgs)
@people.response(200, ChangesSchema)
@documented(people, 308, 404, 410)
def get_changes(person_id: str, number: int, from_: int | None) -> Response:
    """Return what a published revision changed since the previous one, or since another."""
    with services.database.read() as session:
        after = _record(session, person_id, number)
        start = from_ or history.before(session, person_id, number)
        found = difference(_record(session, person_id, start), after)
    return conditional({"from": start, "to": number, "changes": [_change(it) for it in found]})


def _record(session: Session, person_id: str, number: int | None) -> dict[str, Any]:
    """Return the record of a revision without relations to people who are not public now."""
    return queries.shown(session, history.at(session, person_id, number).record) if number else {}


def _revision(step: history.Step, current: int) -> dict[str, Any]:
    revision = step.revision
    return {
        "number": revision.number,
        "at": f"{in_utc(revision.published_at or revision.at):%Y-%m-%dT%H:%M:%SZ}",
        "changed": [path for it in touched(step.changes) for path in it.paths],
        "current": revision.number == current,
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "path": path_text(change.path),
        "kind": change.kind,
        "before": change.before,
        "after": change.after,
    }
