"""The drafts of a run: how many there still are, and all of them handed in for review at once."""

from typing import Final

from sqlalchemy import Select, exists, func, insert, select, update
from sqlalchemy.orm import aliased

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.models import ReviewNote, Revision
from biobank.editorial.workflow import after
from biobank.exchange.importing.desk import find
from biobank.store import outbox
from biobank.store.session import Database

#: Drafts that are handed in by one click; more take another.
AT_ONCE_MOST: Final = 1_000


def drafts_count(database: Database, run_id: int) -> int:
    """How many people's newest revision is a draft that the run made."""
    query = select(func.count()).select_from(_drafts(run_id).subquery())
    with database.read() as session:
        return session.scalar(query) or 0


def hand_in(database: Database, who: Identity, run_id: int) -> int:
    """Hands in what is still as the run left it, AT_ONCE_MOST at most; returns how many.

    Raises:
        NotFound: where there is no such run.
    """
    require(who, Action.IMPORT)
    require(who, Action.SUBMIT_PEOPLE)
    moment = outbox.now()
    with database.write() as session:
        run = find(session, run_id)
        ids = list(session.scalars(_drafts(run_id).order_by(Revision.id).limit(AT_ONCE_MOST)))
        if not ids:
            return 0
        # In the state that the query asked for: between the two somebody may have saved.
        mine = update(Revision).where(Revision.id.in_(ids), Revision.state == "draft")
        session.execute(mine.values(state=after("draft", "submit")))
        note = {"kind": "submitted", "author": who.name, "author_id": who.user_id, "at": moment}
        session.execute(insert(ReviewNote), [{**note, "revision_id": id_} for id_ in ids])
        audit.note_about(session, who, "import_handed_in", "file", run.file, people=len(ids))
    return len(ids)


def _drafts(run_id: int) -> Select[int]:
    later = aliased(Revision)
    return select(Revision.id).where(
        Revision.import_run == run_id,
        Revision.state == "draft",
        ~exists().where(later.person_id == Revision.person_id, later.number > Revision.number),
    )
