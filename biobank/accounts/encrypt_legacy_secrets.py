"""Encryption of second-factor secrets that were stored in plain text by older versions."""

from sqlalchemy import or_, select

from biobank.accounts.encryption import FORMAT_PREFIX, SecretBox, is_encrypted
from biobank.accounts.models import User
from biobank.store.session import Database


def encrypt_all(database: Database, secret_box: SecretBox) -> int:
    """Encrypt all plain-text secrets and return how many users were affected."""
    unencrypted = [
        column.is_not(None) & column.not_like(f"{FORMAT_PREFIX}%")
        for column in (User.totp, User.totp_pending)
    ]
    with database.write() as session:
        users = session.scalars(select(User).where(or_(*unencrypted))).all()
        for user in users:
            user.totp = _encrypted(user.totp, user, secret_box)
            user.totp_pending = _encrypted(user.totp_pending, user, secret_box)
        return len(users)


def _encrypted(stored: str | None, user: User, secret_box: SecretBox) -> str | None:
    return stored if stored is None or is_encrypted(stored) else secret_box.encrypt(stored, user.id)
