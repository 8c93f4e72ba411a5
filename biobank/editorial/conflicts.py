"""Concurrent edits of one record: the three-way merge, its conflicts and their resolution.

A change of one side is accepted. If both sides changed a field differently, it is a conflict. Lists
are merged item by item if possible, and each language of a text is a separate field.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from biobank.editorial.models import Revision
from biobank.editorial.revisions import history
from biobank.editorial.revisions.latest_revisions import require_latest
from biobank.editorial.revisions.record_diff import LOCALIZED_FIELDS, align_items, find_moved
from biobank.errors import FieldError, RecordRefused

#: A field, with the language for a text by language: `("headline", "en")`.
FieldPath = tuple[str, ...]
#: Marks an item that one side removed.
_REMOVED: Final = object()
#: The value of a missing field.
MISSING_VALUE: Final = None


def merge_items(
    field: str, base: Sequence[Any], ours: Sequence[Any], theirs: Sequence[Any]
) -> list[Any] | None:
    """Return the list with the changes of both sides, or None if they conflict.

    They conflict if both changed one item differently, both moved items, or both added the same
    thing in different ways. Items added by `ours` come after those of `theirs`.
    """
    our_pairs, their_pairs = align_items(base, ours, field), align_items(base, theirs, field)
    if find_moved(our_pairs):
        if find_moved(their_pairs):
            return None
        # Use the order of the side that changed it.
        ours, theirs, our_pairs, their_pairs = theirs, ours, their_pairs, our_pairs
    resolved = _resolve_items(base, _by_base(ours, our_pairs), _by_base(theirs, their_pairs))
    our_added = _added_items(ours, our_pairs)
    their_added = _added_items(theirs, their_pairs)
    if resolved is None or any(
        our_added[i] != their_added[j] for j, i in align_items(their_added, our_added, field)
    ):
        return None
    base_index = {their_index: old for old, their_index in their_pairs}
    merged = [resolved[base_index[j]] if j in base_index else item for j, item in enumerate(theirs)]
    merged = [item for item in merged if item is not _REMOVED]
    return merged + [item for item in our_added if item not in their_added]


def _by_base(items: Sequence[Any], pairs: Sequence[tuple[int, int]]) -> dict[int, Any]:
    """Return the item of a side by the index of the base item that it replaces."""
    return {old: items[new] for old, new in pairs}


def _added_items(items: Sequence[Any], pairs: Sequence[tuple[int, int]]) -> list[Any]:
    matched = {new for _, new in pairs}
    return [item for index, item in enumerate(items) if index not in matched]


def _resolve_items(
    base: Sequence[Any], ours: Mapping[int, Any], theirs: Mapping[int, Any]
) -> dict[int, Any] | None:
    """Return the merged version of each base item; None if both sides changed one differently."""
    resolved: dict[int, Any] = {}
    for index, base_item in enumerate(base):
        our_item, their_item = ours.get(index, _REMOVED), theirs.get(index, _REMOVED)
        if our_item not in (base_item, their_item) and their_item != base_item:
            return None
        resolved[index] = their_item if our_item == base_item else our_item
    return resolved


@dataclass(frozen=True)
class Conflict:
    """A field that both sides changed differently; MISSING_VALUE where a side has none."""

    path: FieldPath
    base: Any
    ours: Any
    theirs: Any


@dataclass(frozen=True)
class MergeResult:
    """The merged record and the fields changed per side; `theirs` is used at conflicts."""

    record: dict[str, Any]
    conflicts: tuple[Conflict, ...] = ()
    from_ours: tuple[FieldPath, ...] = ()
    from_theirs: tuple[FieldPath, ...] = ()


def merge_records(base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> MergeResult:
    """Merge `ours` and `theirs`, which were both edited from `base`."""
    flat_base, flat_ours, flat_theirs = (_flatten(record) for record in (base, ours, theirs))
    record: dict[FieldPath, Any] = {}
    conflicts: list[Conflict] = []
    from_ours: list[FieldPath] = []
    from_theirs: list[FieldPath] = []
    for path in dict.fromkeys((*flat_theirs, *flat_ours, *flat_base)):
        flat_records = (flat_base, flat_ours, flat_theirs)
        base_value, our_value, their_value = (flat.get(path, MISSING_VALUE) for flat in flat_records)
        if our_value in (their_value, base_value):
            record[path] = their_value
            if their_value != base_value and our_value == base_value:
                from_theirs.append(path)
        elif their_value == base_value:
            record[path] = our_value
            from_ours.append(path)
        elif (combined := _merge_lists(path, base_value, our_value, their_value)) is not None:
            record[path] = combined
            from_ours.append(path)
            from_theirs.append(path)
        else:
            record[path] = their_value
            conflicts.append(Conflict(path, base_value, our_value, their_value))
    merged_record = _unflatten(record, (*theirs, *ours))
    return MergeResult(merged_record, tuple(conflicts), tuple(from_ours), tuple(from_theirs))


def apply_choices(merged: MergeResult, chosen: Mapping[FieldPath, Any]) -> dict[str, Any]:
    """Return the merged record with `chosen` values at conflicts; MISSING_VALUE removes a field."""
    flat = _flatten(merged.record)
    for conflict in merged.conflicts:
        if conflict.path in chosen:
            flat[conflict.path] = chosen[conflict.path]
    return _unflatten(flat, merged.record)


def count_changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> int:
    """Return the number of fields in which two records differ."""
    left, right = _flatten(before), _flatten(after)
    return sum(left.get(path) != right.get(path) for path in {*left, *right})


def _merge_lists(path: FieldPath, base_value: Any, our_value: Any, their_value: Any) -> Any:
    """Return a list with the changes of both sides, or None if they conflict."""
    values = (base_value, our_value, their_value)
    if not all(isinstance(value, list | type(MISSING_VALUE)) for value in values):
        return None
    return merge_items(path[0], base_value or [], our_value or [], their_value or [])


def _flatten(record: Mapping[str, Any]) -> dict[FieldPath, Any]:
    """Return the fields of a record by path, with a path per language of a text."""
    result: dict[FieldPath, Any] = {}
    for name, value in record.items():
        if name in (*LOCALIZED_FIELDS, "identifiers"):
            result |= {(name, key): text for key, text in value.items()}
        else:
            result[name,] = value
    return result


def _unflatten(flat: Mapping[FieldPath, Any], order: Any) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for path, value in flat.items():
        if value is MISSING_VALUE:
            continue
        if len(path) == 1:
            record[path[0]] = value
        else:
            record.setdefault(path[0], {})[path[1]] = value
    names = dict.fromkeys((*order, *record))
    return {name: record[name] for name in names if name in record}


@dataclass(frozen=True)
class EditConflictView:
    """A record `ours`, edited from `base`, merged with the `latest` revision of another user."""

    base: Revision
    latest: Revision
    ours: Mapping[str, Any]
    merged: MergeResult


def merge_with_latest(
    session: Session, person_id: str, base: int, ours: Mapping[str, Any]
) -> EditConflictView:
    """Merge `ours`, edited from revision `base`, with the latest revision.

    Raises:
        NotFound: if one of the revisions does not exist.
    """
    latest = require_latest(session, person_id)
    base_revision = history.get_revision(session, person_id, base, public=False)
    return EditConflictView(
        base_revision, latest, ours, merge_records(base_revision.record, ours, latest.record)
    )


def resolve_conflicts(
    view: EditConflictView, choices: Mapping[str, str], texts: Mapping[str, str]
) -> dict[str, Any]:
    """Return the merged record with the conflicts resolved.

    `choices` maps the path of each conflict to `mine`, `theirs`, or `text` for the value in
    `texts`.

    Raises:
        RecordRefused: with a problem for every conflict without a choice.
    """
    chosen: dict[FieldPath, Any] = {}
    problems: list[FieldError] = []
    for conflict in view.merged.conflicts:
        name = ".".join(conflict.path)
        choice = choices.get(name, "")
        if choice == "mine":
            chosen[conflict.path] = conflict.ours
        elif choice == "theirs":
            chosen[conflict.path] = conflict.theirs
        elif choice == "text" and is_text_conflict(conflict):
            chosen[conflict.path] = texts.get(name, "").strip() or None
        else:
            problems.append(FieldError(name, "not_chosen", "Choose one of the two versions."))
    if problems:
        raise RecordRefused(problems)
    return apply_choices(view.merged, chosen)


def is_text_conflict(conflict: Conflict) -> bool:
    """Return whether the conflict is about one text, which may be rewritten from both versions."""
    return conflict.path[0] in LOCALIZED_FIELDS
