"""People as the desk sees them: by their newest revision, drafts too, those withdrawn left out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from biobank.editorial.models import Revision
from biobank.records.people.models import Person

#: Heads read at a time when all are walked, and ids in one statement.
CHUNK = 200


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


def walk(session: Session) -> Iterator[Head]:
    """Every head, by id; a chunk is held at a time."""
    query = _query().order_by(Revision.person_id).execution_options(yield_per=CHUNK)
    for row in session.execute(query):
        if head := _head(row):
            yield head


def newest_id(session: Session) -> int:
    """A number that grows with every revision."""
    return session.scalar(select(func.max(Revision.id))) or 0


def written_since(session: Session, mark: int) -> list[str]:
    """People of whom a revision was written after `newest_id` was `mark`."""
    return list(session.scalars(select(Revision.person_id).where(Revision.id > mark).distinct()))


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


def _query() -> Select[Any]:
    newest = _newest()
    return (
        select(
            Revision.person_id, Revision.number, Revision.state, Revision.record, Person.published
        )
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
