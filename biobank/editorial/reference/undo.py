"""Undoing of merges of reference records, including the references of people.

Records edited since keep their edits; references that cannot be distinguished any more are left as
they are and reported.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import sleep
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.common.clock import now
from biobank.editorial.conflicts import count_changed_fields, merge_records
from biobank.editorial.models import Revision
from biobank.editorial.reference.person_rewrites import (
    PAUSE_SECONDS,
    REWRITE_BATCH_SIZE,
    PersonRevisions,
    RewriteRequest,
    load_person_revisions,
    write_revisions,
)
from biobank.editorial.reference.record_merge import ReferenceResolver
from biobank.editorial.reference.service import (
    delete_record,
    find_unfinished_merge,
    get_reference_record,
    is_referenced,
    lock_reference_records,
    reindex_people,
    save_record,
)
from biobank.editorial.reference.validation import has_cycle, without_missing_references
from biobank.editorial.revisions.publication import is_written_public
from biobank.errors import NotFound, RecordRefused, WrongState
from biobank.records.people.schemas import person_schema
from biobank.records.reference.kinds import KINDS_BY_NAME, TERM_KIND, ReferenceKind, load_record_by_key
from biobank.records.reference.models import ReferenceMerge, ReferenceRedirect
from biobank.records.reference.usage import affected_people, load_parents
from biobank.records.validation import load_validated
from biobank.store.base import Base
from biobank.store.session import Database

Record = Mapping[str, Any]
#: Records by person and number of the revision.
VersionRecords = Mapping[tuple[str, int], Record]


@dataclass(frozen=True)
class UndoResult:
    """The reinstated key, and the people and records left unchanged because of later edits."""

    kind: ReferenceKind
    key: str
    people_unchanged: tuple[str, ...]
    records_unchanged: tuple[str, ...]


def undo_reference_merge(database: Database, actor: Identity, merge_id: int) -> UndoResult:
    """Undo a merge, also one that has not finished; with many people in several transactions.

    If the process ends between them, the merge is one that has not finished, with both records.

    Raises:
        NotFound: if the merge does not exist.
        WrongState: if it is already undone, the survivor was removed, the old id is taken, or a record
            would be within itself, or another merge of one of the two has not finished.
    """
    require(actor, Action.EDIT_REFERENCE)
    with database.write() as session:
        lock_reference_records(session)
        merge_row = _get_undoable_merge(session, merge_id)
        kind, key = KINDS_BY_NAME[merge_row.kind], merge_row.gone
        records_unchanged = _restore_all_but_people(session, actor, merge_row)
        people_unchanged = _restore_people_batch(session, actor, merge_row)
        if not merge_row.people:
            _finish_undo(session, actor, kind, merge_row)
    while merge_row.undone_at is None:
        sleep(PAUSE_SECONDS)
        with database.write() as session:
            lock_reference_records(session)
            merge_row = _get_undoable_merge(session, merge_id)
            people_unchanged += _restore_people_batch(session, actor, merge_row)
            if not merge_row.people:
                _finish_undo(session, actor, kind, merge_row)
    return UndoResult(kind, key, tuple(people_unchanged), tuple(records_unchanged))


def list_merges_into(session: Session, kind: ReferenceKind, key: str) -> Sequence[ReferenceMerge]:
    """Return the merges into a record that are not undone, newest first."""
    query = select(ReferenceMerge).where(
        ReferenceMerge.kind == kind.name, ReferenceMerge.kept == key, ReferenceMerge.undone_at.is_(None)
    )
    return session.scalars(query.order_by(ReferenceMerge.id.desc())).all()


def _get_undoable_merge(session: Session, merge_id: int) -> ReferenceMerge:
    merge_row = session.get(ReferenceMerge, merge_id, with_for_update=True)
    if merge_row is None:
        raise NotFound("Merge not found.")
    if merge_row.undone_at is not None:
        raise WrongState("This merge was already undone.")
    kind = KINDS_BY_NAME[merge_row.kind]
    unfinished = find_unfinished_merge(session, kind, [merge_row.kept, merge_row.gone])
    if unfinished is not None and unfinished is not merge_row:
        raise WrongState("Another merge of one of the records is not finished. Finish or undo it first.")
    if load_record_by_key(session, kind, merge_row.kept) is None:
        raise WrongState("The target record no longer exists. Undo its merge or removal first.")
    if merge_row.finished_at is not None and load_record_by_key(session, kind, merge_row.gone) is not None:
        raise WrongState("Its old ID is now used by another record.")
    return merge_row


def _restore_all_but_people(session: Session, actor: Identity, merge_row: ReferenceMerge) -> list[str]:
    """Restore both records and what referred to them, so that the merge is one that has not finished."""
    if merge_row.finished_at is None:
        return []
    _restore_redirects(session, merge_row)
    records_unchanged = _restore_records(session, actor, merge_row)
    _restore_rows(session, merge_row)
    merge_row.changed, merge_row.rows, merge_row.followed = [], [], []
    merge_row.finished_at = None
    session.flush()
    return records_unchanged


def _finish_undo(session: Session, actor: Identity, kind: ReferenceKind, merge_row: ReferenceMerge) -> None:
    if merge_row.renamed:
        _undo_rename(session, actor, kind, merge_row)
    merge_row.undone_at = now()
    session.flush()
    reindex_people(session, affected_people(session, kind, [merge_row.kept, merge_row.gone]))
    audit.record_for(session, actor, "merge_undone", kind.name, merge_row.gone, kept=merge_row.kept)


def _restore_redirects(session: Session, merge_row: ReferenceMerge) -> None:
    same_kind = ReferenceRedirect.kind == merge_row.kind
    session.execute(delete(ReferenceRedirect).where(same_kind, ReferenceRedirect.old_key == merge_row.gone))
    older_redirects = update(ReferenceRedirect).where(
        same_kind,
        ReferenceRedirect.old_key.in_(merge_row.followed),
        ReferenceRedirect.new_key == merge_row.kept,
    )
    session.execute(older_redirects.values(new_key=merge_row.gone))


def _restore_records(session: Session, actor: Identity, merge_row: ReferenceMerge) -> list[str]:
    """Restore reference records; return the keys of those that could only be restored partly."""
    incomplete: list[str] = []
    restored: list[tuple[ReferenceKind, str]] = []
    resolver = ReferenceResolver(session)
    # The merged record is the last entry; others refer to it.
    for name, key, before, after in reversed(merge_row.changed):
        kind = KINDS_BY_NAME[name]
        current = load_record_by_key(session, kind, key)
        record, is_complete = _without_merge(kind, before, after, current)
        if not is_complete:
            incomplete.append(key)
        if record is None:
            continue
        # Records that this one referred to may have been merged or removed since.
        record = without_missing_references(session, kind, resolver.resolve(kind, record))
        if record != current:
            save_record(session, actor, kind, "changed" if current else "restored", current, record)
            restored.append((kind, key))
    _check_no_cycle(session, restored)
    return incomplete


def _without_merge(
    kind: ReferenceKind, before: Record, after: Record | None, current: Record | None
) -> tuple[Record | None, bool]:
    """Return the current record without the changes of the merge, and whether all were separable.

    The record is None if nothing is restored. A field changed both by the merge and since keeps its current value.
    """
    if current == after:
        return before, True
    if current is None or after is None:
        return None, False
    merged = merge_records(after, before, current)
    try:
        return load_validated(kind.schema, merged.record), not merged.conflicts
    except RecordRefused:
        return None, False


def _check_no_cycle(session: Session, restored: Sequence[tuple[ReferenceKind, str]]) -> None:
    """Check that no restored record is its own ancestor.

    Raises:
        WrongState: if one is.
    """
    for kind, key in restored:
        if has_cycle(load_parents(session, kind), key):
            message = (
                f"{key!r} would be within itself. Change what it is within, or what is within it, first."
            )
            raise WrongState(message)


def _undo_rename(session: Session, actor: Identity, kind: ReferenceKind, merge_row: ReferenceMerge) -> None:
    """Delete the new record if nothing refers to it; its edits go to the old one."""
    if is_referenced(session, kind, merge_row.kept):
        return
    renamed = get_reference_record(session, kind, merge_row.kept)
    restored = get_reference_record(session, kind, merge_row.gone)
    edited = {**renamed, "id": restored["id"]}
    if kind is TERM_KIND and renamed.get("inverse") == renamed["id"]:
        edited["inverse"] = restored["id"]
    if edited != restored:
        save_record(session, actor, kind, "changed", restored, edited)
    delete_record(session, actor, kind, "removed", renamed)


def _restore_people_batch(session: Session, actor: Identity, merge_row: ReferenceMerge) -> list[str]:
    """Restore the people who were rewritten last and remove them from the merge.

    Returns the ids of those that could only be restored partly.
    """
    entries: dict[str, Mapping[str, Any]] = {}
    for entry in reversed(merge_row.people):
        # Somebody who was rewritten twice is restored twice, in reverse order.
        if entry["id"] in entries or len(entries) == REWRITE_BATCH_SIZE:
            break
        entries[entry["id"]] = entry
    merge_row.people = merge_row.people[: len(merge_row.people) - len(entries)]
    records = _load_records(session, list(entries.values()))
    restorations = [
        _PersonRestoration(records, current, entries[current.person.id])
        for current in load_person_revisions(session, sorted(entries))
    ]
    message = f"{merge_row.kind} {merge_row.gone} separated from {merge_row.kept} again"
    write_revisions(session, actor, [restoration.request() for restoration in restorations], message)
    return [restoration.current.person.id for restoration in restorations if not restoration.is_complete]


class _PersonRestoration:
    """One person's records after the undo; `is_complete` is false if something is ambiguous."""

    def __init__(self, records: VersionRecords, current: PersonRevisions, entry: Mapping[str, Any]) -> None:
        self.current = current
        self.public = _find_versions(records, entry["id"], _version_numbers(entry))
        self.draft = _find_versions(records, entry["id"], entry["draft"])
        self.draft_number = entry["draft"][-1] if entry["draft"] else 0
        self.is_complete = current.public is not None or current.draft is not None

    def request(self) -> RewriteRequest:
        public, draft = self.current.public, self.current.draft
        return RewriteRequest(
            self.current,
            self._restore(public, self._versions_behind(public)),
            self._restore(draft, self._versions_behind(draft)),
        )

    def _versions_behind(self, revision: Revision | None) -> tuple[Record, Record] | None:
        """Return the versions of the draft or of the public record, whichever `revision` was edited from.

        Anything since the rewritten draft may be based on either: an import is published over a draft.
        """
        if revision is None or self.draft is None or revision.number < self.draft_number:
            return self.public
        if self.public is None:
            return self.draft
        versions = (self.public, self.draft) if is_written_public(revision) else (self.draft, self.public)
        return min(versions, key=lambda pair: count_changed_fields(pair[1], revision.record))

    def _restore(
        self, revision: Revision | None, versions: tuple[Record, Record] | None
    ) -> dict[str, Any] | None:
        if revision is None or versions is None:
            return None
        before, after = versions
        if not before or not after:
            self.is_complete = False  # redacted since
            return None
        if revision.record == after:
            return dict(before) if before != after else None
        merged = merge_records(after, before, revision.record)
        self.is_complete = self.is_complete and not merged.conflicts
        try:
            record = load_validated(person_schema, merged.record)
        except RecordRefused:
            self.is_complete = False
            return None
        return record if record != revision.record else None


def _version_numbers(entry: Mapping[str, Any]) -> list[int | None]:
    """Return the numbers of the public record before and after the merge."""
    return list(entry["public"]) or [entry.get("base")] * 2


def _load_records(session: Session, entries: Sequence[Mapping[str, Any]]) -> VersionRecords:
    """Return the records before and after the merge, by person and number."""
    numbers = {number for entry in entries for number in (*_version_numbers(entry), *entry["draft"])}
    query = select(Revision.person_id, Revision.number, Revision.record).where(
        Revision.person_id.in_([entry["id"] for entry in entries]), Revision.number.in_(numbers - {None})
    )
    return {(row.person_id, row.number): row.record for row in session.execute(query)}


def _find_versions(
    records: VersionRecords, person_id: str, numbers: Sequence[int | None]
) -> tuple[Record, Record] | None:
    """Return the records before and after the merge."""
    if len(numbers) != 2 or None in numbers:
        return None
    before, after = (records.get((person_id, number or 0), {}) for number in numbers)
    return before, after


def _restore_rows(session: Session, merge_row: ReferenceMerge) -> None:
    for name, column, keys in merge_row.rows:
        table = Base.metadata.tables.get(name)
        if table is not None:
            (key,) = table.primary_key.columns
            rows = update(table).where(key.in_(keys), table.c[column] == merge_row.kept)
            session.execute(rows.values({column: merge_row.gone}))
