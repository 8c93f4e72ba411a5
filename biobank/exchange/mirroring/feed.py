"""The feed of changes: who changed, in order of publication, including tombstones.

Each person appears once, at the latest change: reading from 0 yields the whole bank, reading on
from a position yields what changed since. A change may be listed although the record is the same;
the revision number tells.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from biobank.editorial.merging.leading import public_redirects
from biobank.errors import BadQuery
from biobank.records.people import queries
from biobank.records.people.browsing import in_utc
from biobank.records.people.mapping import Record
from biobank.records.people.models import MERGED, Person
from biobank.store.outbox import OutboxRow, newest_number

SIZE_DEFAULT, SIZE_MOST = 100, 500
#: Maximum number of changes per response with records, which are a few kilobytes each.
RECORDS_MOST = 100

State = Literal["published", "withdrawn", "merged"]


@dataclass(frozen=True)
class Change:
    """A change of one person; `number` is the position in the feed, `at` the time of writing."""

    number: int
    id: str
    at: datetime
    state: State
    #: Published people: the revision.
    revision: int | None = None
    #: Merged people: the id of the person they were merged into.
    into: str | None = None
    #: Published people, if records are requested: the record.
    record: Record | None = None

    def as_dict(self) -> dict[str, Any]:
        told: dict[str, Any] = {
            "number": self.number,
            "id": self.id,
            "at": f"{self.at:%Y-%m-%dT%H:%M:%SZ}",
            "state": self.state,
        }
        more = {"revision": self.revision, "into": self.into, "record": self.record}
        return told | {name: value for name, value in more.items() if value is not None}


@dataclass(frozen=True)
class Changes:
    """A page of the feed; `next` is the position to continue from, `more` if changes follow."""

    changes: Sequence[Change] = field(default_factory=tuple)
    next: int = 0
    more: bool = False

    def as_dict(self) -> dict[str, Any]:
        told = [change.as_dict() for change in self.changes]
        return {"changes": told, "next": self.next, "more": self.more}


def changes_since(
    session: Session, since: int, size: int = SIZE_DEFAULT, *, with_records: bool = False
) -> Changes:
    """Return up to `size` changes after the number `since`.

    Raises:
        BadQuery: (unknown_position) if `since` is higher than every change number.
    """
    if since and since > newest_number(session):
        raise BadQuery(
            f"There was no change {since} yet: this bank is another one, or an older copy of it. "
            "Read from since=0.",
            code="unknown_position",
        )
    rows = _rows(session, since, size + 1)
    kept = rows[:size]
    return Changes(
        tuple(_told(session, kept, with_records=with_records)),
        next=kept[-1].number or since if kept else since,
        more=len(rows) > size,
    )


def number_at(session: Session, moment: datetime) -> int:
    """Return the number of the last change published before `timestamp`; 0 if there is none."""
    query = select(func.max(OutboxRow.number)).where(OutboxRow.done_at < moment)
    return session.scalar(query) or 0


def _rows(session: Session, since: int, limit: int) -> list[OutboxRow]:
    """Return the rows after `since` whose person has no later row."""
    later = aliased(OutboxRow)
    superseded = exists().where(
        later.person_id == OutboxRow.person_id, later.number > OutboxRow.number
    )
    query = select(OutboxRow).where(OutboxRow.number > since, ~superseded)
    return list(session.scalars(query.order_by(OutboxRow.number).limit(limit)))


def _told(session: Session, rows: Sequence[OutboxRow], *, with_records: bool) -> Sequence[Change]:
    ids = [row.person_id for row in rows]
    people = {
        person.id: person for person in session.scalars(select(Person).where(Person.id.in_(ids)))
    }
    records = queries.records(session, ids) if with_records else {}
    led = public_redirects(session, ids)
    told = (_change(row, people.get(row.person_id), led, records) for row in rows)
    return [change for change in told if change is not None]


def _change(
    row: OutboxRow,
    person: Person | None,
    led: Mapping[str, str],
    records: Mapping[str, Record],
) -> Change | None:
    """Return the change; None if the person was never public, since drafts stay private."""
    assert row.number is not None
    number, person_id, at = row.number, row.person_id, in_utc(row.at)
    if person_id in led:
        return Change(number, person_id, at, "merged", into=led[person_id])
    if person is not None and person.published is not None:
        revision, record = person.published, records.get(person_id)
        return Change(number, person_id, at, "published", revision=revision, record=record)
    # A merged person without a redirect was never public.
    if person is not None and person.withdrawn_at is not None and person.withdrawal != MERGED:
        return Change(number, person_id, in_utc(person.withdrawn_at), "withdrawn")
    return None
