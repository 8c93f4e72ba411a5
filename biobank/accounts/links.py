"""One-time links, for invitations and password resets, and the e-mails that contain them."""

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from biobank.accounts.keys import generate_key, hash_key, key_matches
from biobank.accounts.models import OneTimeLink, User
from biobank.common.clock import now
from biobank.common.mail import OutgoingEmail
from biobank.common.messages import load_translations
from biobank.errors import AccountRefused

LinkKind = Literal["invitation", "reset"]
#: How long links stay valid, by kind.
LINK_LIFETIMES: dict[LinkKind, timedelta] = {"invitation": timedelta(days=7), "reset": timedelta(hours=1)}


def create_link(session: Session, user: User, kind: LinkKind) -> tuple[str, datetime]:
    """Create a link and return its key, of which only a hash is stored, and its expiry time.

    Older links of the user expire.
    """
    revoke_links(session, user)
    key, created_at = generate_key(), now()
    expires_at = created_at + LINK_LIFETIMES[kind]
    session.add(
        OneTimeLink(
            user_id=user.id, kind=kind, key_hash=hash_key(key), created_at=created_at, expires_at=expires_at
        )
    )
    return key, expires_at


def revoke_links(session: Session, user: User) -> None:
    """Expire all open links of a user."""
    open_links = (OneTimeLink.user_id == user.id) & OneTimeLink.used_at.is_(None)
    session.execute(update(OneTimeLink).where(open_links).values(used_at=now()))


def get_link_owner(session: Session, key: str, kind: LinkKind) -> User:
    """Return the user of a valid link.

    Raises:
        AccountRefused: `bad_link`.
    """
    query = select(OneTimeLink).where(OneTimeLink.key_hash == hash_key(key), *_open_conditions(kind))
    link = session.scalars(query).one_or_none()
    user = session.get(User, link.user_id) if link and key_matches(key, link.key_hash) else None
    if user is None or not user.active:
        raise _link_refused()
    return user


def redeem_link(session: Session, key: str, kind: LinkKind) -> User:
    """Mark a link as used and return its user. Of two concurrent calls only one succeeds.

    Raises:
        AccountRefused: `bad_link`.
    """
    user = get_link_owner(session, key, kind)
    update_query = (
        update(OneTimeLink)
        .where(OneTimeLink.key_hash == hash_key(key), *_open_conditions(kind))
        .values(used_at=now())
        .returning(OneTimeLink.id)
    )
    if session.scalars(update_query).one_or_none() is None:
        raise _link_refused()
    return user


def _open_conditions(kind: LinkKind) -> tuple[ColumnElement[bool], ...]:
    return (OneTimeLink.kind == kind, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now())


def _link_refused() -> AccountRefused:
    return AccountRefused("This link is invalid or has expired.", code="bad_link")


def account_email(kind: LinkKind, email: str, name: str, lang: str, link: str) -> OutgoingEmail:
    """Return an invitation or password-reset e-mail; `link` is an absolute URL."""
    translations = load_translations(lang)
    if kind == "invitation":
        subject = translations.gettext("Invitation to the Azerbaijani Biography Bank")
        paragraphs = (
            translations.gettext(
                "You have been invited to work on the Azerbaijani Biography Bank. Choose a password here:"
            ),
            link,
            translations.gettext("The link can be used once and expires in seven days."),
        )
    else:
        subject = translations.gettext("Reset your Azerbaijani Biography Bank password")
        paragraphs = (
            translations.gettext("We received a request to reset your password. Choose a new password here:"),
            link,
            translations.gettext(
                "The link can be used once and expires in one hour. If you did not request "
                "this, ignore this e-mail: your password will not change."
            ),
        )
    greeting = translations.gettext("Hello %(name)s,") % {"name": name}
    return OutgoingEmail(email, subject, "\n\n".join((greeting, *paragraphs)) + "\n")
