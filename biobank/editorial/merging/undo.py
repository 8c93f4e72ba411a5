"""Undoing of a merge: the plan of what is reverted, and its execution; later edits are kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.common.clock import now
from biobank.common.grouping import group_pairs
from biobank.editorial.conflicts import Conflict, apply_choices, count_changed_fields, merge_records
from biobank.editorial.merging.merge import get_text_ages, restore_text_ages
from biobank.editorial.merging.redirects import resolve_redirects
from biobank.editorial.merging.revision_writer import (
    RevisionWriter,
    languages_confirmed_since_publication,
    lock_people,
    restore_references,
)
from biobank.editorial.models import Merge, Revision
from biobank.editorial.revisions.drafts import find_revision
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.editorial.revisions.publication import PersonRevision, is_written_public, publish_revisions
from biobank.errors import MergeRefused, NotFound, RecordRefused
from biobank.records.people.models import Person
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.store import outbox
from biobank.store.session import Database, read_page

#: Number of merges per page.
MERGES_PAGE_SIZE = 50


@dataclass(frozen=True)
class UndoStep:
    """A revision of a person that the merge rewrote, and its record after the undo.

    `conflicts` are the fields edited since, which keep their current values. A draft `ends` if it
    then equals the public record.
    """

    revision: Revision
    record: dict[str, Any]
    public: bool
    conflicts: tuple[Conflict, ...] = ()
    ends: bool = False


@dataclass(frozen=True)
class UndoPlan:
    """The plan of an undo; `later_number` is a revision of the duplicate saved after the merge."""

    merge: Merge
    steps: tuple[UndoStep, ...]
    later_number: int | None = None


def build_undo_plan(session: Session, merge: Merge) -> UndoPlan:
    """Return the plan of undoing a merge.

    Raises:
        MergeRefused: if it cannot be undone, or already was.
    """
    if merge.undone_at is not None:
        raise MergeRefused("undone", "This merge was already undone.")
    survivor, duplicate = (session.get_one(Person, id_) for id_ in (merge.kept_id, merge.gone_id))
    if survivor.withdrawn_at is not None:
        message = f"Restore {merge.kept_id!r} first: it was withdrawn or merged."
        raise MergeRefused("kept_absent", message, merge.kept_id)
    if duplicate.withdrawal != "merged":
        message = f"{merge.gone_id!r} is already a separate record again; there is nothing to undo."
        raise MergeRefused("back", message, merge.gone_id)
    for number in {merge.gone_number, merge.gone_published or merge.gone_number}:
        if not get_record(session, merge.gone_id, number):
            message = f"The content of {merge.gone_id!r} was redacted."
            raise MergeRefused("redacted", message, merge.gone_id)
    latest = latest_revision(session, merge.gone_id)
    later_number = latest.number if latest and latest.number > merge.gone_number else None
    rewritten = group_pairs((person_id, (before, after)) for person_id, before, after in merge.rewritten)
    steps = [
        step for id_, numbers in rewritten.items() for step in _person_steps(session, merge, id_, numbers)
    ]
    return UndoPlan(merge, tuple(steps), later_number)


def _person_steps(
    session: Session, merge: Merge, person_id: str, rewritten: Sequence[tuple[int, int]]
) -> Iterator[UndoStep]:
    """Yield the steps of a person: for the public revision, and for the draft on top of it."""
    person, latest = session.get_one(Person, person_id), latest_revision(session, person_id)
    if person.withdrawn_at is not None or latest is None:
        return
    public = find_revision(session, person_id, person.published)
    changes, public_record = False, None
    if public is not None:
        step = _build_step(session, merge, public, rewritten, public=True)
        changes, public_record = step.record != public.record, step.record
        if changes or step.conflicts:
            yield step
    if latest.state in ("draft", "review"):
        step = _build_step(session, merge, latest, rewritten, public=False)
        ends = step.record == public_record and not languages_confirmed_since_publication(session, latest)
        # The draft stays on top of the public revision, even if it does not change itself.
        if changes or step.record != latest.record or step.conflicts or ends:
            yield replace(step, ends=ends)


def _build_step(
    session: Session, merge: Merge, current: Revision, rewritten: Sequence[tuple[int, int]], *, public: bool
) -> UndoStep:
    """Return the step that removes the changes of the merge from a revision.

    The record is unchanged if the revision never had them.
    """
    applicable = [entry for entry in rewritten if entry[1] <= current.number]
    if not applicable:
        return UndoStep(current, current.record, public)
    before, after = _records_behind(session, merge, current, rewritten, applicable)
    if not before or not after:
        return UndoStep(current, current.record, public)  # redacted since
    merged = merge_records(after, current.record, before)
    current_values = {conflict.path: conflict.ours for conflict in merged.conflicts}
    try:
        record = load_validated(person_schema, apply_choices(merged, current_values))
    except RecordRefused:
        # The merged fields are invalid in combination, e.g. a birth and a death edited since.
        return UndoStep(current, current.record, public, _all_conflicts(after, before, current.record))
    return UndoStep(current, record, public, merged.conflicts)


def _records_behind(
    session: Session,
    merge: Merge,
    current: Revision,
    rewritten: Sequence[tuple[int, int]],
    applicable: Sequence[tuple[int, int]],
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return the records before and after the merge, of the revision that `current` was edited from.

    That is the public revision or the draft, whichever differs in fewer fields: an import is published over
    a draft and is not based on it.
    """
    public_number = _public_number_before(session, current.person_id, merge)
    entries = list(applicable)
    if public_number is not None and all(before != public_number for before, _after in rewritten):
        entries.append((public_number, public_number))  # the merge did not change it
    entries.sort(key=lambda entry: (entry[0] == public_number) != is_written_public(current))
    records = [
        (get_record(session, current.person_id, before), get_record(session, current.person_id, after))
        for before, after in entries
    ]
    return min(records, key=lambda pair: count_changed_fields(pair[1], current.record))


def _public_number_before(session: Session, person_id: str, merge: Merge) -> int | None:
    """Return the number of the revision that was public when the merge was made."""
    query = select(Revision.number).where(Revision.person_id == person_id, Revision.published_at < merge.at)
    number: int | None = session.scalar(
        query.order_by(Revision.published_at.desc(), Revision.number.desc()).limit(1)
    )
    return number


def _all_conflicts(after: Mapping[str, Any], before: Mapping[str, Any], current: Mapping[str, Any]) -> Any:
    """Return everything that the merge changed as conflicts."""
    return tuple(
        Conflict((name,), after.get(name), current.get(name), before.get(name))
        for name in dict.fromkeys((*after, *before))
        if after.get(name) != before.get(name)
    )


def get_record(session: Session, person_id: str, number: int) -> dict[str, Any]:
    revision = find_revision(session, person_id, number)
    return revision.record if revision else {}


def list_merges(database: Database, actor: Identity, page: int = 1) -> tuple[Sequence[Merge], int]:
    """Return a page of merges and the total."""
    require(actor, Action.MERGE_PEOPLE)
    with database.read() as session:
        return read_page(session, select(Merge).order_by(Merge.id.desc()), page, MERGES_PAGE_SIZE)


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
    merge = plan.merge
    message = f"{merge.kept_id} → {merge.kept_id}, {merge.gone_id}"
    writer = RevisionWriter(session, actor, message, now())
    duplicate_ages = get_text_ages(session, merge.gone_id)
    restore_references(session, merge)
    public = _reinstate_duplicate(writer, people[merge.gone_id], merge)
    public += _revert_rewrites(writer, people, plan)
    publish_revisions(session, public, writer.at)
    for person, revision in public:
        if person.id == merge.gone_id:
            restore_text_ages(session, person.id, duplicate_ages, revision.record, revision.record)
        elif person.id == merge.kept_id:
            before = get_record(session, person.id, merge.rewritten[0][1])
            restore_text_ages(session, person.id, merge.ages, before, revision.record)
    outbox.add(session, [merge.gone_id, merge.kept_id, *merge.redirects])
    merge.undone_at, merge.undone_by, merge.undone_by_id = writer.at, actor.name, actor.user_id
    audit.record_for(session, actor, "unmerged", "person", merge.gone_id, kept=merge.kept_id)
    session.flush()


def _revert_rewrites(
    writer: RevisionWriter, people: Mapping[str, Person], plan: UndoPlan
) -> list[PersonRevision]:
    """Revert the rewritten records; return the revisions to publish."""
    public: list[PersonRevision] = []
    for step in plan.steps:
        revision = step.revision
        latest = latest_revision(writer.session, revision.person_id) or revision
        if step.ends:
            revision.state = "draft"  # its review ends
            reverts = latest is revision  # otherwise the new public revision already replaces it
        elif step.public:
            # Otherwise the plan already reported that nothing can be reverted.
            reverts = step.record != revision.record
        else:
            writer.add_rebased_draft(revision, revision.state, step.record)
            continue
        if reverts:
            public.append((people[revision.person_id], writer.publish(latest, step.record)))
    return public


def _reinstate_duplicate(writer: RevisionWriter, duplicate: Person, merge: Merge) -> list[PersonRevision]:
    """Reinstate the duplicate as it was; return the revisions to publish."""
    session = writer.session
    duplicate.withdrawn_at = duplicate.withdrawal = None
    draft = find_revision(session, duplicate.id, merge.gone_number)
    public = find_revision(session, duplicate.id, merge.gone_published)
    pairs: list[PersonRevision] = []
    if public is not None:
        latest = latest_revision(session, duplicate.id) or public
        public.state = "published"
        record = resolve_redirects(session, [public.record])[0]
        pairs.append((duplicate, writer.publish(latest, record)))
    if draft is not None and draft is not public:
        draft.state = "draft"
        record = resolve_redirects(session, [draft.record])[0]
        writer.add_rebased_draft(draft, merge.gone_state, record)
    return pairs
