"""Undoing of a merge: reverts its changes and keeps later edits."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.making_public import Pair, make_public
from biobank.editorial.merging.ages import ages_of, set_ages
from biobank.editorial.merging.following import lead_back
from biobank.editorial.merging.keeping import held, keep, keep_on_top
from biobank.editorial.merging.leading import led_on
from biobank.editorial.merging.models import Merge
from biobank.editorial.merging.undo_planning import UndoPlan, plan_undo, record_at
from biobank.editorial.saving import head, revision_at
from biobank.errors import NotFound
from biobank.records.people.models import Person
from biobank.store import outbox
from biobank.store.session import Database


def preview_undo(database: Database, who: Identity, merge_id: int) -> UndoPlan:
    """Return the effects of undoing a merge, without writing anything.

    Raises:
        NotFound: if the merge does not exist.
        MergeRefused: if it cannot be undone, or already was.
    """
    require(who, Action.MERGE_PEOPLE)
    with database.read() as session:
        return plan_undo(session, _row(session, merge_id))


def undo(database: Database, who: Identity, merge_id: int) -> Merge:
    """Undo a merge. Edits made since are kept in the survivor.

    Raises:
        NotFound: if the merge does not exist.
        MergeRefused: if it cannot be undone, or already was.
    """
    require(who, Action.MERGE_PEOPLE)
    with database.write() as session:
        row = _row(session, merge_id)
        ids = {row.kept_id, row.gone_id, *(person_id for person_id, *_ in row.rewritten)}
        people = held(session, ids)
        session.expire_all()
        _undo(session, who, people, plan_undo(session, row))
        return row


def _row(session: Session, merge_id: int) -> Merge:
    row = session.get(Merge, merge_id, with_for_update=True)
    if row is None:
        raise NotFound("There was no such merge.")
    return row


def _undo(session: Session, who: Identity, people: Mapping[str, Person], found: UndoPlan) -> None:
    row, at = found.row, outbox.now()
    message = f"{row.kept_id} → {row.kept_id}, {row.gone_id}"
    gone_ages = ages_of(session, row.gone_id)
    lead_back(session, row)
    public = _bring_back(session, who, people[row.gone_id], row, message, at)
    public += _go_back(session, who, people, found, message, at)
    for _person, revision in public:
        revision.reviewer, revision.reviewer_id = who.name, who.user_id
    make_public(session, public, at)
    for person, revision in public:
        if person.id == row.gone_id:
            set_ages(session, person.id, gone_ages, revision.record, revision.record)
        elif person.id == row.kept_id:
            before = record_at(session, person.id, row.rewritten[0][1])
            set_ages(session, person.id, row.ages, before, revision.record)
    outbox.add(session, [row.gone_id, row.kept_id, *row.redirects])
    row.undone_at, row.undone_by, row.undone_by_id = at, who.name, who.user_id
    audit.note_about(session, who, "unmerged", "person", row.gone_id, kept=row.kept_id)
    session.flush()


def _go_back(
    session: Session,
    who: Identity,
    people: Mapping[str, Person],
    found: UndoPlan,
    message: str,
    at: datetime,
) -> list[Pair]:
    """Revert the rewritten records; return the revisions to publish."""
    public: list[Pair] = []
    for step in found.steps:
        old = step.revision
        newest = head(session, old.person_id) or old
        if step.ends:
            old.state = "draft"  # its review ends
            goes_back = newest is old  # otherwise the new public revision already replaces it
        elif step.public:
            # Otherwise the plan already reported that nothing can be reverted.
            goes_back = step.record != old.record
        else:
            keep_on_top(session, old, old.state, step.record, message, at)
            continue
        if goes_back:
            new = keep(session, who, newest, step.record, "published", message, at)
            public.append((people[old.person_id], new))
    return public


def _bring_back(
    session: Session, who: Identity, gone: Person, row: Merge, message: str, at: datetime
) -> list[Pair]:
    """Reinstate the duplicate as it was; return the revisions to publish."""
    gone.withdrawn_at = gone.withdrawal = None
    written = revision_at(session, gone.id, row.gone_number)
    public = revision_at(session, gone.id, row.gone_published)
    pairs: list[Pair] = []
    if public is not None:
        newest = head(session, gone.id) or public
        public.state = "published"
        record = led_on(session, [public.record])[0]
        pairs.append((gone, keep(session, who, newest, record, "published", message, at)))
    if written is not None and written is not public:
        written.state = "draft"
        record = led_on(session, [written.record])[0]
        keep_on_top(session, written, row.gone_state, record, message, at)
    return pairs
