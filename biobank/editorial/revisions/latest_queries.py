"""Queries for the latest revisions of people, in any state."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from biobank.accounts.identity import Identity
from biobank.editorial.models import Revision


def is_latest() -> ColumnElement[bool]:
    """Return the query condition that a revision is the latest one of its person."""
    later = aliased(Revision)
    return ~exists().where(later.person_id == Revision.person_id, later.number > Revision.number)


def load_latest_revisions(session: Session, ids: Sequence[str]) -> list[Revision]:
    """Return the latest revisions of `ids` in that order, without duplicates.

    People whose latest revision was redacted are omitted.
    """
    latest = (
        select(Revision.person_id, func.max(Revision.number).label("number"))
        .where(Revision.person_id.in_(ids))
        .group_by(Revision.person_id)
        .subquery()
    )
    condition = (latest.c.person_id == Revision.person_id) & (latest.c.number == Revision.number)
    query = select(Revision).join(latest, condition).where(Revision.redacted_at.is_(None))
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
