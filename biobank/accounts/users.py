"""User administration: invitations, roles, deactivation, and lists of users."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from biobank.accounts import audit, links, second_factor, sessions, tokens
from biobank.accounts.identity import Identity
from biobank.accounts.models import User
from biobank.accounts.passwords import hash_password, validate_password
from biobank.accounts.policy import Action, require
from biobank.accounts.validators import language_or_default, validate_email, validate_name, validate_role
from biobank.common.clock import now
from biobank.errors import AccountRefused, NotFound
from biobank.store.session import Database, read_page

#: Paths of the pages that links open, for callers without routes; a test compares them.
LINK_PATHS: dict[links.LinkKind, str] = {"invitation": "/invitation/", "reset": "/new-password/"}
#: Users per page.
MAX_USERS_PAGE_ROWS = 50


@dataclass(frozen=True)
class IssuedLink:
    """A user and the key of a one-time link: an invitation or a password reset."""

    user: User
    kind: links.LinkKind
    key: str
    expires_at: datetime

    @property
    def path(self) -> str:
        """Return the path of the link's page, in the user's language."""
        return f"/{self.user.lang}{LINK_PATHS[self.kind]}{self.key}"


def invite(
    database: Database, actor: Identity, email: str, role: str, name: str = "", lang: str = ""
) -> IssuedLink:
    """Create a user without a password and return the invitation link."""
    require(actor, Action.INVITE)
    email = validate_email(email)
    user = User(
        email=email,
        name=validate_name(name.strip() or email.partition("@")[0]),
        lang=language_or_default(lang),
        role=validate_role(role),
        active=True,
        created_at=now(),
    )
    try:
        with database.write() as session:
            session.add(user)
            session.flush()
            audit.record(session, actor, "invited", user, role=user.role)
            return IssuedLink(user, "invitation", *links.create_link(session, user, "invitation"))
    except IntegrityError as error:
        message = f"There is already an account for {email}."
        raise AccountRefused(message, code="email_taken") from error


def get_invited_user(database: Database, key: str) -> User:
    """Return the user of a valid invitation."""
    with database.read() as session:
        return links.get_link_owner(session, key, "invitation")


def accept_invitation(
    database: Database, actor: Identity, key: str, name: str, password: str, browser: str = ""
) -> str:
    """Accept an invitation: set name and password, and return the key of a new session."""
    user = get_invited_user(database, key)
    name = validate_name(name)
    validate_password(password, user.email, name)
    password_hash = hash_password(password)
    with database.write() as session:
        user = links.redeem_link(session, key, "invitation")
        user.name, user.password = name, password_hash
        audit.record_self(session, actor, "invitation_accepted", user)
        return sessions.create_session(session, user, actor, browser)


def update_profile(database: Database, actor: Identity, name: str, lang: str) -> None:
    """Change the user's own name and the language of e-mails."""
    require(actor, Action.MANAGE_OWN_ACCOUNT)
    with database.write() as session:
        user = session.get_one(User, actor.user_id)
        user.name, user.lang = validate_name(name), language_or_default(lang)
        audit.record(session, actor, "renamed", user)


def issue_link(database: Database, actor: Identity, user_id: int) -> IssuedLink:
    """Create a new invitation for a user, or a reset link if it was already accepted."""
    with database.write() as session:
        user = _lock_managed_user(session, actor, user_id)
        kind: links.LinkKind = "reset" if user.password else "invitation"
        link = links.create_link(session, user, kind)
        audit.record(session, actor, f"{kind}_made", user)
        return IssuedLink(user, kind, *link)


def change_role(database: Database, actor: Identity, user_id: int, role: str) -> None:
    """Change the role of a user and end the sessions that have the old rights."""
    new_role = validate_role(role)
    with database.write() as session:
        admins = _lock_admins(session)
        user = _lock_managed_user(session, actor, user_id)
        if user.role == new_role:
            return
        _require_remaining_admin(admins, user)
        audit.record(session, actor, "role_changed", user, before=user.role, after=new_role)
        user.role = new_role
        sessions.end_user_sessions(session, user.id)


def deactivate(database: Database, actor: Identity, user_id: int) -> None:
    """Deactivate a user: sessions, tokens and links end. Authored revisions keep the name."""
    with database.write() as session:
        admins = _lock_admins(session)
        user = _lock_managed_user(session, actor, user_id)
        _require_remaining_admin(admins, user)
        user.active = False
        sessions.end_user_sessions(session, user.id)
        tokens.revoke_user_tokens(session, user)
        links.revoke_links(session, user)
        audit.record(session, actor, "deactivated", user)


def activate(database: Database, actor: Identity, user_id: int) -> None:
    """Reactivate a user with the previous password."""
    with database.write() as session:
        user = _lock_managed_user(session, actor, user_id)
        user.active = True
        audit.record(session, actor, "activated", user)


def sign_out_user(database: Database, actor: Identity, user_id: int) -> None:
    """End all sessions of a user."""
    with database.write() as session:
        user = _lock_managed_user(session, actor, user_id)
        count = sessions.end_user_sessions(session, user.id)
        audit.record(session, actor, "signed_out_everywhere", user, sessions=count)


def remove_second_factor(database: Database, actor: Identity, user_id: int) -> None:
    """Remove the second factor of a user who lost the phone and the recovery codes."""
    with database.write() as session:
        user = _lock_managed_user(session, actor, user_id)
        second_factor.remove_second_factor(session, user)
        sessions.end_user_sessions(session, user.id)
        tokens.revoke_user_tokens(session, user)
        audit.record(session, actor, "second_factor_off", user)


def lock_for_erasure(session: Session, actor: Identity, user_id: int) -> User:
    """Return a user whom `actor` may erase, locked until the transaction ends."""
    admins = _lock_admins(session)
    user = _lock_managed_user(session, actor, user_id, Action.ERASE_USER)
    _require_remaining_admin(admins, user)
    return user


def _lock_managed_user(
    session: Session, actor: Identity, user_id: int, action: Action = Action.MANAGE_USER
) -> User:
    """Return a user on whom `actor` may act, locked until the transaction ends."""
    require(actor, action, "own" if user_id == actor.user_id else "another")
    user = session.get(User, user_id, with_for_update=True)
    if user is None or user.erased_at is not None:
        raise NotFound("User not found.")
    return user


def _lock_admins(session: Session) -> list[int]:
    """Return the ids of all administrators, locked before any other row.

    Of two administrators who remove each other, the second one waits and sees the result.
    """
    admins = select(User.id).where(User.role == "admin", User.active)
    return list(session.scalars(admins.order_by(User.id).with_for_update()))


def _require_remaining_admin(admins: Sequence[int], user: User) -> None:
    """Check that another administrator remains.

    Raises:
        AccountRefused: `last_admin`.
    """
    if list(admins) == [user.id]:
        raise AccountRefused("At least one active administrator is required.", code="last_admin")


def user_state(user: User) -> str:
    """Return the state of a user: `invited`, `active`, `out` or `erased`."""
    if user.erased_at is not None:
        return "erased"
    if not user.active:
        return "out"
    return "active" if user.password else "invited"


def list_users(database: Database, actor: Identity) -> Sequence[User]:
    """Return all users, ordered by e-mail address."""
    require(actor, Action.SEE_USERS)
    with database.read() as session:
        return session.scalars(select(User).order_by(User.email)).all()


def list_users_page(database: Database, actor: Identity, page: int) -> tuple[Sequence[User], int]:
    """Return one page of users, ordered by e-mail address, and the total number of users."""
    require(actor, Action.SEE_USERS)
    with database.read() as session:
        return read_page(session, select(User).order_by(User.email), page, MAX_USERS_PAGE_ROWS)


def get_own_user(database: Database, actor: Identity) -> User:
    """Return the user of `actor`."""
    require(actor, Action.MANAGE_OWN_ACCOUNT)
    with database.read() as session:
        return session.get_one(User, actor.user_id)


def get_user_id(database: Database, actor: Identity, email: str) -> int:
    """Return the id of the user with an e-mail address.

    Raises:
        NotFound: no user has this address.
    """
    require(actor, Action.SEE_USERS)
    with database.read() as session:
        user_id = session.scalar(select(User.id).where(User.email == validate_email(email)))
    if user_id is None:
        raise NotFound(f"There is no user {email}.")
    return user_id
