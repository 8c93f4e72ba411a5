"""Move references to a merged person: redirects, import keys and open messages."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from biobank.editorial.inbox.models import Message
from biobank.editorial.inbox.states import SETTLED
from biobank.editorial.merging.models import Merge
from biobank.editorial.models import ImportKey, Redirect


def lead_on(session: Session, row: Merge, at: datetime) -> None:
    """Move redirects, import keys and open messages from the duplicate to the surviving person.

    Existing redirects to the duplicate are updated, so that redirects never chain.
    """
    ids = select(Redirect.old_id).where(Redirect.new_id == row.gone_id).order_by(Redirect.old_id)
    row.redirects = list(session.scalars(ids))
    lines = select(ImportKey.file, ImportKey.key).where(ImportKey.person_id == row.gone_id)
    row.lines = [[it.file, it.key] for it in session.execute(lines)]
    waiting = select(Message.id).where(
        Message.person_id == row.gone_id, Message.state.not_in(SETTLED)
    )
    row.messages = list(session.scalars(waiting.order_by(Message.id)))
    _move(session, row, row.gone_id, row.kept_id)
    session.add(Redirect(old_id=row.gone_id, new_id=row.kept_id, at=at))
    session.flush()


def lead_back(session: Session, row: Merge) -> None:
    """Revert `move_references` for everything that was not moved again since."""
    session.execute(delete(Redirect).where(Redirect.old_id == row.gone_id))
    _move(session, row, row.kept_id, row.gone_id)


def _move(session: Session, row: Merge, start: str, end: str) -> None:
    led = update(Redirect).where(Redirect.old_id.in_(row.redirects), Redirect.new_id == start)
    session.execute(led.values(new_id=end))
    for file, key in row.lines:
        line = update(ImportKey).where(ImportKey.file == file, ImportKey.key == key)
        session.execute(line.where(ImportKey.person_id == start).values(person_id=end))
    messages = update(Message).where(Message.id.in_(row.messages), Message.person_id == start)
    session.execute(messages.values(person_id=end))
