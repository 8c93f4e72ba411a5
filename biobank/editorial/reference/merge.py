"""Merging and renaming of reference records; a rename is a merge into a new record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.common.clock import now
from biobank.editorial.reference.person_rewrites import draft_ids_using, rewrite_people
from biobank.editorial.reference.record_merge import merge_reference_records, repoint_record
from biobank.editorial.reference.service import (
    check_key_available,
    delete_record,
    get_reference_record,
    lock_reference_records,
    reindex_people,
    save_record,
)
from biobank.editorial.reference.validation import check_record, has_cycle, parent_keys
from biobank.errors import RecordRefused
from biobank.records.reference.kinds import TERM_KIND, ReferenceKind
from biobank.records.reference.models import ReferenceMerge, ReferenceRedirect
from biobank.records.reference.redirects import aliases_of
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

    Raises:
        NotFound: if one of the two does not exist.
        RecordRefused: if they cannot be merged.
    """
    require(actor, Action.EDIT_REFERENCE)
    with database.write() as session:
        lock_reference_records(session)
        plan = _build_plan(session, kind, survivor_key, duplicate_key, keep_names=keep_names)
        return _execute_merge(session, actor, plan)


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
        _execute_merge(session, actor, plan, renamed=True)
        return kind.get_key(new_record)


def _build_plan(
    session: Session, kind: ReferenceKind, survivor_key: str, duplicate_key: str, *, keep_names: bool
) -> ReferenceMergePlan:
    survivor = get_reference_record(session, kind, survivor_key)
    duplicate = get_reference_record(session, kind, duplicate_key)
    if survivor_key == duplicate_key:
        raise RecordRefused.of_field("merge", "same", "These are already the same record.")
    if survivor.get("vocabulary") != duplicate.get("vocabulary"):
        message = "The terms belong to different vocabularies and cannot be merged."
        raise RecordRefused.of_field("merge", "vocabulary", message)
    after = merge_reference_records(kind, survivor, duplicate, keep_names=keep_names)
    _check_no_cycle(session, kind, survivor_key, duplicate_key, after)
    referring = list_referring(session, kind, duplicate_key)
    others = [item for item in referring if (item.kind, item.key) != (kind, survivor_key)]
    return ReferenceMergePlan(kind, survivor, duplicate, after, others)


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


def _execute_merge(
    session: Session, actor: Identity, plan: ReferenceMergePlan, *, renamed: bool = False
) -> int:
    kind, survivor_key, duplicate_key = plan.kind, plan.survivor_key, plan.duplicate_key
    changed = _update_records(session, actor, plan)
    moved_redirects = aliases_of(session, kind.name, duplicate_key)
    message = f"{kind.name} {duplicate_key} merged into {survivor_key}"
    people = rewrite_people(session, actor, {kind.name: {duplicate_key: survivor_key}}, message)
    moved_rows = _repoint_rows(session, kind, survivor_key, duplicate_key)
    delete_record(session, actor, kind, "merged", plan.duplicate)
    changed.append([kind.name, duplicate_key, plan.duplicate, None])
    _add_redirect(session, kind, survivor_key, duplicate_key)
    mark_reviewed(session, kind, survivor_key)
    merge_row = ReferenceMerge(
        kind=kind.name,
        kept=survivor_key,
        gone=duplicate_key,
        renamed=renamed,
        changed=changed,
        people=people,
        rows=moved_rows,
        followed=moved_redirects,
        author=actor.name,
        author_id=actor.user_id,
        at=now(),
    )
    session.add(merge_row)
    session.flush()
    reindex_people(session, affected_people(session, kind, [survivor_key]))
    action = "renamed" if renamed else "merged"
    audit.record_for(session, actor, action, kind.name, duplicate_key, into=survivor_key, people=len(people))
    return merge_row.id


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
