"""Review notes: comments on revisions and records of review actions."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.common.clock import now
from biobank.editorial.models import ReviewNote, Revision

#: Maximum length of a note, in characters.
MAX_NOTE_CHARS = 5_000
MAX_NOTE_PATH_CHARS = 120


def add_note(
    session: Session, actor: Identity, revision: Revision, kind: str, text: str = "", path: str = ""
) -> None:
    """Add a note on a revision; `kind` is one of REVIEW_NOTE_KINDS."""
    session.flush()
    session.add(
        ReviewNote(
            revision_id=revision.id,
            kind=kind,
            path=path[:MAX_NOTE_PATH_CHARS],
            text=text[:MAX_NOTE_CHARS],
            author=actor.name,
            author_id=actor.user_id,
            at=now(),
        )
    )


def list_notes(session: Session, person_id: str) -> Sequence[tuple[ReviewNote, int]]:
    """Return all notes on a person's revisions with the revision numbers, oldest first."""
    query = (
        select(ReviewNote, Revision.number)
        .join(Revision, Revision.id == ReviewNote.revision_id)
        .where(Revision.person_id == person_id)
        .order_by(ReviewNote.id)
    )
    return [(row[0], row[1]) for row in session.execute(query)]
