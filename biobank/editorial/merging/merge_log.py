"""The log of merges, newest first."""

from collections.abc import Sequence

from sqlalchemy import func, select

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.merging.models import Merge
from biobank.store.session import Database

#: Number of merges per page.
MERGES_PAGE_SIZE = 50


def list_merges(database: Database, actor: Identity, page: int = 1) -> tuple[Sequence[Merge], int]:
    """Return a page of merges and the total."""
    require(actor, Action.MERGE_PEOPLE)
    query = select(Merge).order_by(Merge.id.desc())
    with database.read() as session:
        rows = session.scalars(
            query.limit(MERGES_PAGE_SIZE).offset((page - 1) * MERGES_PAGE_SIZE)
        ).all()
        return rows, session.scalar(select(func.count()).select_from(Merge)) or 0
