"""Saved searches of users, private or shared with all editors."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.models import User
from biobank.accounts.policy import Action, require
from biobank.common.clock import now
from biobank.editorial.models import MAX_SEARCH_ADDRESS_CHARS, MAX_SEARCH_NAME_CHARS, SavedSearch
from biobank.errors import NotFound, RecordRefused
from biobank.store.session import Database

#: Maximum number of saved searches per user.
MAX_SAVED_SEARCHES = 100


@dataclass(frozen=True)
class SavedSearchView:
    """A saved search; `own` tells whether it belongs to the actor, `owner` is the owner's name."""

    id: int
    name: str
    address: str
    shared: bool
    own: bool
    owner: str


def save_search(database: Database, actor: Identity, name: str, address: str, *, shared: bool = False) -> int:
    """Save a search by its canonical query string and return the id.

    Raises:
        RecordRefused: with the code `bad_name`, `long_question` or `too_many`.
    """
    require(actor, Action.SEE_DESK)
    name = " ".join(name.split())
    if not name or len(name) > MAX_SEARCH_NAME_CHARS or not name.replace("\u200c", "").isprintable():
        raise RecordRefused.of_field(
            "name", "bad_name", f"Enter a name of 1 to {MAX_SEARCH_NAME_CHARS} characters."
        )
    if len(address) > MAX_SEARCH_ADDRESS_CHARS:
        raise RecordRefused.of_field("question", "long_question", "The search is too long to be saved.")
    with database.write() as session:
        count_query = select(func.count()).where(SavedSearch.user_id == actor.user_id)
        if (session.scalar(count_query) or 0) >= MAX_SAVED_SEARCHES:
            message = f"You have {MAX_SAVED_SEARCHES} saved searches, the maximum. Remove one first."
            raise RecordRefused.of_field("name", "too_many", message)
        search = SavedSearch(user_id=actor.user_id, shared=shared, name=name, address=address, at=now())
        session.add(search)
        session.flush()
        audit.record_for(session, actor, "search_kept", "search", str(search.id), shared=shared)
        return search.id


def remove_search(database: Database, actor: Identity, search_id: int) -> None:
    """Delete a search of the actor.

    Raises:
        NotFound: if the actor has no search with this id.
    """
    require(actor, Action.SEE_DESK)
    with database.write() as session:
        search = session.get(SavedSearch, search_id)
        if search is None or search.user_id != actor.user_id:
            raise NotFound("Saved search not found.")
        session.delete(search)
        audit.record_for(session, actor, "search_removed", "search", str(search_id))


def list_searches(database: Database, actor: Identity) -> Sequence[SavedSearchView]:
    """Return the actor's searches, then those that others share, each by name."""
    require(actor, Action.SEE_DESK)
    query = (
        select(SavedSearch, User.name)
        .join(User, User.id == SavedSearch.user_id)
        .where(or_(SavedSearch.user_id == actor.user_id, SavedSearch.shared))
        .order_by(SavedSearch.name, SavedSearch.id)
    )
    with database.read() as session:
        searches = [
            SavedSearchView(row.id, row.name, row.address, row.shared, row.user_id == actor.user_id, owner)
            for row, owner in session.execute(query)
        ]
    return sorted(searches, key=lambda saved: not saved.own)
