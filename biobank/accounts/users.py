"""Users: invited, let in and kept out by administrators."""

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

#: Where links lead, for who knows no routes; the pages are held to it by a test.
PATHS: dict[links.Kind, str] = {"invitation": "/invitation/", "reset": "/new-password/"}


@dataclass(frozen=True)
class Invited:
    """A user and the key of the link that lets them in once: an invitation, or a reset."""

    user: User
    kind: links.Kind
    key: str
    expires: datetime

    @property
    def path(self) -> str:
        """Where the link leads within the bank, in the language of the user."""
        return f"/{self.user.lang}{PATHS[self.kind]}{self.key}"


def invite(
    database: Database, who: Identity, email: str, role: str, name: str = "", lang: str = ""
) -> Invited:
    """A new user without a password, and the link by which they choose one."""
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
    """Whom an invitation is for, while it works."""
    with database.read() as session:
        return links.owner(session, key, "invitation")


def accept(
    database: Database, who: Identity, key: str, name: str, password: str, browser: str = ""
) -> str:
    """Takes an invitation: the user chooses name and password. Gives the key of a session."""
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
    """The own name, and the language of letters."""
    require(who, Action.OWN_ACCOUNT)
    with database.write() as session:
        user = session.get_one(User, who.user_id)
        user.name, user.lang = checked_name(name), checked_lang(lang)
        audit.note(session, who, "renamed", user)


def make_link(database: Database, who: Identity, user_id: int) -> Invited:
    """A fresh link for a user, shown to `who`: an invitation, or a reset where it was accepted."""
    with database.write() as session:
        user = _managed(session, who, user_id)
        kind: links.Kind = "reset" if user.password else "invitation"
        made = links.make(session, user, kind)
        audit.note(session, who, f"{kind}_made", user)
        return Invited(user, kind, *made)


def change_role(database: Database, who: Identity, user_id: int, role: str) -> None:
    """Other rights; their sessions end, so that none goes on with the old ones."""
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
    """Keeps a user out: sessions, tokens and links end. What they wrote keeps their name."""
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
    """Lets a user in again, with the password they had."""
    with database.write() as session:
        user = _managed(session, who, user_id)
        user.active = True
        audit.note(session, who, "activated", user)


def sign_out_user(database: Database, who: Identity, user_id: int) -> None:
    """Ends all sessions of a user."""
    with database.write() as session:
        user = _managed(session, who, user_id)
        count = sessions.end_of(session, user.id)
        audit.note(session, who, "signed_out_everywhere", user, sessions=count)


def drop_second_factor(database: Database, who: Identity, user_id: int) -> None:
    """For somebody who lost the telephone and the recovery codes."""
    with database.write() as session:
        user = _managed(session, who, user_id)
        second_factor.forget(session, user)
        sessions.end_of(session, user.id)
        audit.note(session, who, "second_factor_off", user)


def _managed(session: Session, who: Identity, user_id: int) -> User:
    """A user whom `who` may manage, held until the transaction ends."""
    require(who, Action.MANAGE_USER, "own" if user_id == who.user_id else "another")
    user = session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound("There is no such user.")
    return user


def _held_admins(session: Session) -> list[int]:
    """All administrators, held until the transaction ends and before anybody else is.

    Of two who remove each other, the second so waits for the first and sees what is left.
    """
    admins = select(User.id).where(User.role == "admin", User.active)
    return list(session.scalars(admins.order_by(User.id).with_for_update()))


def _keep_an_admin(admins: Sequence[int], user: User) -> None:
    """Raises AccountRefused (last_admin) where nobody could manage users any more."""
    if list(admins) == [user.id]:
        raise AccountRefused("Somebody must stay administrator.", code="last_admin")
