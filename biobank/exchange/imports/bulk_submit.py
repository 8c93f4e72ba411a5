"""Progress of a run's drafts, and bulk submission of the remaining ones for review."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.models import ReviewNote, Revision
from biobank.editorial.review.workflow import next_state
from biobank.editorial.revisions.latest_revisions import is_latest
from biobank.exchange.imports.service import load_run
from biobank.records.people.models import Person
from biobank.store import outbox
from biobank.store.session import Database

#: Limit of drafts submitted by one request.
MAX_SUBMITTED_DRAFTS: Final = 1_000


@dataclass(frozen=True)
class DraftCounts:
    """Numbers of people of a run by what has happened to their drafts."""

    #: Unchanged since the run.
    drafts: int = 0
    #: In review, public or withdrawn.
    handed_in: int = 0
    #: Edited or imported again since; their drafts no longer belong to this run.
    written_on: int = 0


def count_drafts(database: Database, run_id: int) -> DraftCounts:
    """Count the people of a run by what has happened to their drafts."""
    person_ids = select(Revision.person_id).where(Revision.import_run == run_id)
    query = (
        select(Revision.import_run, Revision.state, func.count())
        .where(Revision.person_id.in_(person_ids), is_latest())
        .group_by(Revision.import_run, Revision.state)
    )
    counts = {"drafts": 0, "handed_in": 0, "written_on": 0}
    with database.read() as session:
        for run, state, count in session.execute(query):
            draft_key = "drafts" if run == run_id else "written_on"
            counts[draft_key if state == "draft" else "handed_in"] += count
    return DraftCounts(**counts)


def submit_drafts(database: Database, actor: Identity, run_id: int) -> int:
    """Submit the unchanged drafts of a run, at most MAX_SUBMITTED_DRAFTS; return their number.

    Raises:
        NotFound: if there is no such run.
    """
    require(actor, Action.IMPORT)
    require(actor, Action.SUBMIT_PEOPLE)
    timestamp = outbox.now()
    with database.write() as session:
        run = load_run(session, run_id)
        ids = _lock_drafts(session, run_id)
        if not ids:
            return 0
        selected = update(Revision).where(Revision.id.in_(ids))
        session.execute(selected.values(state=next_state("draft", "submit")))
        note = {"kind": "submitted", "author": actor.name, "author_id": actor.user_id, "at": timestamp}
        session.execute(insert(ReviewNote), [{**note, "revision_id": id_} for id_ in ids])
        audit.record_for(session, actor, "import_handed_in", "file", run.file, people=len(ids))
    return len(ids)


def _lock_drafts(session: Session, run_id: int) -> list[int]:
    """Lock the people of the drafts to submit, and return the revision ids of the drafts.

    The drafts are queried again under the lock: those saved or submitted in the meantime must be
    neither annotated nor counted.
    """
    drafts = _draft_query(run_id, Revision.person_id).order_by(Revision.id)
    people = list(session.scalars(drafts.limit(MAX_SUBMITTED_DRAFTS)))
    lock_query = select(Person.id).where(Person.id.in_(people)).order_by(Person.id)
    session.execute(lock_query.with_for_update(key_share=True)).all()
    remaining = _draft_query(run_id, Revision.id).where(Revision.person_id.in_(people))
    return list(session.scalars(remaining.order_by(Revision.id)))


def _draft_query(run_id: int, column: Any) -> Select[Any]:
    """Select a column of the latest revisions that are drafts of the run."""
    return select(column).where(Revision.import_run == run_id, Revision.state == "draft", is_latest())
