"""One-time links: invitations and password resets."""

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from biobank.accounts.clock import now
from biobank.accounts.keys import hash_key, is_key_of, new_key
from biobank.accounts.models import OneTimeLink, User
from biobank.errors import AccountRefused

Kind = Literal["invitation", "reset"]
#: How long links stay valid, by kind.
KEPT: dict[Kind, timedelta] = {"invitation": timedelta(days=7), "reset": timedelta(hours=1)}


def make(session: Session, user: User, kind: Kind) -> tuple[str, datetime]:
    """Create a link and return its key, of which only a hash is stored, and its expiry time.

    Older links of the user expire.
    """
    end(session, user)
    key, moment = new_key(), now()
    expires = moment + KEPT[kind]
    session.add(
        OneTimeLink(
            user_id=user.id,
            kind=kind,
            key_hash=hash_key(key),
            created_at=moment,
            expires_at=expires,
        )
    )
    return key, expires


def end(session: Session, user: User) -> None:
    """Expire all open links of a user."""
    theirs = (OneTimeLink.user_id == user.id) & OneTimeLink.used_at.is_(None)
    session.execute(update(OneTimeLink).where(theirs).values(used_at=now()))


def owner(session: Session, key: str, kind: Kind) -> User:
    """Return the user of a valid link.

    Raises:
        AccountRefused: `bad_link`.
    """
    query = select(OneTimeLink).where(OneTimeLink.key_hash == hash_key(key), *_open(kind))
    link = session.scalars(query).one_or_none()
    user = session.get(User, link.user_id) if link and is_key_of(key, link.key_hash) else None
    if user is None or not user.active:
        raise _bad_link()
    return user


def use(session: Session, key: str, kind: Kind) -> User:
    """Mark a link as used and return its user. Of two concurrent calls only one succeeds.

    Raises:
        AccountRefused: `bad_link`.
    """
    user = owner(session, key, kind)
    used = (
        update(OneTimeLink)
        .where(OneTimeLink.key_hash == hash_key(key), *_open(kind))
        .values(used_at=now())
        .returning(OneTimeLink.id)
    )
    if session.scalars(used).one_or_none() is None:
        raise _bad_link()
    return user


def _open(kind: Kind) -> tuple[ColumnElement[bool], ...]:
    return (
        OneTimeLink.kind == kind,
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > now(),
    )


def _bad_link() -> AccountRefused:
    return AccountRefused("This link does not work, or does not work any more.", code="bad_link")
