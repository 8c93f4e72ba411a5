"""Merging and renaming of reference records; a rename is a merge into a new record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import sleep
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.common.clock import now
from biobank.editorial.reference.person_rewrites import (
    PAUSE_SECONDS,
    REWRITE_BATCH_SIZE,
    draft_ids_using,
    people_to_rewrite,
    rewrite_people,
)
from biobank.editorial.reference.record_merge import merge_reference_records, repoint_record
from biobank.editorial.reference.service import (
    check_key_available,
    delete_record,
    find_unfinished_merge,
    get_reference_record,
    lock_reference_records,
    reindex_people,
    save_record,
)
from biobank.editorial.reference.validation import check_record, has_cycle, parent_keys
from biobank.errors import NotFound, RecordRefused, WrongState
from biobank.records.reference.kinds import KINDS_BY_NAME, TERM_KIND, ReferenceKind
from biobank.records.reference.models import ReferenceMerge, ReferenceRedirect
from biobank.records.reference.redirects import Redirects, aliases_of
from biobank.records.reference.usage import (
    ReferringRecord,
    affected_people,
    external_columns,
    list_referring,
    load_parents,
    mark_reviewed,
    people_using,
)
from biobank.records.validation import load_validated
from biobank.store import outbox
from biobank.store.session import Database

Record = Mapping[str, Any]


@dataclass(frozen=True)
class ReferenceMergePlan:
    """The plan of a merge; `after` is the survivor's record afterwards."""

    kind: ReferenceKind
    survivor: Record
    duplicate: Record
    after: dict[str, Any]
    referring: Sequence[ReferringRecord]
    keep_names: bool

    @property
    def survivor_key(self) -> str:
        return self.kind.get_key(self.survivor)

    @property
    def duplicate_key(self) -> str:
        return self.kind.get_key(self.duplicate)


@dataclass(frozen=True)
class ReferenceMergePreview:
    """A plan, and the ids of the public people and of the drafts to rewrite."""

    plan: ReferenceMergePlan
    people: Sequence[str]
    drafts: Sequence[str]


def preview_reference_merge(
    database: Database,
    actor: Identity,
    kind: ReferenceKind,
    survivor_key: str,
    duplicate_key: str,
    *,
    keep_names: bool = True,
) -> ReferenceMergePreview:
    """Return the effects of `merge_references`, without writing anything.

    Raises:
        NotFound: if one of the two does not exist.
        RecordRefused: if they cannot be merged.
    """
    require(actor, Action.EDIT_REFERENCE)
    with database.read() as session:
        plan = _build_plan(session, kind, survivor_key, duplicate_key, keep_names=keep_names)
        people = sorted(people_using(session, kind, [duplicate_key]))
        return ReferenceMergePreview(plan, people, draft_ids_using(session, kind, duplicate_key))


def merge_references(
    database: Database,
    actor: Identity,
    kind: ReferenceKind,
    survivor_key: str,
    duplicate_key: str,
    *,
    keep_names: bool = True,
) -> int:
    """Merge one record into another, redirect its key and return the id of the merge.

    With many people it takes several transactions, as `finish_reference_merge` says.

    Raises:
        NotFound: if one of the two does not exist.
        RecordRefused: if they cannot be merged.
    """
    require(actor, Action.EDIT_REFERENCE)
    with database.write() as session:
        lock_reference_records(session)
        plan = _build_plan(session, kind, survivor_key, duplicate_key, keep_names=keep_names)
        merge_row = _start_merge(session, actor, plan, renamed=False)
    if merge_row.finished_at is None:
        finish_reference_merge(database, actor, merge_row.id)
    return merge_row.id


def rename_record(database: Database, actor: Identity, kind: ReferenceKind, key: str, new_id: str) -> str:
    """Give a record another id, redirect the old one and return the new key.

    Raises:
        NotFound: if the record does not exist.
        RecordRefused: if the new id is invalid or taken, or was merged into another.
    """
    require(actor, Action.EDIT_REFERENCE)
    with database.write() as session:
        lock_reference_records(session)
        old_record = get_reference_record(session, kind, key)
        new_record = load_validated(kind.schema, {**old_record, "id": new_id})
        if kind is TERM_KIND and old_record.get("inverse") == old_record["id"]:
            new_record["inverse"] = new_record["id"]
        check_key_available(session, kind, kind.get_key(new_record))
        check_record(session, kind, new_record)
        save_record(session, actor, kind, "added", None, new_record)
        plan = _build_plan(session, kind, kind.get_key(new_record), key, keep_names=False)
        merge_row = _start_merge(session, actor, plan, renamed=True)
    if merge_row.finished_at is None:
        finish_reference_merge(database, actor, merge_row.id)
    return kind.get_key(new_record)


def finish_reference_merge(database: Database, actor: Identity, merge_id: int) -> None:
    """Rewrite the people of a merge that has not finished, in batches, and finish it.

    Other writers work between two batches. If the process ends meanwhile, both records are still there,
    and the merge can be finished or undone.

    Raises:
        NotFound: if the merge or one of the two records does not exist.
        RecordRefused: if the records cannot be merged any more.
        WrongState: if the merge is finished or undone.
    """
    require(actor, Action.EDIT_REFERENCE)
    with database.read() as session:
        redirects = _redirects_of(_get_unfinished_merge(session, merge_id))
        people = people_to_rewrite(session, redirects)
    for batch in outbox.batched(people, REWRITE_BATCH_SIZE):
        with database.write() as session:
            _rewrite_batch(session, actor, _get_unfinished_merge(session, merge_id), batch)
        sleep(PAUSE_SECONDS)
    with database.write() as session:
        lock_reference_records(session)
        merge_row = _get_unfinished_merge(session, merge_id)
        kind, keep_names = KINDS_BY_NAME[merge_row.kind], merge_row.keep_names
        plan = _build_plan(
            session, kind, merge_row.kept, merge_row.gone, keep_names=keep_names, merge_id=merge_id
        )
        _execute_merge(session, actor, plan, merge_row)


def _build_plan(
    session: Session,
    kind: ReferenceKind,
    survivor_key: str,
    duplicate_key: str,
    *,
    keep_names: bool,
    merge_id: int | None = None,
) -> ReferenceMergePlan:
    survivor = get_reference_record(session, kind, survivor_key)
    duplicate = get_reference_record(session, kind, duplicate_key)
    if survivor_key == duplicate_key:
        raise RecordRefused.of_field("merge", "same", "These are already the same record.")
    if survivor.get("vocabulary") != duplicate.get("vocabulary"):
        message = "The terms belong to different vocabularies and cannot be merged."
        raise RecordRefused.of_field("merge", "vocabulary", message)
    unfinished = find_unfinished_merge(session, kind, [survivor_key, duplicate_key])
    if unfinished is not None and unfinished.id != merge_id:
        message = (
            f"The merge of {unfinished.gone} into {unfinished.kept} is not finished. Finish or undo it first."
        )
        raise RecordRefused.of_field("merge", "unfinished", message)
    after = merge_reference_records(kind, survivor, duplicate, keep_names=keep_names)
    _check_no_cycle(session, kind, survivor_key, duplicate_key, after)
    referring = list_referring(session, kind, duplicate_key)
    others = [item for item in referring if (item.kind, item.key) != (kind, survivor_key)]
    return ReferenceMergePlan(kind, survivor, duplicate, after, others, keep_names)


def _check_no_cycle(
    session: Session, kind: ReferenceKind, survivor_key: str, duplicate_key: str, after: Record
) -> None:
    """Check that the survivor does not become its own ancestor.

    Raises:
        RecordRefused: if it does.
    """
    parents_by_key = {
        key: {survivor_key if parent == duplicate_key else parent for parent in broader}
        for key, broader in load_parents(session, kind).items()
        if key != duplicate_key
    }
    parents_by_key[survivor_key] = parent_keys(kind, after)
    if has_cycle(parents_by_key, survivor_key):
        message = "The merged record would be within itself. Change its broader term or place first."
        raise RecordRefused.of_field("merge", "cycle", message)


def _start_merge(
    session: Session, actor: Identity, plan: ReferenceMergePlan, *, renamed: bool
) -> ReferenceMerge:
    """Save a merge and, if its people are few enough for one transaction, execute it."""
    merge_row = ReferenceMerge(
        kind=plan.kind.name,
        kept=plan.survivor_key,
        gone=plan.duplicate_key,
        renamed=renamed,
        keep_names=plan.keep_names,
        changed=[],
        people=[],
        rows=[],
        followed=[],
        author=actor.name,
        author_id=actor.user_id,
        at=now(),
    )
    session.add(merge_row)
    session.flush()
    if len(people_to_rewrite(session, _redirects_of(merge_row))) <= REWRITE_BATCH_SIZE:
        _execute_merge(session, actor, plan, merge_row)
    return merge_row


def _execute_merge(
    session: Session, actor: Identity, plan: ReferenceMergePlan, merge_row: ReferenceMerge
) -> None:
    """Rewrite the remaining people and everything else that refers to the duplicate, and delete it."""
    kind, survivor_key, duplicate_key = plan.kind, plan.survivor_key, plan.duplicate_key
    changed = _update_records(session, actor, plan)
    merge_row.followed = aliases_of(session, kind.name, duplicate_key)
    people = people_to_rewrite(session, _redirects_of(merge_row))
    for batch in outbox.batched(people, REWRITE_BATCH_SIZE):
        _rewrite_batch(session, actor, merge_row, batch)
    merge_row.rows = _repoint_rows(session, kind, survivor_key, duplicate_key)
    delete_record(session, actor, kind, "merged", plan.duplicate)
    changed.append([kind.name, duplicate_key, plan.duplicate, None])
    merge_row.changed = changed
    merge_row.finished_at = now()
    _add_redirect(session, kind, survivor_key, duplicate_key)
    mark_reviewed(session, kind, survivor_key)
    session.flush()
    reindex_people(session, affected_people(session, kind, [survivor_key]))
    action, people_count = "renamed" if merge_row.renamed else "merged", len(merge_row.people)
    audit.record_for(session, actor, action, kind.name, duplicate_key, into=survivor_key, people=people_count)


def _rewrite_batch(
    session: Session, actor: Identity, merge_row: ReferenceMerge, people: Sequence[str]
) -> None:
    message = f"{merge_row.kind} {merge_row.gone} merged into {merge_row.kept}"
    rewritten = rewrite_people(session, actor, people, _redirects_of(merge_row), message)
    merge_row.people = [*merge_row.people, *rewritten]


def _redirects_of(merge_row: ReferenceMerge) -> Redirects:
    return {merge_row.kind: {merge_row.gone: merge_row.kept}}


def _get_unfinished_merge(session: Session, merge_id: int) -> ReferenceMerge:
    merge_row = session.get(ReferenceMerge, merge_id, with_for_update=True)
    if merge_row is None:
        raise NotFound("Merge not found.")
    if merge_row.finished_at is not None or merge_row.undone_at is not None:
        raise WrongState("This merge is finished already, or was undone.")
    return merge_row


def _update_records(session: Session, actor: Identity, plan: ReferenceMergePlan) -> list[list[Any]]:
    """Update the survivor and all referring records; return kind, key, before and after of each."""
    old_id, new_id = plan.duplicate["id"], plan.survivor["id"]
    changed: list[list[Any]] = []
    if plan.after != plan.survivor:
        save_record(session, actor, plan.kind, "changed", plan.survivor, plan.after)
        changed.append([plan.kind.name, plan.survivor_key, plan.survivor, plan.after])
    for reference in plan.referring:
        after = repoint_record(reference.kind, reference.record, old_id, new_id)
        save_record(session, actor, reference.kind, "changed", reference.record, after)
        changed.append([reference.kind.name, reference.key, reference.record, after])
    return changed


def _add_redirect(session: Session, kind: ReferenceKind, survivor_key: str, duplicate_key: str) -> None:
    older = update(ReferenceRedirect).where(
        ReferenceRedirect.kind == kind.name, ReferenceRedirect.new_key == duplicate_key
    )
    session.execute(older.values(new_key=survivor_key))
    session.add(ReferenceRedirect(kind=kind.name, old_key=duplicate_key, new_key=survivor_key, at=now()))
    session.flush()


def _repoint_rows(
    session: Session, kind: ReferenceKind, survivor_key: str, duplicate_key: str
) -> list[list[Any]]:
    """Update rows of other tables; return table, column and primary keys of the changed rows."""
    moved: list[list[Any]] = []
    for table, column in external_columns(kind):
        (key,) = table.primary_key.columns
        keys = list(session.scalars(select(key).where(column == duplicate_key)))
        if keys:
            session.execute(update(table).where(column == duplicate_key).values({column.name: survivor_key}))
            moved.append([table.name, column.name, keys])
    return moved
