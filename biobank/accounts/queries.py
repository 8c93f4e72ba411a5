"""Read-only queries of users."""

from collections.abc import Sequence

from sqlalchemy import func, select

from biobank.accounts.identity import Identity
from biobank.accounts.models import User
from biobank.accounts.policy import Action, require
from biobank.accounts.validators import validate_email
from biobank.errors import NotFound
from biobank.store.session import Database

#: Users per page.
PAGE_SIZE = 50


def user_state(user: User) -> str:
    """Return the state of a user: `invited`, `active` or `out`."""
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
    query = select(User).order_by(User.email).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    with database.read() as session:
        total = session.scalar(select(func.count()).select_from(User))
        return session.scalars(query).all(), total or 0


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
