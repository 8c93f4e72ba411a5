"""Links that let somebody in once: invitations, and ways to a new password."""

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from biobank.accounts.clock import now
from biobank.accounts.keys import hash_key, is_key_of, new_key
from biobank.accounts.models import OneTimeLink, User
from biobank.errors import AccountRefused

Kind = Literal["invitation", "reset"]
#: An invitation waits until one is back from a journey; a reset is asked for at the keyboard.
KEPT: dict[Kind, timedelta] = {"invitation": timedelta(days=7), "reset": timedelta(hours=1)}


def make(session: Session, user: User, kind: Kind) -> tuple[str, datetime]:
    """A new link's key, which nobody can read again, and when it ends. Older ones end now."""
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
    """All links of a user that are still open end now."""
    theirs = (OneTimeLink.user_id == user.id) & OneTimeLink.used_at.is_(None)
    session.execute(update(OneTimeLink).where(theirs).values(used_at=now()))


def owner(session: Session, key: str, kind: Kind) -> User:
    """Whose link this is, while it works. Raises AccountRefused (bad_link) where it does not."""
    query = select(OneTimeLink).where(OneTimeLink.key_hash == hash_key(key), *_open(kind))
    link = session.scalars(query).one_or_none()
    user = session.get(User, link.user_id) if link and is_key_of(key, link.key_hash) else None
    if user is None or not user.active:
        raise _bad_link()
    return user


def use(session: Session, key: str, kind: Kind) -> User:
    """Whose link this is, and it works no more: of two at one moment, one alone gets through."""
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
