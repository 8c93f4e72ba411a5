"""The newest revisions of people, whatever their states."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from biobank.accounts.identity import Identity
from biobank.editorial.models import Revision


def is_newest() -> ColumnElement[bool]:
    """Whether a revision is the newest one of its person, as a condition of a query."""
    later = aliased(Revision)
    return ~exists().where(later.person_id == Revision.person_id, later.number > Revision.number)


def newest_of(session: Session, ids: Sequence[str]) -> list[Revision]:
    """The newest revision of each of `ids` that has one, in that order, each once.

    People whose newest revision was redacted are left out: there is nothing to tell of them.
    """
    newest = (
        select(Revision.person_id, func.max(Revision.number).label("number"))
        .where(Revision.person_id.in_(ids))
        .group_by(Revision.person_id)
        .subquery()
    )
    same = (newest.c.person_id == Revision.person_id) & (newest.c.number == Revision.number)
    query = select(Revision).join(newest, same).where(Revision.redacted_at.is_(None))
    found = {revision.person_id: revision for revision in session.scalars(query)}
    return [found[id_] for id_ in dict.fromkeys(ids) if id_ in found]


def lately_written(session: Session, who: Identity, most: int) -> list[str]:
    """Ids of the people of whom `who` wrote last, the latest first."""
    if who.user_id is None:
        return []
    query = (
        select(Revision.person_id)
        .where(Revision.author_id == who.user_id)
        .group_by(Revision.person_id)
        .order_by(func.max(Revision.id).desc())
        .limit(most)
    )
    return list(session.scalars(query))
