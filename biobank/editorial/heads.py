"""People as the desk sees them: by their newest revision, drafts too, those withdrawn left out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import JSON, Row, Select, func, select, text
from sqlalchemy.orm import Session

from biobank.editorial.models import Revision
from biobank.records.people.models import Person

#: Heads read at a time when all are walked, and ids in one statement.
CHUNK = 200
#: Ids that are looked at again in any case: one is given out a moment before its writer counts.
OVERLAP: Final = 50
#: Looks that are remembered while somebody writes for long; older ones are told by newer ones.
LOOKS_MOST: Final = 100
#: The oldest transaction that still writes, and the next one that will.
_WRITERS: Final = text(
    "SELECT pg_snapshot_xmin(now.it)::text, pg_snapshot_xmax(now.it)::text "
    "FROM (SELECT pg_current_snapshot() AS it) AS now"
)


@dataclass(frozen=True)
class Head:
    """The newest revision of a person; `public` whether any revision is."""

    person_id: str
    number: int
    state: str
    record: Mapping[str, Any]
    public: bool


def heads(session: Session, ids: Sequence[str]) -> dict[str, Head]:
    """The heads of those of `ids` that are at the desk, in that order."""
    found: dict[str, Head] = {}
    wanted = list(dict.fromkeys(ids))
    for start in range(0, len(wanted), CHUNK):
        query = _query().where(Revision.person_id.in_(wanted[start : start + CHUNK]))
        found |= {head.person_id: head for row in session.execute(query) if (head := _head(row))}
    return {id_: found[id_] for id_ in wanted if id_ in found}


def walk(session: Session, parts: Sequence[str]) -> Iterator[Head]:
    """Every head, by id, with `parts` of its record and no other; a chunk is held at a time.

    `parts` has `names` and at least one more.
    """
    # SQLite reads a record once and gives these parts of it, a quarter of the work of reading it
    # here. PostgreSQL would read it once more for each.
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
    """A number that grows with every revision."""
    return session.scalar(select(func.max(Revision.id))) or 0


def written_since(session: Session, mark: int) -> list[str]:
    """People of whom a revision was written after `newest_id` was `mark`."""
    return list(session.scalars(select(Revision.person_id).where(Revision.id > mark).distinct()))


@dataclass(frozen=True)
class Written:
    """How far somebody has looked at what is written, whatever order its writers end in.

    On PostgreSQL a revision may be committed after one with a greater id. Ids are looked at again
    until nobody writes any more who wrote when they were looked at first.
    """

    #: Nothing up to this id is still to come; and the greatest one of the last look.
    settled: int = 0
    seen: int = 0
    #: Greatest ids of looks, each with the number of the writer that would have begun next.
    looks: tuple[tuple[int, int], ...] = ()

    def since(self, session: Session) -> tuple[list[str] | None, "Written"]:
        """People of whom something was written since; none where it may be anybody.

        With it what this is once all of them were looked at.
        """
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
    """People at the desk whose newest revision is not the public one."""
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
    """None where the revision was redacted, and says nothing."""
    if not row.record.get("names"):
        return None
    return Head(row.person_id, row.number, row.state, row.record, row.published is not None)
