"""What is said of a revision at the desk, and what was done with it and why."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.editorial.models import ReviewNote, Revision
from biobank.store import outbox

#: Characters of one note.
TEXT_MOST = 5_000
PATH_MOST = 120


def note(
    session: Session, who: Identity, revision: Revision, kind: str, text: str = "", path: str = ""
) -> None:
    """Keeps what `who` did with `revision`, or said of it; `kind` is one of NOTE_KINDS."""
    session.flush()
    session.add(
        ReviewNote(
            revision_id=revision.id,
            kind=kind,
            path=path[:PATH_MOST],
            text=text[:TEXT_MOST],
            author=who.name,
            author_id=who.user_id,
            at=outbox.now(),
        )
    )


def thread(session: Session, person_id: str) -> Sequence[tuple[ReviewNote, int]]:
    """All that was said of a person's revisions, oldest first, with the revisions' numbers."""
    query = (
        select(ReviewNote, Revision.number)
        .join(Revision, Revision.id == ReviewNote.revision_id)
        .where(Revision.person_id == person_id)
        .order_by(ReviewNote.id)
    )
    return [(row[0], row[1]) for row in session.execute(query)]
