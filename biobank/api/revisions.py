"""GET /people/{id}/revisions: published revisions, single ones, and what they changed."""

from collections.abc import Mapping
from typing import Any, cast

from flask import Response
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from biobank.api.blueprint import (
    PageArgs,
    conditional_json,
    document_errors,
    page_body,
    people,
    query_arguments,
)
from biobank.api.schemas import ChangesSchema, RevisionsPageSchema
from biobank.common.clock import as_utc
from biobank.editorial.revisions import history
from biobank.editorial.revisions.record_diff import RecordChange, diff_records, format_path, summarize_changes
from biobank.http.extensions import services
from biobank.records.people import queries
from biobank.records.people.record import PersonRecord
from biobank.records.people.schemas import PersonSchema

NUMBER_RULE = f"<int(min=1, max={history.MAX_REVISION_NUMBER}):number>"
#: Seconds for which a revision may be cached. It never changes, but its person or a related one may
#: be removed.
REVISION_CACHE_SECONDS = 86_400


class FromArgs(Schema):
    """The revision to compare with; the previous one by default."""

    from_ = fields.Integer(
        data_key="from", validate=validate.Range(1, history.MAX_REVISION_NUMBER), load_default=None
    )


@people.get("/people/<id:person_id>/revisions")
@query_arguments(people, PageArgs)
@people.response(200, RevisionsPageSchema)
@document_errors(people, 308, 404, 410)
def list_revisions(person_id: str, page: int, size: int) -> Response:
    """Return the published revisions of a person, newest first, each with the changed fields."""
    with services.database.read() as session:
        current = history.get_current_revision(session, person_id).number
        total = history.count_revisions(session, person_id)
        steps = history.list_revisions(session, person_id, (page - 1) * size, size)
        items = [_revision_body(step, current) for step in steps]
    return conditional_json(page_body(items, total, page, size))


@people.get(f"/people/<id:person_id>/revisions/{NUMBER_RULE}")
@people.response(200, PersonSchema)
@people.alt_response(304, description="Not changed: a revision never changes.")
@document_errors(people, 308, 404, 410)
def get_revision(person_id: str, number: int) -> Response:
    """Return the record of a person as a published revision had it."""
    with services.database.read() as session:
        record = _revision_record(session, person_id, number)
    return conditional_json(record, max_age=REVISION_CACHE_SECONDS)


@people.get(f"/people/<id:person_id>/revisions/{NUMBER_RULE}/changes")
@query_arguments(people, FromArgs)
@people.response(200, ChangesSchema)
@document_errors(people, 308, 404, 410)
def get_changes(person_id: str, number: int, from_: int | None) -> Response:
    """Return what a published revision changed since the previous one, or since another."""
    with services.database.read() as session:
        after = _revision_record(session, person_id, number)
        start = from_ or history.previous_number(session, person_id, number)
        changes = diff_records(_revision_record(session, person_id, start), after)
    return conditional_json(
        {"from": start, "to": number, "changes": [_change_body(change) for change in changes]}
    )


def _revision_record(session: Session, person_id: str, number: int | None) -> Mapping[str, Any]:
    """Return the record of a revision without relations to people who are not public now."""
    if not number:
        return {}
    record = history.get_revision(session, person_id, number).record
    return queries.without_hidden_relations(session, cast(PersonRecord, record))


def _revision_body(step: history.RevisionChanges, current: int) -> dict[str, Any]:
    revision = step.revision
    return {
        "number": revision.number,
        "at": f"{as_utc(revision.published_at or revision.at):%Y-%m-%dT%H:%M:%SZ}",
        "changed": [path for group in summarize_changes(step.changes) for path in group.paths],
        "current": revision.number == current,
    }


def _change_body(change: RecordChange) -> dict[str, Any]:
    path = format_path(change.path)
    return {"path": path, "kind": change.kind, "before": change.before, "after": change.after}
