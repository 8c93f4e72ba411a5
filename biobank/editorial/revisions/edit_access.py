"""Access to the latest revision for editing, with the permission check."""

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.models import Revision
from biobank.editorial.revisions.drafts import find_latest_revision, record_state
from biobank.errors import NotFound
from biobank.records.people.models import Person
from biobank.store.session import Database


def get_for_edit(database: Database, actor: Identity, person_id: str) -> Revision:
    """Return the latest revision of a person, in any state.

    Raises:
        NotFound: if the person does not exist.
        Forbidden: if the actor may not edit it.
    """
    with database.read() as session:
        latest = find_latest_revision(session, person_id)
        if latest is None:
            raise NotFound(f"There is no person {person_id[:120]!r}.")
        require(actor, Action.WRITE_PEOPLE, record_state(session.get(Person, person_id), latest))
        session.expunge(latest)
        return latest
