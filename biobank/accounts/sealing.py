"""Encryption of second-factor secrets that were stored in plain text by older versions."""

from sqlalchemy import or_, select

from biobank.accounts.models import User
from biobank.accounts.seal import VERSION, Seal, is_closed
from biobank.store.session import Database


def seal_all(database: Database, seal: Seal) -> int:
    """Encrypt all plain-text secrets and return how many users were affected."""
    in_clear = [
        column.is_not(None) & column.not_like(f"{VERSION}%")
        for column in (User.totp, User.totp_pending)
    ]
    with database.write() as session:
        users = session.scalars(select(User).where(or_(*in_clear))).all()
        for user in users:
            user.totp = _sealed(user.totp, user, seal)
            user.totp_pending = _sealed(user.totp_pending, user, seal)
        return len(users)


def _sealed(kept: str | None, user: User, seal: Seal) -> str | None:
    return kept if kept is None or is_closed(kept) else seal.closed(kept, user.id)
