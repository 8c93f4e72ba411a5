"""Rows of records in the lists of the desk: person, state and changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from biobank.accounts.policy import Action, is_allowed
from biobank.common.clock import as_utc
from biobank.editorial.review.desk_queries import DeskRecord
from biobank.editorial.review.four_eyes import ownership
from biobank.editorial.revisions.change_summary import summarize_changes
from biobank.editorial.revisions.record_diff import RecordChange
from biobank.http.auth import identity
from biobank.records.people.mapping import preferred_name
from biobank.web.account.labels import format_timestamp
from biobank.web.core.name_forms import NameForm, find_name_form
from biobank.web.desk.review.labels import note_label, state_label
from biobank.web.desk.review.revision_messages import message_label
from biobank.web.revisions.labels import changed_field_label, sort_fields


@dataclass(frozen=True)
class DeskRowView:
    """A record in a list; `may_publish` is only set for records in review."""

    name: NameForm
    url: str
    number: int
    states: tuple[str, ...]
    by: str
    at: str
    at_iso: str
    is_new: bool
    changed_fields: tuple[str, ...]
    message: str
    note: str
    note_by: str
    note_text: str
    may_publish: bool


def desk_rows(rows: Sequence[DeskRecord], lang: str) -> tuple[DeskRowView, ...]:
    return tuple(_row(row, lang) for row in rows)


def record_name(record: Mapping[str, Any], person_id: str, lang: str) -> NameForm:
    """Return the display name of a record, or its id if the names were redacted."""
    if not record.get("names"):
        return NameForm(person_id, "", "ltr", "")
    return find_name_form(record["names"], preferred_name(record, lang), lang)


def changed_field_labels(changes: Sequence[RecordChange], lang: str) -> tuple[str, ...]:
    """Return the labels of the changed fields in record order, such as "Biography (English)"."""
    by_field = {
        change.field: change for change in summarize_changes(changes) if change.field != "id"
    }
    return tuple(changed_field_label(by_field[field], lang) for field in sort_fields(by_field))


def state_labels(row: DeskRecord) -> tuple[str, ...]:
    """Return the state of the latest revision, and "withdrawn" if the person is withdrawn."""
    states = [row.revision.state]
    if row.person.withdrawn_at and row.revision.state != "withdrawn":
        states.append("withdrawn")
    return tuple(map(state_label, states))


def _row(row: DeskRecord, lang: str) -> DeskRowView:
    latest, note, actor = row.revision, row.note, identity()
    timestamp = latest.published_at or latest.at if latest.state == "published" else latest.at
    return DeskRowView(
        name=record_name(latest.record, latest.person_id, lang),
        url=url_for("web.desk_person", lang=lang, person_id=latest.person_id),
        number=latest.number,
        states=state_labels(row),
        by=latest.author,
        at=format_timestamp(timestamp),
        at_iso=as_utc(timestamp).isoformat(),
        is_new=row.is_new,
        changed_fields=() if row.is_new else changed_field_labels(row.changes, lang),
        message=message_label(latest.message),
        note=note_label(note.kind) if note else "",
        note_by=note.author if note else "",
        note_text=note.text if note else "",
        may_publish=latest.state == "review"
        and is_allowed(actor, Action.PUBLISH_PEOPLE, ownership(latest, actor)),
    )
