"""Redaction: what a revision said is taken out of the bank for good, for legal reasons.

The revision stays with its number, its author and its moment, and says nothing any more.
"""

from sqlalchemy import delete, select, update

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.models import ReviewNote, Revision, WorkingCopy
from biobank.editorial.saving import head, hold
from biobank.errors import NotFound, Problem, RecordRefused, WrongState
from biobank.store import outbox
from biobank.store.session import Database


def redact(database: Database, who: Identity, person_id: str, number: int, reason: str) -> None:
    """Empties one revision, what was said of it, and the working copies that began from it.

    Raises:
        WrongState: for the revision that is public, and the newest of a person who is not
            withdrawn: a version without what must go is published first.
        RecordRefused: where no reason is given; the audit keeps it.
    """
    with database.write() as session:
        require(who, Action.REDACT)
        person = hold(session, person_id)
        query = select(Revision).where(Revision.person_id == person_id, Revision.number == number)
        revision: Revision | None = session.scalar(query)
        if person is None or revision is None:
            raise NotFound(f"There is no revision {number} of {person_id[:120]!r}.")
        if not reason.strip():
            raise RecordRefused([Problem("reason", "no_reason", "Say why; the audit keeps it.")])
        newest = head(session, person_id)
        still_used = newest is not None and newest.number == number and not person.withdrawn_at
        if person.published == number or still_used:
            raise WrongState(
                "This version is the one in use. Publish one without what must go, or withdraw "
                "the person; then redact this one."
            )
        revision.record, revision.message, revision.credit = {}, "", ""
        revision.redacted_at = outbox.now()
        said = update(ReviewNote).where(ReviewNote.revision_id == revision.id)
        session.execute(said.values(text="", path=""))
        began = (WorkingCopy.person_id == person_id, WorkingCopy.base == number)
        session.execute(delete(WorkingCopy).where(*began))
        audit.note_about(
            session, who, "redacted", "person", person_id, revision=number, reason=reason[:500]
        )
