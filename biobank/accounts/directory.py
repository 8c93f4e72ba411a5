"""Read-only queries of users."""

from collections.abc import Sequence

from sqlalchemy import func, select

from biobank.accounts.checks import checked_email
from biobank.accounts.identity import Identity
from biobank.accounts.models import User
from biobank.accounts.policy import Action, require
from biobank.errors import NotFound
from biobank.store.session import Database

#: Users per page.
PAGE = 50


def state(user: User) -> str:
    """Return the state of a user: `invited`, `active` or `out`."""
    if not user.active:
        return "out"
    return "active" if user.password else "invited"


def everybody(database: Database, who: Identity) -> Sequence[User]:
    """Return all users, ordered by e-mail address."""
    require(who, Action.SEE_USERS)
    with database.read() as session:
        return session.scalars(select(User).order_by(User.email)).all()


def page_of_users(database: Database, who: Identity, page: int) -> tuple[Sequence[User], int]:
    """Return one page of users, ordered by e-mail address, and the total number of users."""
    require(who, Action.SEE_USERS)
    query = select(User).order_by(User.email).limit(PAGE).offset((page - 1) * PAGE)
    with database.read() as session:
        total = session.scalar(select(func.count()).select_from(User))
        return session.scalars(query).all(), total or 0


def own(database: Database, who: Identity) -> User:
    """Return the user of `actor`."""
    require(who, Action.OWN_ACCOUNT)
    with database.read() as session:
        return session.get_one(User, who.user_id)


def id_of(database: Database, who: Identity, email: str) -> int:
    """Return the id of the user with an e-mail address.

    Raises:
        NotFound: no user has this address.
    """
    require(who, Action.SEE_USERS)
    with database.read() as session:
        found = session.scalar(select(User.id).where(User.email == checked_email(email)))
    if found is None:
        raise NotFound(f"There is no user {email}.")
    return found
