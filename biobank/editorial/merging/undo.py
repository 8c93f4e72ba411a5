"""Undoing of a merge: reverts its changes and keeps later edits."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.merging.merge import get_text_ages, restore_text_ages
from biobank.editorial.merging.models import Merge
from biobank.editorial.merging.redirects import resolve_redirects
from biobank.editorial.merging.revision_writer import (
    add_rebased_draft,
    add_revision,
    lock_people,
    restore_references,
)
from biobank.editorial.merging.undo_plan import UndoPlan, build_undo_plan, get_record
from biobank.editorial.revisions.drafts import find_revision
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.editorial.revisions.publication import PersonRevision, publish_revisions
from biobank.errors import NotFound
from biobank.records.people.models import Person
from biobank.store import outbox
from biobank.store.session import Database


def preview_undo(database: Database, actor: Identity, merge_id: int) -> UndoPlan:
    """Return the effects of undoing a merge, without writing anything.

    Raises:
        NotFound: if the merge does not exist.
        MergeRefused: if it cannot be undone, or already was.
    """
    require(actor, Action.MERGE_PEOPLE)
    with database.read() as session:
        return build_undo_plan(session, _lock_merge(session, merge_id))


def undo_merge(database: Database, actor: Identity, merge_id: int) -> Merge:
    """Undo a merge. Edits made since are kept in the survivor.

    Raises:
        NotFound: if the merge does not exist.
        MergeRefused: if it cannot be undone, or already was.
    """
    require(actor, Action.MERGE_PEOPLE)
    with database.write() as session:
        merge = _lock_merge(session, merge_id)
        ids = {merge.kept_id, merge.gone_id, *(person_id for person_id, *_ in merge.rewritten)}
        people = lock_people(session, ids)
        session.expire_all()
        _execute_undo(session, actor, people, build_undo_plan(session, merge))
        return merge


def _lock_merge(session: Session, merge_id: int) -> Merge:
    merge = session.get(Merge, merge_id, with_for_update=True)
    if merge is None:
        raise NotFound("Merge not found.")
    return merge


def _execute_undo(session: Session, actor: Identity, people: Mapping[str, Person], plan: UndoPlan) -> None:
    merge, undone_at = plan.merge, outbox.now()
    message = f"{merge.kept_id} → {merge.kept_id}, {merge.gone_id}"
    duplicate_ages = get_text_ages(session, merge.gone_id)
    restore_references(session, merge)
    public = _reinstate_duplicate(session, actor, people[merge.gone_id], merge, message, undone_at)
    public += _revert_rewrites(session, actor, people, plan, message, undone_at)
    for _person, revision in public:
        revision.reviewer, revision.reviewer_id = actor.name, actor.user_id
    publish_revisions(session, public, undone_at)
    for person, revision in public:
        if person.id == merge.gone_id:
            restore_text_ages(session, person.id, duplicate_ages, revision.record, revision.record)
        elif person.id == merge.kept_id:
            before = get_record(session, person.id, merge.rewritten[0][1])
            restore_text_ages(session, person.id, merge.ages, before, revision.record)
    outbox.add(session, [merge.gone_id, merge.kept_id, *merge.redirects])
    merge.undone_at, merge.undone_by, merge.undone_by_id = undone_at, actor.name, actor.user_id
    audit.record_for(session, actor, "unmerged", "person", merge.gone_id, kept=merge.kept_id)
    session.flush()


def _revert_rewrites(
    session: Session,
    actor: Identity,
    people: Mapping[str, Person],
    plan: UndoPlan,
    message: str,
    undone_at: datetime,
) -> list[PersonRevision]:
    """Revert the rewritten records; return the revisions to publish."""
    public: list[PersonRevision] = []
    for step in plan.steps:
        revision = step.revision
        latest = latest_revision(session, revision.person_id) or revision
        if step.ends:
            revision.state = "draft"  # its review ends
            reverts = latest is revision  # otherwise the new public revision already replaces it
        elif step.public:
            # Otherwise the plan already reported that nothing can be reverted.
            reverts = step.record != revision.record
        else:
            add_rebased_draft(session, revision, revision.state, step.record, message, undone_at)
            continue
        if reverts:
            new_revision = add_revision(session, actor, latest, step.record, "published", message, undone_at)
            public.append((people[revision.person_id], new_revision))
    return public


def _reinstate_duplicate(
    session: Session, actor: Identity, duplicate: Person, merge: Merge, message: str, undone_at: datetime
) -> list[PersonRevision]:
    """Reinstate the duplicate as it was; return the revisions to publish."""
    duplicate.withdrawn_at = duplicate.withdrawal = None
    draft = find_revision(session, duplicate.id, merge.gone_number)
    public = find_revision(session, duplicate.id, merge.gone_published)
    pairs: list[PersonRevision] = []
    if public is not None:
        latest = latest_revision(session, duplicate.id) or public
        public.state = "published"
        record = resolve_redirects(session, [public.record])[0]
        pairs.append(
            (duplicate, add_revision(session, actor, latest, record, "published", message, undone_at))
        )
    if draft is not None and draft is not public:
        draft.state = "draft"
        record = resolve_redirects(session, [draft.record])[0]
        add_rebased_draft(session, draft, merge.gone_state, record, message, undone_at)
    return pairs
