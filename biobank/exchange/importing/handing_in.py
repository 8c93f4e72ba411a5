"""Progress of a run's drafts, and bulk submission of the remaining ones for review."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.models import ReviewNote, Revision
from biobank.editorial.newest import is_newest
from biobank.editorial.workflow import after
from biobank.exchange.importing.desk import find
from biobank.records.people.models import Person
from biobank.store import outbox
from biobank.store.session import Database

#: Limit of drafts submitted by one request.
AT_ONCE_MOST: Final = 1_000


@dataclass(frozen=True)
class Standing:
    """Numbers of people of a run by what has happened to their drafts."""

    #: Unchanged since the run.
    drafts: int = 0
    #: In review, public or withdrawn.
    handed_in: int = 0
    #: Edited or imported again since; their drafts no longer belong to this run.
    written_on: int = 0


def standing(database: Database, run_id: int) -> Standing:
    """Count the people of a run by what has happened to their drafts."""
    ours = select(Revision.person_id).where(Revision.import_run == run_id)
    query = (
        select(Revision.import_run, Revision.state, func.count())
        .where(Revision.person_id.in_(ours), is_newest())
        .group_by(Revision.import_run, Revision.state)
    )
    found = {"drafts": 0, "handed_in": 0, "written_on": 0}
    with database.read() as session:
        for run, state, count in session.execute(query):
            drafts = "drafts" if run == run_id else "written_on"
            found[drafts if state == "draft" else "handed_in"] += count
    return Standing(**found)


def hand_in(database: Database, who: Identity, run_id: int) -> int:
    """Submit the unchanged drafts of a run, at most MAX_SUBMITTED_DRAFTS; return their number.

    Raises:
        NotFound: if there is no such run.
    """
    require(who, Action.IMPORT)
    require(who, Action.SUBMIT_PEOPLE)
    moment = outbox.now()
    with database.write() as session:
        run = find(session, run_id)
        ids = _held(session, run_id)
        if not ids:
            return 0
        mine = update(Revision).where(Revision.id.in_(ids))
        session.execute(mine.values(state=after("draft", "submit")))
        note = {"kind": "submitted", "author": who.name, "author_id": who.user_id, "at": moment}
        session.execute(insert(ReviewNote), [{**note, "revision_id": id_} for id_ in ids])
        audit.note_about(session, who, "import_handed_in", "file", run.file, people=len(ids))
    return len(ids)


def _held(session: Session, run_id: int) -> list[int]:
    """Lock the people of the drafts to submit, and return the revision ids of the drafts.

    The drafts are queried again under the lock: those saved or submitted in the meantime must be
    neither annotated nor counted.
    """
    drafts = _drafts(run_id, Revision.person_id).order_by(Revision.id)
    people = list(session.scalars(drafts.limit(AT_ONCE_MOST)))
    held = select(Person.id).where(Person.id.in_(people)).order_by(Person.id)
    session.execute(held.with_for_update(key_share=True)).all()
    still = _drafts(run_id, Revision.id).where(Revision.person_id.in_(people))
    return list(session.scalars(still.order_by(Revision.id)))


def _drafts(run_id: int, column: Any) -> Select[Any]:
    """Select a column of the latest revisions that are drafts of the run."""
    return select(column).where(
        Revision.import_run == run_id, Revision.state == "draft", is_newest()
    )
