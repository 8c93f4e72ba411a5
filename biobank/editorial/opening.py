"""A record is opened to be written on: its newest revision, for those who may."""

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.models import Revision
from biobank.editorial.saving import head, state
from biobank.errors import NotFound
from biobank.records.people.models import Person
from biobank.store.session import Database


def open_newest(database: Database, who: Identity, person_id: str) -> Revision:
    """The newest revision of a person, whatever its state.

    Raises:
        NotFound: where there is no such person.
        Forbidden: where `who` may not write on it.
    """
    with database.read() as session:
        newest = head(session, person_id)
        if newest is None:
            raise NotFound(f"There is no person {person_id[:120]!r}.")
        require(who, Action.WRITE_PEOPLE, state(session.get(Person, person_id), newest))
        session.expunge(newest)
        return newest
