"""Who the users are: read, never changed here."""

from collections.abc import Sequence

from sqlalchemy import func, select

from biobank.accounts.checks import checked_email
from biobank.accounts.identity import Identity
from biobank.accounts.models import User
from biobank.accounts.policy import Action, require
from biobank.errors import NotFound
from biobank.store.session import Database

#: Users on one page.
PAGE = 50


def state(user: User) -> str:
    """Whether a user is `invited`, `active` or `out`."""
    if not user.active:
        return "out"
    return "active" if user.password else "invited"


def everybody(database: Database, who: Identity) -> Sequence[User]:
    """All users by e-mail address."""
    require(who, Action.SEE_USERS)
    with database.read() as session:
        return session.scalars(select(User).order_by(User.email)).all()


def page_of_users(database: Database, who: Identity, page: int) -> tuple[Sequence[User], int]:
    """A page of users by e-mail address, and how many there are in all."""
    require(who, Action.SEE_USERS)
    query = select(User).order_by(User.email).limit(PAGE).offset((page - 1) * PAGE)
    with database.read() as session:
        total = session.scalar(select(func.count()).select_from(User))
        return session.scalars(query).all(), total or 0


def own(database: Database, who: Identity) -> User:
    """The user that `who` is."""
    require(who, Action.OWN_ACCOUNT)
    with database.read() as session:
        return session.get_one(User, who.user_id)


def id_of(database: Database, who: Identity, email: str) -> int:
    """The user of an e-mail address. Raises NotFound where there is none."""
    require(who, Action.SEE_USERS)
    with database.read() as session:
        found = session.scalar(select(User.id).where(User.email == checked_email(email)))
    if found is None:
        raise NotFound(f"There is no user {email}.")
    return found
