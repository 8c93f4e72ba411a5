"""Move references to a merged person: redirects, import keys and open messages."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from biobank.editorial.inbox.models import InboxMessage
from biobank.editorial.inbox.states import SETTLED_STATES
from biobank.editorial.merging.models import Merge
from biobank.editorial.models import ImportKey, Redirect


def move_references(session: Session, merge: Merge, merged_at: datetime) -> None:
    """Move redirects, import keys and open messages from the duplicate to the surviving person.

    Existing redirects to the duplicate are updated, so that redirects never chain.
    """
    redirects_query = (
        select(Redirect.old_id).where(Redirect.new_id == merge.gone_id).order_by(Redirect.old_id)
    )
    merge.redirects = list(session.scalars(redirects_query))
    lines_query = select(ImportKey.file, ImportKey.key).where(ImportKey.person_id == merge.gone_id)
    merge.lines = [[line.file, line.key] for line in session.execute(lines_query)]
    messages_query = select(InboxMessage.id).where(
        InboxMessage.person_id == merge.gone_id, InboxMessage.state.not_in(SETTLED_STATES)
    )
    merge.messages = list(session.scalars(messages_query.order_by(InboxMessage.id)))
    _repoint(session, merge, merge.gone_id, merge.kept_id)
    session.add(Redirect(old_id=merge.gone_id, new_id=merge.kept_id, at=merged_at))
    session.flush()


def restore_references(session: Session, merge: Merge) -> None:
    """Revert `move_references` for everything that was not moved again since."""
    session.execute(delete(Redirect).where(Redirect.old_id == merge.gone_id))
    _repoint(session, merge, merge.kept_id, merge.gone_id)


def _repoint(session: Session, merge: Merge, old_id: str, new_id: str) -> None:
    redirects_update = update(Redirect).where(
        Redirect.old_id.in_(merge.redirects), Redirect.new_id == old_id
    )
    session.execute(redirects_update.values(new_id=new_id))
    for file, key in merge.lines:
        line_update = update(ImportKey).where(ImportKey.file == file, ImportKey.key == key)
        session.execute(line_update.where(ImportKey.person_id == old_id).values(person_id=new_id))
    messages_update = update(InboxMessage).where(
        InboxMessage.id.in_(merge.messages), InboxMessage.person_id == old_id
    )
    session.execute(messages_update.values(person_id=new_id))
