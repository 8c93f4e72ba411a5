"""The log of merges, newest first."""

from collections.abc import Sequence

from sqlalchemy import func, select

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.merging.models import Merge
from biobank.store.session import Database

#: Number of merges per page.
PAGE = 50


def merges(database: Database, who: Identity, page: int = 1) -> tuple[Sequence[Merge], int]:
    """Return a page of merges and the total."""
    require(who, Action.MERGE_PEOPLE)
    query = select(Merge).order_by(Merge.id.desc())
    with database.read() as session:
        found = session.scalars(query.limit(PAGE).offset((page - 1) * PAGE)).all()
        return found, session.scalar(select(func.count()).select_from(Merge)) or 0
