"""Latest revisions of people at the desk, including drafts, excluding withdrawn people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import JSON, Row, Select, func, select, text
from sqlalchemy.orm import Session

from biobank.editorial.models import Revision
from biobank.records.people.models import Person

#: Number of rows per chunk, and of ids per statement.
CHUNK = 200
#: Number of ids that are always read again: an id is assigned shortly before its transaction
#: commits.
OVERLAP: Final = 50
#: Maximum number of remembered snapshots during a long write; older ones are dropped.
LOOKS_MOST: Final = 100
#: The oldest transaction still running, and the next one to be assigned.
_WRITERS: Final = text(
    "SELECT pg_snapshot_xmin(now.it)::text, pg_snapshot_xmax(now.it)::text "
    "FROM (SELECT pg_current_snapshot() AS it) AS now"
)


@dataclass(frozen=True)
class Head:
    """The latest revision of a person; `public` tells whether any revision is public."""

    person_id: str
    number: int
    state: str
    record: Mapping[str, Any]
    public: bool


def heads(session: Session, ids: Sequence[str]) -> dict[str, Head]:
    """Return the latest revisions of those of `ids` that are at the desk, in that order."""
    found: dict[str, Head] = {}
    wanted = list(dict.fromkeys(ids))
    for start in range(0, len(wanted), CHUNK):
        query = _query().where(Revision.person_id.in_(wanted[start : start + CHUNK]))
        found |= {head.person_id: head for row in session.execute(query) if (head := _head(row))}
    return {id_: found[id_] for id_ in wanted if id_ in found}


def walk(session: Session, parts: Sequence[str]) -> Iterator[Head]:
    """Yield every latest revision by person id, with only `fields` of its record; reads in chunks.

    `fields` must contain `names` and at least one more.
    """
    # SQLite parses a record once for all fields, in a quarter of the time that Python takes.
    # PostgreSQL would parse it once per field.
    alone = session.get_bind().dialect.name == "sqlite"
    record = func.json_extract(Revision.record, *(f"$.{part}" for part in parts), type_=JSON())
    query = _query(record.label("record") if alone else Revision.record)
    query = query.order_by(Revision.person_id).execution_options(yield_per=CHUNK)
    for id_, number, state, told, published in session.execute(query):
        values = told if alone else map(told.get, parts)
        kept = {part: its for part, its in zip(parts, values, strict=True) if its is not None}
        if kept.get("names"):
            yield Head(id_, number, state, kept, published is not None)


def newest_id(session: Session) -> int:
    """Return the greatest revision id, which grows with every revision."""
    return session.scalar(select(func.max(Revision.id))) or 0


def written_since(session: Session, mark: int) -> list[str]:
    """Return the ids of people with a revision newer than `revision_id`."""
    return list(session.scalars(select(Revision.person_id).where(Revision.id > mark).distinct()))


@dataclass(frozen=True)
class Written:
    """A position in the stream of revisions, independent of the order of commits.

    On PostgreSQL a revision may be committed after one with a greater id. Ids are read again until
    all transactions that ran during the first read have ended.
    """

    #: No revision up to this id is pending; and the greatest id of the last read.
    settled: int = 0
    seen: int = 0
    #: Greatest ids of earlier reads, each with the id of the next transaction at that time.
    looks: tuple[tuple[int, int], ...] = ()

    def since(self, session: Session) -> tuple[list[str] | None, "Written"]:
        """Return the people changed since (None: unknown) and the new position."""
        seen = newest_id(session)
        if seen == self.seen and not self.looks:
            return [], self
        changed = written_since(session, self.settled - OVERLAP) if self.settled else None
        if session.get_bind().dialect.name != "postgresql":
            return changed, Written(seen, seen)
        oldest, next_one = (int(it) for it in session.execute(_WRITERS).one())
        looks = (*self.looks, (seen, next_one))
        settled = max((id_ for id_, begun in looks if begun <= oldest), default=self.settled)
        left = tuple(look for look in looks if look[1] > oldest)
        return changed, Written(settled, seen, left[-LOOKS_MOST:])


def unpublished(session: Session) -> list[str]:
    """Return the ids of people at the desk whose latest revision is not the public one."""
    newest = _newest()
    query = (
        select(Person.id)
        .join(newest, newest.c.person_id == Person.id)
        .where(
            Person.withdrawn_at.is_(None),
            Person.published.is_(None) | (Person.published != newest.c.number),
        )
    )
    return list(session.scalars(query.order_by(Person.id)))


def _newest() -> Any:
    return (
        select(Revision.person_id, func.max(Revision.number).label("number"))
        .group_by(Revision.person_id)
        .subquery()
    )


def _query(record: Any = Revision.record) -> Select[Any]:
    newest = _newest()
    return (
        select(Revision.person_id, Revision.number, Revision.state, record, Person.published)
        .join(
            newest,
            (newest.c.person_id == Revision.person_id) & (newest.c.number == Revision.number),
        )
        .join(Person, Person.id == Revision.person_id)
        .where(Person.withdrawn_at.is_(None))
    )


def _head(row: Row[Any]) -> Head | None:
    """Return the row as a LatestRevision, or None if it was redacted."""
    if not row.record.get("names"):
        return None
    return Head(row.person_id, row.number, row.state, row.record, row.published is not None)
