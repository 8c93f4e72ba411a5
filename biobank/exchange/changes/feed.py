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

from biobank.common.clock import as_utc
from biobank.editorial.merging.redirects import find_public_redirects
from biobank.errors import BadQuery
from biobank.records.people import queries
from biobank.records.people.models import MERGED, Person
from biobank.records.people.record import PersonRecord
from biobank.store.outbox import OutboxRow, latest_number

DEFAULT_FEED_SIZE, MAX_FEED_SIZE = 100, 500
#: Maximum number of changes per response with records, which are a few kilobytes each.
MAX_FEED_RECORDS = 100

ChangeState = Literal["published", "withdrawn", "merged"]


@dataclass(frozen=True)
class PersonChange:
    """A change of one person; `number` is the position in the feed, `at` the time of writing."""

    number: int
    id: str
    at: datetime
    state: ChangeState
    #: Published people: the revision.
    revision: int | None = None
    #: Merged people: the id of the person they were merged into.
    merged_into: str | None = None
    #: Published people, if records are requested: the record.
    record: PersonRecord | None = None

    def to_dict(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "number": self.number,
            "id": self.id,
            "at": f"{self.at:%Y-%m-%dT%H:%M:%SZ}",
            "state": self.state,
        }
        optional = {"revision": self.revision, "into": self.merged_into, "record": self.record}
        return data | {name: value for name, value in optional.items() if value is not None}


@dataclass(frozen=True)
class ChangePage:
    """A page of the feed; `next` is the position to continue from, `more` if changes follow."""

    changes: Sequence[PersonChange] = field(default_factory=tuple)
    next: int = 0
    more: bool = False

    def to_dict(self) -> dict[str, Any]:
        changes = [change.to_dict() for change in self.changes]
        return {"changes": changes, "next": self.next, "more": self.more}


def changes_since(
    session: Session, since: int, size: int = DEFAULT_FEED_SIZE, *, with_records: bool = False
) -> ChangePage:
    """Return up to `size` changes after the number `since`.

    Raises:
        BadQuery: (unknown_position) if `since` is higher than every change number.
    """
    if since and since > latest_number(session):
        raise BadQuery(
            f"There is no change {since} yet: this is another bank or an older copy of it. "
            "Read from since=0.",
            code="unknown_position",
        )
    rows = _latest_rows(session, since, size + 1)
    page_rows = rows[:size]
    return ChangePage(
        tuple(_load_changes(session, page_rows, with_records=with_records)),
        next=page_rows[-1].number or since if page_rows else since,
        more=len(rows) > size,
    )


def change_number_before(session: Session, timestamp: datetime) -> int:
    """Return the number of the last change published before `timestamp`; 0 if there is none."""
    query = select(func.max(OutboxRow.number)).where(OutboxRow.done_at < timestamp)
    return session.scalar(query) or 0


def _latest_rows(session: Session, since: int, limit: int) -> list[OutboxRow]:
    """Return the rows after `since` whose person has no later row."""
    later = aliased(OutboxRow)
    superseded = exists().where(later.person_id == OutboxRow.person_id, later.number > OutboxRow.number)
    query = select(OutboxRow).where(OutboxRow.number > since, ~superseded)
    return list(session.scalars(query.order_by(OutboxRow.number).limit(limit)))


def _load_changes(
    session: Session, rows: Sequence[OutboxRow], *, with_records: bool
) -> Sequence[PersonChange]:
    ids = [row.person_id for row in rows]
    people = {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(ids)))}
    records = queries.load_records(session, ids) if with_records else {}
    redirects = find_public_redirects(session, ids)
    changes = (_make_change(row, people.get(row.person_id), redirects, records) for row in rows)
    return [change for change in changes if change is not None]


def _make_change(
    row: OutboxRow, person: Person | None, redirects: Mapping[str, str], records: Mapping[str, PersonRecord]
) -> PersonChange | None:
    """Return the change; None if the person was never public, since drafts stay private."""
    assert row.number is not None
    number, person_id, at = row.number, row.person_id, as_utc(row.at)
    if person_id in redirects:
        return PersonChange(number, person_id, at, "merged", merged_into=redirects[person_id])
    if person is not None and person.published is not None:
        revision, record = person.published, records.get(person_id)
        return PersonChange(number, person_id, at, "published", revision=revision, record=record)
    # A merged person without a redirect was never public.
    if person is not None and person.withdrawn_at is not None and person.withdrawal != MERGED:
        return PersonChange(number, person_id, as_utc(person.withdrawn_at), "withdrawn")
    return None
