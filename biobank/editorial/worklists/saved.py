"""Saved searches of users, private or shared with all editors."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from biobank.accounts import audit
from biobank.accounts.clock import now
from biobank.accounts.identity import Identity
from biobank.accounts.models import User
from biobank.accounts.policy import Action, require
from biobank.editorial.worklists.models import ADDRESS_MOST, NAME_MOST, SavedSearch
from biobank.errors import NotFound, Problem, RecordRefused
from biobank.store.session import Database

#: Maximum number of saved searches per user.
SAVED_MOST = 100


@dataclass(frozen=True)
class Saved:
    """A saved search; `own` tells whether it belongs to the actor, `owner` is the owner's name."""

    id: int
    name: str
    address: str
    shared: bool
    own: bool
    owner: str


def save(
    database: Database, who: Identity, name: str, address: str, *, shared: bool = False
) -> int:
    """Save a search by its canonical query string and return the id.

    Raises:
        RecordRefused: with the code `bad_name`, `long_question` or `too_many`.
    """
    require(who, Action.SEE_DESK)
    name = " ".join(name.split())
    if not name or len(name) > NAME_MOST or not name.replace("\u200c", "").isprintable():
        raise _refused("name", "bad_name", f"A name has 1 to {NAME_MOST} characters.")
    if len(address) > ADDRESS_MOST:
        raise _refused("question", "long_question", "The question is too long to be kept.")
    with database.write() as session:
        own = select(func.count()).where(SavedSearch.user_id == who.user_id)
        if (session.scalar(own) or 0) >= SAVED_MOST:
            raise _refused("name", "too_many", f"You keep {SAVED_MOST} searches; remove one first.")
        kept = SavedSearch(user_id=who.user_id, shared=shared, name=name, address=address, at=now())
        session.add(kept)
        session.flush()
        audit.note_about(session, who, "search_kept", "search", str(kept.id), shared=shared)
        return kept.id


def remove(database: Database, who: Identity, search_id: int) -> None:
    """Delete a search of the actor.

    Raises:
        NotFound: if the actor has no search with this id.
    """
    require(who, Action.SEE_DESK)
    with database.write() as session:
        kept = session.get(SavedSearch, search_id)
        if kept is None or kept.user_id != who.user_id:
            raise NotFound("You keep no such search.")
        session.delete(kept)
        audit.note_about(session, who, "search_removed", "search", str(search_id))


def kept_for(database: Database, who: Identity) -> Sequence[Saved]:
    """Return the actor's searches, then those that others share, each by name."""
    require(who, Action.SEE_DESK)
    query = (
        select(SavedSearch, User.name)
        .join(User, User.id == SavedSearch.user_id)
        .where(or_(SavedSearch.user_id == who.user_id, SavedSearch.shared))
        .order_by(SavedSearch.name, SavedSearch.id)
    )
    with database.read() as session:
        found = [
            Saved(row.id, row.name, row.address, row.shared, row.user_id == who.user_id, owner)
            for row, owner in session.execute(query)
        ]
    return sorted(found, key=lambda saved: not saved.own)


def _refused(path: str, code: str, message: str) -> RecordRefused:
    return RecordRefused([Problem(path, code, message)])
