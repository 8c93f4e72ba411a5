"""The latest revisions of people, in any state, and those at the desk, without withdrawn people."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import JSON, ColumnElement, Select, exists, func, select, text
from sqlalchemy.orm import Session, aliased

from biobank.accounts.identity import Identity
from biobank.editorial.models import Revision
from biobank.errors import EditConflict, NotFound
from biobank.records.people.models import Person
from biobank.store.outbox import batched

#: Number of rows per chunk, and of ids per statement.
LATEST_CHUNK_ROWS = 200
#: Number of ids that are always read again: an id is assigned shortly before its transaction
#: commits.
CURSOR_OVERLAP_IDS: Final = 50
#: Maximum number of remembered snapshots during a long write; older ones are dropped.
MAX_PENDING_SNAPSHOTS: Final = 100
#: The oldest transaction still running, and the next one to be assigned.
_TRANSACTION_BOUNDS: Final = text(
    "SELECT pg_snapshot_xmin(now.it)::text, pg_snapshot_xmax(now.it)::text "
    "FROM (SELECT pg_current_snapshot() AS it) AS now"
)


def latest_revision(session: Session, person_id: str) -> Revision | None:
    """Return the latest revision of a person in any state, or None."""
    query = select(Revision).where(Revision.person_id == person_id)
    revision: Revision | None = session.scalar(query.order_by(Revision.number.desc()).limit(1))
    return revision


def require_latest(session: Session, person_id: str, seen_number: int | None = None) -> Revision:
    """Return the latest revision of a person, optionally checking that the actor saw it.

    Raises:
        NotFound: if the person has no revision.
        EditConflict: if it is not `seen_number`.
    """
    latest = latest_revision(session, person_id)
    if latest is None:
        raise NotFound.person(person_id)
    if seen_number is not None:
        require_seen(latest, seen_number)
    return latest


def require_seen(latest: Revision, seen_number: int | None) -> None:
    """Check that the latest revision is the one that the actor saw.

    Raises:
        EditConflict: if it is not.
    """
    if latest.number != seen_number:
        raise EditConflict(latest.person_id, seen_number, latest.number)


def is_latest() -> ColumnElement[bool]:
    """Return the query condition that a revision is the latest one of its person.

    For queries that other conditions restrict; `join_latest` is faster for all people.
    """
    later = aliased(Revision)
    return ~exists().where(later.person_id == Revision.person_id, later.number > Revision.number)


def join_latest(query: Select[Any], ids: Collection[str] | None = None) -> Select[Any]:
    """Return a query of revisions restricted to the latest one of each person, or of `ids`."""
    numbers = select(Revision.person_id, func.max(Revision.number).label("number"))
    if ids is not None:
        numbers = numbers.where(Revision.person_id.in_(ids))
    latest = numbers.group_by(Revision.person_id).subquery()
    condition = (latest.c.person_id == Revision.person_id) & (latest.c.number == Revision.number)
    return query.join(latest, condition)


@dataclass(frozen=True)
class LatestRevision:
    """The latest revision of a person; `public` tells whether any revision is public."""

    person_id: str
    number: int
    state: str
    record: Mapping[str, Any]
    public: bool


def get_latest_revisions(session: Session, ids: Sequence[str]) -> dict[str, LatestRevision]:
    """Return the latest revisions of those of `ids` that are at the desk, in that order."""
    by_id: dict[str, LatestRevision] = {}
    unique_ids = list(dict.fromkeys(ids))
    for chunk in batched(unique_ids, LATEST_CHUNK_ROWS):
        for row in session.execute(_latest_query().where(Revision.person_id.in_(chunk))):
            # The record of a redacted revision is empty.
            if row.record.get("names"):
                id_, number, state, record, published = row
                by_id[id_] = LatestRevision(id_, number, state, record, published is not None)
    return {id_: by_id[id_] for id_ in unique_ids if id_ in by_id}


def iter_latest_revisions(session: Session, fields: Sequence[str]) -> Iterator[LatestRevision]:
    """Yield every latest revision by person id, with only `fields` of its record; reads in chunks.

    `fields` must contain `names` and at least one more.
    """
    # SQLite parses a record once for all fields, in a quarter of the time that Python takes.
    # PostgreSQL would parse it once per field.
    extracts_fields = session.get_bind().dialect.name == "sqlite"
    record = func.json_extract(Revision.record, *(f"$.{field}" for field in fields), type_=JSON())
    query = _latest_query(record.label("record") if extracts_fields else Revision.record)
    query = query.order_by(Revision.person_id).execution_options(yield_per=LATEST_CHUNK_ROWS)
    for id_, number, state, data, published in session.execute(query):
        values = data if extracts_fields else map(data.get, fields)
        present = {field: value for field, value in zip(fields, values, strict=True) if value is not None}
        if present.get("names"):
            yield LatestRevision(id_, number, state, present, published is not None)


def last_revision_id(session: Session) -> int:
    """Return the greatest revision id, which grows with every revision."""
    return session.scalar(select(func.max(Revision.id))) or 0


def people_changed_since(session: Session, revision_id: int) -> list[str]:
    """Return the ids of people with a revision newer than `revision_id`."""
    return list(session.scalars(select(Revision.person_id).where(Revision.id > revision_id).distinct()))


@dataclass(frozen=True)
class RevisionCursor:
    """A position in the stream of revisions, independent of the order of commits.

    On PostgreSQL a revision may be committed after one with a greater id. Ids are read again until
    all transactions that ran during the first read have ended.
    """

    #: No revision up to this id is pending; and the greatest id of the last read.
    settled: int = 0
    last_seen_id: int = 0
    #: Greatest ids of earlier reads, each with the id of the next transaction at that time.
    pending: tuple[tuple[int, int], ...] = ()

    def advance(self, session: Session) -> tuple[list[str] | None, "RevisionCursor"]:
        """Return the people changed since (None: unknown) and the new position."""
        last_id = last_revision_id(session)
        if last_id == self.last_seen_id and not self.pending:
            return [], self
        changed = people_changed_since(session, self.settled - CURSOR_OVERLAP_IDS) if self.settled else None
        if session.get_bind().dialect.name != "postgresql":
            return changed, RevisionCursor(last_id, last_id)
        oldest_xid, next_xid = (int(value) for value in session.execute(_TRANSACTION_BOUNDS).one())
        snapshots = (*self.pending, (last_id, next_xid))
        settled = max((id_ for id_, xid in snapshots if xid <= oldest_xid), default=self.settled)
        remaining = tuple(snapshot for snapshot in snapshots if snapshot[1] > oldest_xid)
        return changed, RevisionCursor(settled, last_id, remaining[-MAX_PENDING_SNAPSHOTS:])


def unpublished_ids(session: Session) -> list[str]:
    """Return the ids of people at the desk whose latest revision is not the public one."""
    query = join_latest(select(Person.id).join(Revision, Revision.person_id == Person.id)).where(
        Person.withdrawn_at.is_(None), Person.published.is_(None) | (Person.published != Revision.number)
    )
    return list(session.scalars(query.order_by(Person.id)))


def _latest_query(record: Any = Revision.record) -> Select[Any]:
    query = select(Revision.person_id, Revision.number, Revision.state, record, Person.published)
    return (
        join_latest(query).join(Person, Person.id == Revision.person_id).where(Person.withdrawn_at.is_(None))
    )


def confirmed_languages(session: Session, revision: Revision, since_number: int) -> list[str]:
    """Return languages confirmed to agree in a revision, or in an earlier one after `since_number`."""
    earlier = select(Revision.agrees).where(
        Revision.person_id == revision.person_id,
        Revision.number > since_number,
        Revision.number < revision.number,
    )
    confirmed = [revision.agrees]
    if revision.number > since_number + 1:
        confirmed += session.scalars(earlier)
    return sorted({lang for languages in confirmed for lang in languages or ()})


def load_latest_revisions(session: Session, ids: Sequence[str]) -> list[Revision]:
    """Return the latest revisions of `ids` in that order, without duplicates.

    People whose latest revision was redacted are omitted.
    """
    query = join_latest(select(Revision), ids).where(Revision.redacted_at.is_(None))
    by_id = {revision.person_id: revision for revision in session.scalars(query)}
    return [by_id[id_] for id_ in dict.fromkeys(ids) if id_ in by_id]


def recently_edited_ids(session: Session, actor: Identity, limit: int) -> list[str]:
    """Return ids of the people edited last by the actor, newest first."""
    if actor.user_id is None:
        return []
    query = (
        select(Revision.person_id)
        .where(Revision.author_id == actor.user_id)
        .group_by(Revision.person_id)
        .order_by(func.max(Revision.id).desc())
        .limit(limit)
    )
    return list(session.scalars(query))
