"""Bulk import of reference records from another bank."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.common.grouping import group_pairs
from biobank.editorial.reference.service import lock_reference_records, reindex_people, save_record
from biobank.editorial.reference.validation import CYCLE_ERROR, has_cycle, iter_references, parent_keys
from biobank.errors import FieldError
from biobank.records.reference.kinds import (
    KINDS_BY_NAME,
    ReferenceKind,
    ReferenceRecord,
    load_all_records,
    load_records_by_key,
)
from biobank.records.reference.redirects import load_redirects
from biobank.records.reference.usage import (
    affected_people,
    load_parents,
    load_unreviewed,
    mark_reviewed,
    mark_unreviewed,
)

BulkOutcome = Literal["new", "changed", "same"]


@dataclass
class BulkImportResult:
    """The outcome of each record, by its key."""

    outcomes: dict[str, BulkOutcome] = field(default_factory=dict)
    refused: dict[str, list[FieldError]] = field(default_factory=dict)


def import_records(
    session: Session,
    actor: Identity,
    kind: ReferenceKind,
    records: Mapping[str, ReferenceRecord],
    *,
    publish: bool,
) -> BulkImportResult:
    """Save those of `records` (valid, by key) that are acceptable; they may refer to each other.

    With `publish` they are public, and existing records are updated. Without it, new records wait
    for review, and records that differ from existing ones are refused. The caller owns the
    transaction.
    """
    require(actor, Action.EDIT_REFERENCE)
    lock_reference_records(session)
    result = BulkImportResult()
    before = load_records_by_key(session, kind, records)
    valid = dict(_select_changed(session, kind, records, before, result, publish=publish))
    _reject_unknown_references(session, kind, valid, result)
    _reject_cycles(session, kind, valid, result)
    # Records that refer to refused ones are refused as well.
    _reject_unknown_references(session, kind, valid, result)
    for key in _parents_first(kind, valid):
        is_new = key not in before
        save_record(session, actor, kind, "added" if is_new else "changed", before.get(key), valid[key])
        result.outcomes[key] = "new" if is_new else "changed"
        if is_new and not publish:
            mark_unreviewed(session, kind, key)
        elif publish and not is_new:
            mark_reviewed(session, kind, key)
    if publish:
        for key in load_unreviewed(session).get(kind.name, frozenset()) & result.outcomes.keys():
            mark_reviewed(session, kind, key)
    reindex_people(session, affected_people(session, kind, [key for key in valid if key in before]))
    return result


def _select_changed(
    session: Session,
    kind: ReferenceKind,
    records: Mapping[str, ReferenceRecord],
    before: Mapping[str, ReferenceRecord],
    result: BulkImportResult,
    *,
    publish: bool,
) -> Iterator[tuple[str, ReferenceRecord]]:
    """Yield the records that are new or changed."""
    merged = load_redirects(session).get(kind.name, {})
    for key, record in records.items():
        if before.get(key) == record:
            result.outcomes[key] = "same"
        elif key in merged:
            message = f"Was merged into {merged[key]!r} and redirects there."
            result.refused[key] = [FieldError("id", "id_merged", message)]
        elif key in before and not publish:
            message = "The database has a different version of it. Import it with --publish to replace it."
            result.refused[key] = [FieldError("id", "differs", message)]
        else:
            yield key, record


def _reject_unknown_references(
    session: Session, kind: ReferenceKind, valid: dict[str, ReferenceRecord], result: BulkImportResult
) -> None:
    """Remove records with unresolved references from `valid`, repeatedly until none is left."""
    existing = _known_references(session, kind, valid.values())
    while True:
        invalid = {
            key: problems
            for key, record in valid.items()
            if (problems := list(_unknown_references(kind, record, existing, valid)))
        }
        if not invalid:
            return
        result.refused |= invalid
        for key in invalid:
            del valid[key]


def _known_references(
    session: Session, kind: ReferenceKind, records: Iterable[ReferenceRecord]
) -> set[tuple[str, str]]:
    """Return kind and key of all existing records that are referred to."""
    references = {ref[1:] for record in records for ref in iter_references(kind, record)}
    return {
        (name, key)
        for name, keys in group_pairs(references).items()
        for key in load_records_by_key(session, KINDS_BY_NAME[name], keys)
    }


def _unknown_references(
    kind: ReferenceKind, record: ReferenceRecord, existing: set[tuple[str, str]], valid: Mapping[str, Any]
) -> Iterator[FieldError]:
    for path, name, key in iter_references(kind, record):
        if (name, key) not in existing and not (name == kind.name and key in valid):
            id_ = key.rpartition("/")[2]
            message = f"Unknown {name} {id_!r}: it is neither in the database nor in the file."
            yield FieldError(path, f"unknown_{name}", message)


def _reject_cycles(
    session: Session, kind: ReferenceKind, valid: dict[str, ReferenceRecord], result: BulkImportResult
) -> None:
    parents_by_key = load_parents(session, kind)
    parents_by_key |= {key: parent_keys(kind, record) for key, record in valid.items()}
    for key in [key for key in valid if has_cycle(parents_by_key, key)]:
        result.refused[key] = [CYCLE_ERROR]
        del valid[key]


def _parents_first(kind: ReferenceKind, valid: Mapping[str, ReferenceRecord]) -> list[str]:
    """Return keys with parents before children."""
    ordered: dict[str, None] = {}
    for start in valid:
        stack = [start]
        while stack:
            candidates = sorted(parent_keys(kind, valid[stack[-1]]) - set(stack))
            pending = [key for key in candidates if key in valid and key not in ordered]
            if pending:
                stack.append(pending[0])
            else:
                ordered.setdefault(stack.pop())
    return list(ordered)


def iter_parents_first(
    session: Session, kind: ReferenceKind, hidden_keys: Iterable[str] = ()
) -> Iterator[ReferenceRecord]:
    """Yield all records of a kind except `hidden` ones, parents first."""
    records = load_all_records(session, kind)
    for key in hidden_keys:
        records.pop(key, None)
    for key in _parents_first(kind, records):
        yield records[key]
