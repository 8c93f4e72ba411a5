"""The revisions of a person: their contents, their changes and the origin of each value.

A revision is public if it was published and the person is public now. The history of a withdrawn
person is hidden with the person; drafts are never public.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from biobank.common.clock import as_utc
from biobank.common.grouping import group_pairs
from biobank.editorial.models import UNPUBLISHED_STATES, Revision
from biobank.editorial.revisions.record_diff import (
    RecordChange,
    apply_changes,
    diff_records,
    format_path,
    iter_leaves,
)
from biobank.errors import Gone, NotFound
from biobank.records.people.models import Person

#: Number of revisions held in memory while all are read.
HISTORY_CHUNK_ROWS = 50
#: Upper bound of revision numbers; larger numbers in requests are rejected without a query.
MAX_REVISION_NUMBER = 1_000_000


@dataclass(frozen=True)
class RevisionChanges:
    """A revision and its changes against the previous one, or against an empty record."""

    revision: Revision
    changes: tuple[RecordChange, ...]


def count_revisions(session: Session, person_id: str, *, public: bool = True) -> int:
    """Return the number of revisions."""
    query = _revisions_query(person_id, public=public).with_only_columns(func.count())
    return session.scalar(query) or 0


def list_revisions(
    session: Session, person_id: str, offset: int, size: int, *, public: bool = True
) -> list[RevisionChanges]:
    """Return a page of revisions, newest first, each with its changes."""
    query = _revisions_query(person_id, public=public).order_by(Revision.number.desc())
    # One more row than shown: the changes of the oldest one need its predecessor.
    rows = list(session.scalars(query.offset(offset).limit(size + 1)))
    return [
        RevisionChanges(row, _changes(row, before))
        for row, before in zip_longest(rows[:size], rows[1 : size + 1])
    ]


def get_revision(session: Session, person_id: str, number: int, *, public: bool = True) -> Revision:
    """Return one revision.

    Raises:
        NotFound: if there is none with that number, or it is not public and `public` is set.
        Gone: if it was redacted.
    """
    query = _revisions_query(person_id, public=public).where(Revision.number == number)
    revision: Revision | None = session.scalar(query) if 0 < number <= MAX_REVISION_NUMBER else None
    if revision is None:
        raise NotFound.revision(person_id, number)
    if revision.redacted_at:
        raise Gone(f"Revision {number} of {person_id[:120]!r} was redacted for legal reasons.")
    return revision


def previous_number(session: Session, person_id: str, number: int, *, public: bool = True) -> int | None:
    """Return the number of the previous revision, or None if this is the first."""
    query = _revisions_query(person_id, public=public).where(Revision.number < number)
    return session.scalar(query.with_only_columns(func.max(Revision.number)))


def publication_dates(session: Session, person_id: str, limit: int) -> list[tuple[int, datetime]]:
    """Return number and publication time of the public revisions, newest first."""
    query = _revisions_query(person_id, public=True).with_only_columns(Revision.number, Revision.published_at)
    rows = session.execute(query.order_by(Revision.number.desc()).limit(limit))
    return [(row.number, row.published_at) for row in rows]


def publication_dates_by_person(
    session: Session, ids: Sequence[str]
) -> dict[str, list[tuple[int, datetime]]]:
    """Return number and publication time of every public revision of each of `ids`, in order."""
    query = (
        select(Revision.person_id, Revision.number, Revision.published_at, Revision.at)
        .join(Person, Person.id == Revision.person_id)
        .where(
            Revision.person_id.in_(ids),
            Revision.state == "published",
            Person.published.is_not(None),
            Revision.redacted_at.is_(None),
        )
        .order_by(Revision.person_id, Revision.number)
    )
    rows = session.execute(query)
    return group_pairs((row.person_id, (row.number, as_utc(row.published_at or row.at))) for row in rows)


def get_current_revision(session: Session, person_id: str) -> Revision:
    """Return the public revision.

    Raises:
        NotFound: if the person is not public.
    """
    query = select(Person.published).where(Person.id == person_id)
    return get_revision(session, person_id, session.scalar(query) or 0)


def first_published(session: Session, person_id: str) -> datetime | None:
    """Return when the person was first published, or None if they are not public."""
    # SQLite would scan the whole index of publication times to find a minimum.
    rows = session.scalars(_PUBLICATION_TIMES, {"person": person_id})
    timestamps = [timestamp for timestamp in rows if timestamp]
    return as_utc(min(timestamps)) if timestamps else None


def blame(session: Session, person_id: str, *, public: bool = False) -> dict[str, int]:
    """Return the revision that added each current value, by path: `{"birth.date": 3}`.

    Walks all revisions once; a value that only moved keeps its number.
    """
    record: dict[str, Any] = {}
    origins: dict[str, Any] = {}
    for revision in _iter_revisions(session, person_id, public=public):
        changes = diff_records(record, revision.record)
        numbered = [_with_revision_number(change, revision.number) for change in changes]
        origins = apply_changes(origins, numbered)
        record = revision.record
    return {format_path(path): number for path, number in iter_leaves(origins)}


def _changes(row: Revision, before: Revision | None) -> tuple[RecordChange, ...]:
    """Return the changes of a revision; none if it or the previous one was redacted.

    The changes of one would reveal the contents of the other.
    """
    if row.redacted_at or (before and before.redacted_at):
        return ()
    return tuple(diff_records(before.record if before else {}, row.record))


def _revisions_query(person_id: str | ColumnElement[str], *, public: bool) -> Select[Any]:
    query = select(Revision).where(Revision.person_id == person_id)
    if public:
        # With `state = 'published'` SQLite would choose the index of states, which covers almost
        # all rows.
        query = query.join(Person, Person.id == Revision.person_id).where(
            Revision.state.not_in(UNPUBLISHED_STATES), Person.published.is_not(None)
        )
    return query


#: Built once: building a statement takes longer than executing it.
_PUBLICATION_TIMES = _revisions_query(bindparam("person"), public=True).with_only_columns(
    Revision.published_at
)


def _iter_revisions(session: Session, person_id: str, *, public: bool) -> Iterator[Revision]:
    query = _revisions_query(person_id, public=public).order_by(Revision.number)
    for revision in session.scalars(query.execution_options(yield_per=HISTORY_CHUNK_ROWS)):
        yield revision
        session.expunge(revision)


def _with_revision_number(change: RecordChange, number: int) -> RecordChange:
    """Return the change with the revision number in place of every value."""
    if change.kind in ("added", "changed"):
        return RecordChange(change.path, change.kind, after=_replace_leaves(change.after, number))
    return change


def _replace_leaves(value: Any, number: int) -> Any:
    if isinstance(value, dict):
        return {key: _replace_leaves(part, number) for key, part in value.items()}
    return [_replace_leaves(part, number) for part in value] if isinstance(value, list) else number


@dataclass(frozen=True)
class PublishedPerson:
    """A public person with the times of first publication and of the last public change, in UTC."""

    person_id: str
    published: datetime
    updated: datetime


def recently_published(session: Session, offset: int, size: int) -> list[PublishedPerson]:
    """Return a page of the people published most recently, newest first.

    Uses the index on `Revision.published_at`; the number of scanned rows is the number of changes
    since the oldest person of the page.
    """
    first, before = aliased(Revision), aliased(Revision)
    earlier = select(before.id).where(
        before.person_id == first.person_id, before.published_at.is_not(None), before.number < first.number
    )
    query = (
        select(first.person_id, first.published_at, Person.updated_at)
        .join(Person, Person.id == first.person_id)
        .where(first.published_at.is_not(None), Person.published.is_not(None), ~earlier.exists())
        .order_by(first.published_at.desc(), first.person_id)
    )
    rows = session.execute(query.offset(offset).limit(size))
    return [_published_person(row.person_id, row.published_at, row.updated_at) for row in rows]


def recently_changed(session: Session, offset: int, size: int) -> list[PublishedPerson]:
    """Return a page of the people whose public record changed most recently, newest first."""
    people = (
        select(Person.id, Person.updated_at)
        .where(Person.published.is_not(None), Person.updated_at.is_not(None))
        .order_by(Person.updated_at.desc(), Person.id)
        .offset(offset)
        .limit(size)
    )
    rows = list(session.execute(people))
    since = _first_published(session, [row.id for row in rows])
    return [_published_person(row.id, since.get(row.id, row.updated_at), row.updated_at) for row in rows]


def _first_published(session: Session, ids: list[str]) -> dict[str, datetime]:
    query = (
        select(Revision.person_id, func.min(Revision.published_at).label("at"))
        .where(Revision.person_id.in_(ids), Revision.published_at.is_not(None))
        .group_by(Revision.person_id)
    )
    return {row.person_id: row.at for row in session.execute(query)}


def _published_person(person_id: str, published: datetime, updated: datetime | None) -> PublishedPerson:
    return PublishedPerson(person_id, as_utc(published), as_utc(updated or published))
