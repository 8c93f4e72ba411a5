"""Rows of records in the lists of the desk: person, state and changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from biobank.access import identity
from biobank.accounts.clock import as_utc
from biobank.accounts.policy import Action, allows
from biobank.editorial.desk import Row
from biobank.editorial.differences import Change
from biobank.editorial.second_person import whose_work
from biobank.editorial.summary import touched
from biobank.records.people.mapping import preferred_name
from biobank.web.account.words import moment
from biobank.web.desk.review.message import message_words
from biobank.web.desk.review.words import note_words, state_words
from biobank.web.names import NameForm, shown_name
from biobank.web.revisions.titles import in_order, touched_words


@dataclass(frozen=True)
class DeskRow:
    """A record in a list; `may_publish` is only set for records in review."""

    name: NameForm
    url: str
    number: int
    states: tuple[str, ...]
    by: str
    at: str
    at_on: str
    is_new: bool
    touched: tuple[str, ...]
    message: str
    note: str
    note_by: str
    note_text: str
    may_publish: bool


def desk_rows(rows: Sequence[Row], lang: str) -> tuple[DeskRow, ...]:
    return tuple(_row(row, lang) for row in rows)


def name_of(record: Mapping[str, Any], person_id: str, lang: str) -> NameForm:
    """Return the display name of a record, or its id if the names were redacted."""
    if not record.get("names"):
        return NameForm(person_id, "", "ltr", "")
    return shown_name(record["names"], preferred_name(record, lang), lang)


def touched_list(changes: Sequence[Change], lang: str) -> tuple[str, ...]:
    """Return the labels of the changed fields in record order, such as "Biography (English)"."""
    by_field = {it.field: it for it in touched(changes) if it.field != "id"}
    return tuple(touched_words(by_field[field], lang) for field in in_order(by_field))


def states_of(row: Row) -> tuple[str, ...]:
    """Return the state of the latest revision, and "withdrawn" if the person is withdrawn."""
    states = [row.head.state]
    if row.person.withdrawn_at and row.head.state != "withdrawn":
        states.append("withdrawn")
    return tuple(map(state_words, states))


def _row(row: Row, lang: str) -> DeskRow:
    head, note, who = row.head, row.note, identity()
    when = head.published_at or head.at if head.state == "published" else head.at
    return DeskRow(
        name=name_of(head.record, head.person_id, lang),
        url=url_for("web.desk_person", lang=lang, person_id=head.person_id),
        number=head.number,
        states=states_of(row),
        by=head.author,
        at=moment(when),
        at_on=as_utc(when).isoformat(),
        is_new=row.is_new,
        touched=() if row.is_new else touched_list(row.changes, lang),
        message=message_words(head.message),
        note=note_words(note.kind) if note else "",
        note_by=note.author if note else "",
        note_text=note.text if note else "",
        may_publish=head.state == "review"
        and allows(who, Action.PUBLISH_PEOPLE, whose_work(head, who)),
    )
