"""User administration: invitations, roles and deactivation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from biobank.accounts import audit, links, second_factor, sessions, tokens
from biobank.accounts.checks import checked_email, checked_lang, checked_name, checked_role
from biobank.accounts.clock import now
from biobank.accounts.identity import Identity
from biobank.accounts.models import User
from biobank.accounts.passwords import check_password, hash_password
from biobank.accounts.policy import Action, require
from biobank.errors import AccountRefused, NotFound
from biobank.store.session import Database

#: Paths of the pages that links open, for callers without routes; a test compares them.
PATHS: dict[links.Kind, str] = {"invitation": "/invitation/", "reset": "/new-password/"}


@dataclass(frozen=True)
class Invited:
    """A user and the key of a one-time link: an invitation or a password reset."""

    user: User
    kind: links.Kind
    key: str
    expires: datetime

    @property
    def path(self) -> str:
        """Return the path of the link's page, in the user's language."""
        return f"/{self.user.lang}{PATHS[self.kind]}{self.key}"


def invite(
    database: Database, who: Identity, email: str, role: str, name: str = "", lang: str = ""
) -> Invited:
    """Create a user without a password and return the invitation link."""
    require(who, Action.INVITE)
    email = checked_email(email)
    user = User(
        email=email,
        name=checked_name(name.strip() or email.partition("@")[0]),
        lang=checked_lang(lang),
        role=checked_role(role),
        active=True,
        created_at=now(),
    )
    try:
        with database.write() as session:
            session.add(user)
            session.flush()
            audit.note(session, who, "invited", user, role=user.role)
            return Invited(user, "invitation", *links.make(session, user, "invitation"))
    except IntegrityError as error:
        taken = f"{email} has an account already."
        raise AccountRefused(taken, code="email_taken") from error


def invited(database: Database, key: str) -> User:
    """Return the user of a valid invitation."""
    with database.read() as session:
        return links.owner(session, key, "invitation")


def accept(
    database: Database, who: Identity, key: str, name: str, password: str, browser: str = ""
) -> str:
    """Accept an invitation: set name and password, and return the key of a new session."""
    user = invited(database, key)
    name = checked_name(name)
    check_password(password, user.email)
    hashed = hash_password(password)
    with database.write() as session:
        user = links.use(session, key, "invitation")
        user.name, user.password = name, hashed
        audit.note_own(session, who, "invitation_accepted", user)
        return sessions.start(session, user, who, browser)


def rename(database: Database, who: Identity, name: str, lang: str) -> None:
    """Change the user's own name and the language of e-mails."""
    require(who, Action.OWN_ACCOUNT)
    with database.write() as session:
        user = session.get_one(User, who.user_id)
        user.name, user.lang = checked_name(name), checked_lang(lang)
        audit.note(session, who, "renamed", user)


def make_link(database: Database, who: Identity, user_id: int) -> Invited:
    """Create a new invitation for a user, or a reset link if it was already accepted."""
    with database.write() as session:
        user = _managed(session, who, user_id)
        kind: links.Kind = "reset" if user.password else "invitation"
        made = links.make(session, user, kind)
        audit.note(session, who, f"{kind}_made", user)
        return Invited(user, kind, *made)


def change_role(database: Database, who: Identity, user_id: int, role: str) -> None:
    """Change the role of a user and end the sessions that have the old rights."""
    new = checked_role(role)
    with database.write() as session:
        admins = _held_admins(session)
        user = _managed(session, who, user_id)
        if user.role == new:
            return
        _keep_an_admin(admins, user)
        audit.note(session, who, "role_changed", user, before=user.role, after=new)
        user.role = new
        sessions.end_of(session, user.id)


def deactivate(database: Database, who: Identity, user_id: int) -> None:
    """Deactivate a user: sessions, tokens and links end. Authored revisions keep the name."""
    with database.write() as session:
        admins = _held_admins(session)
        user = _managed(session, who, user_id)
        _keep_an_admin(admins, user)
        user.active = False
        sessions.end_of(session, user.id)
        tokens.end_of(session, user)
        links.end(session, user)
        audit.note(session, who, "deactivated", user)


def activate(database: Database, who: Identity, user_id: int) -> None:
    """Reactivate a user with the previous password."""
    with database.write() as session:
        user = _managed(session, who, user_id)
        user.active = True
        audit.note(session, who, "activated", user)


def sign_out_user(database: Database, who: Identity, user_id: int) -> None:
    """End all sessions of a user."""
    with database.write() as session:
        user = _managed(session, who, user_id)
        count = sessions.end_of(session, user.id)
        audit.note(session, who, "signed_out_everywhere", user, sessions=count)


def drop_second_factor(database: Database, who: Identity, user_id: int) -> None:
    """Remove the second factor of a user who lost the phone and the recovery codes."""
    with database.write() as session:
        user = _managed(session, who, user_id)
        second_factor.forget(session, user)
        sessions.end_of(session, user.id)
        audit.note(session, who, "second_factor_off", user)


def _managed(session: Session, who: Identity, user_id: int) -> User:
    """Return a user whom `actor` may manage, locked until the transaction ends."""
    require(who, Action.MANAGE_USER, "own" if user_id == who.user_id else "another")
    user = session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound("There is no such user.")
    return user


def _held_admins(session: Session) -> list[int]:
    """Return the ids of all administrators, locked before any other row.

    Of two administrators who remove each other, the second one waits and sees the result.
    """
    admins = select(User.id).where(User.role == "admin", User.active)
    return list(session.scalars(admins.order_by(User.id).with_for_update()))


def _keep_an_admin(admins: Sequence[int], user: User) -> None:
    """Check that another administrator remains.

    Raises:
        AccountRefused: `last_admin`.
    """
    if list(admins) == [user.id]:
        raise AccountRefused("Somebody must stay administrator.", code="last_admin")
