"""Access to the latest revision for editing, with the permission check."""

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.models import Revision
from biobank.editorial.saving import head, state
from biobank.errors import NotFound
from biobank.records.people.models import Person
from biobank.store.session import Database


def open_newest(database: Database, who: Identity, person_id: str) -> Revision:
    """Return the latest revision of a person, in any state.

    Raises:
        NotFound: if the person does not exist.
        Forbidden: if the actor may not edit it.
    """
    with database.read() as session:
        newest = head(session, person_id)
        if newest is None:
            raise NotFound(f"There is no person {person_id[:120]!r}.")
        require(who, Action.WRITE_PEOPLE, state(session.get(Person, person_id), newest))
        session.expunge(newest)
        return newest
