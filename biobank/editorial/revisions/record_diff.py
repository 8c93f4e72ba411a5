"""Differences between two records, field by field, sufficient to turn one into the other.

A path addresses a value in the record, e.g. `("events", 2, "place")`. An index refers to the new
list, except for removed items, where it refers to the old list. List items are paired by identity
regardless of order, so that one more name is one addition and not a changed list: equal items first,
then items with the same most specific key of their kind (a name by text and language, a work by its
title), then by weaker keys if these are unique on both sides.
"""

import json
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from biobank.common.grouping import group_pairs

KeyFunction = Callable[[Any], Hashable]
#: The index in the old list and the index in the new one.
IndexPair = tuple[int, int]


def _field_key(*names: str) -> KeyFunction:
    """Return a key function over the named fields; its result is None if all are missing."""

    def key(item: Any) -> Hashable:
        fields = item if isinstance(item, Mapping) else {}
        values = tuple(_canonical_value(fields.get(name)) for name in names)
        return values if any(values) else None

    return key


def _title_key(lang: str) -> KeyFunction:
    return lambda work: (work.get("title") or {}).get(lang) if isinstance(work, Mapping) else None


def _source_key(item: Any) -> Hashable:
    """Return the id of a source; an inline source equals its id."""
    return item.get("id") if isinstance(item, Mapping) else item


#: The identity keys of each list field, most specific first.
IDENTITY_KEYS: Mapping[str, tuple[KeyFunction, ...]] = {
    "names": (
        _field_key("text", "lang"),
        _field_key("text"),
        _field_key("lang", "kind", "script"),
        _field_key("lang", "kind"),
    ),
    "events": (
        _field_key("date", "type"),
        _field_key("text"),
        _field_key("type", "place"),
        _field_key("date"),
        _field_key("type"),
    ),
    "relations": (_field_key("person", "type"), _field_key("person")),
    "memberships": (
        _field_key("organisation", "date"),
        _field_key("organisation", "role"),
        _field_key("organisation"),
    ),
    "works": (
        _field_key("title"),
        _title_key("az"),
        _title_key("en"),
        _title_key("ru"),
        _field_key("date", "type"),
    ),
    "awards": (_field_key("award", "date"), _field_key("award")),
    "media": (_field_key("url"),),
    "sources": (_source_key,),
    "cites": (_field_key("source", "locator"), _field_key("source")),
}


def align_items(before: Sequence[Any], after: Sequence[Any], field: str) -> list[IndexPair]:
    """Return the index pairs of items of `field` that denote the same thing, in the new order."""
    old, new = dict(enumerate(before)), dict(enumerate(after))
    pairs: list[IndexPair] = []
    surest, *lesser = IDENTITY_KEYS.get(field, (_canonical_value,))
    for key, unique_only in ((_canonical_value, False), (surest, False), *((key, True) for key in lesser)):
        if not old or not new:
            break
        for left, right in _pair_by_key(old, new, key, unique_only=unique_only):
            del old[left], new[right]
            pairs.append((left, right))
    return sorted(pairs, key=lambda pair: pair[1])


def find_moved(pairs: Sequence[IndexPair]) -> set[IndexPair]:
    """Return the smallest set of pairs that explains the change of order."""
    return set(pairs).difference(find_stayed(pairs))


def find_stayed(pairs: Sequence[IndexPair]) -> list[IndexPair]:
    """Return the largest set of pairs, in order, that kept their order."""
    positions = [old for old, _new in pairs]
    if positions == sorted(set(positions)):
        return [*pairs]
    # Longest increasing subsequence: for each length, the position with the smallest last element.
    ends: list[int] = []
    end_positions: list[int] = []
    predecessors: list[int | None] = []
    for index, (old, _new) in enumerate(pairs):
        length = bisect_left(ends, old)
        predecessors.append(end_positions[length - 1] if length else None)
        if length == len(ends):
            ends.append(old)
            end_positions.append(index)
        else:
            ends[length], end_positions[length] = old, index
    stayed: list[IndexPair] = []
    last = end_positions[-1] if end_positions else None
    while last is not None:
        stayed.append(pairs[last])
        last = predecessors[last]
    return stayed[::-1]


def _pair_by_key(
    old: Mapping[int, Any], new: Mapping[int, Any], key: KeyFunction, *, unique_only: bool
) -> Iterable[IndexPair]:
    """Yield pairs of items with the same key in order; `unique_only` skips ambiguous keys."""
    left, right = _group_by_key(old, key), _group_by_key(new, key)
    for key_value, left_indexes in left.items():
        right_indexes = right.get(key_value, [])
        if not unique_only or (len(left_indexes) == 1 and len(right_indexes) == 1):
            yield from zip(left_indexes, right_indexes, strict=False)


def _group_by_key(items: Mapping[int, Any], key: KeyFunction) -> dict[Hashable, list[int]]:
    keys = ((key(item), index) for index, item in items.items())
    return group_pairs(pair for pair in keys if pair[0] is not None)


def _canonical_value(value: Any) -> Hashable:
    """Return a hashable form of a value, or None for None."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


ChangeKind = Literal["added", "removed", "changed", "moved"]
CHANGE_KINDS: tuple[str, ...] = get_args(ChangeKind)
RecordPath = tuple[str | int, ...]
PathStep = str | int
#: Fields that contain a text by language.
LOCALIZED_FIELDS = ("connection", "headline", "biography")


@dataclass(frozen=True)
class RecordChange:
    """One difference. `before` is None for an added value, `after` for a removed one.

    For a moved item they are the zero-based positions in the old and in the new list.
    """

    path: RecordPath
    kind: ChangeKind
    before: Any = None
    after: Any = None


def diff_records(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[RecordChange]:
    """Return all changes that turn one record into the other; empty if they are equal."""
    return list(_diff_fields(before, after, ()))


def apply_changes(record: Mapping[str, Any], changes: Sequence[RecordChange]) -> dict[str, Any]:
    """Return a copy of `record` with `changes` applied."""
    result: dict[str, Any] = _apply_to_value(record, changes)
    return result


def format_path(path: RecordPath) -> str:
    """Return a path in dotted notation, e.g. `events[2].place`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def iter_leaves(value: Any, path: RecordPath = ()) -> Iterator[tuple[RecordPath, Any]]:
    """Yield every scalar below `value` with its path."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from iter_leaves(part, (*path, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from iter_leaves(part, (*path, index))
    else:
        yield path, value


def _diff_values(before: Any, after: Any, path: RecordPath) -> Iterator[RecordChange]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _diff_fields(before, after, path)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _diff_items(before, after, path)
    else:
        yield RecordChange(path, "changed", before, after)


def _diff_fields(
    before: Mapping[str, Any], after: Mapping[str, Any], path: RecordPath
) -> Iterator[RecordChange]:
    for key in dict.fromkeys((*before, *after)):
        if key not in after:
            yield RecordChange((*path, key), "removed", before=before[key])
        elif key not in before:
            yield RecordChange((*path, key), "added", after=after[key])
        else:
            yield from _diff_values(before[key], after[key], (*path, key))


def _diff_items(before: Sequence[Any], after: Sequence[Any], path: RecordPath) -> Iterator[RecordChange]:
    pairs = align_items(before, after, str(path[-1]) if path else "")
    moved_pairs = find_moved(pairs)
    matched_old, matched_new = {old for old, _ in pairs}, {new for _, new in pairs}
    for index, item in enumerate(before):
        if index not in matched_old:
            yield RecordChange((*path, index), "removed", before=item)
    for index, item in enumerate(after):
        if index not in matched_new:
            yield RecordChange((*path, index), "added", after=item)
    for old, new in pairs:
        if (old, new) in moved_pairs:
            yield RecordChange((*path, new), "moved", old, new)
        yield from _diff_values(before[old], after[new], (*path, new))


def _apply_to_value(value: Any, changes: Sequence[RecordChange]) -> Any:
    """Return `value` after applying changes whose paths are relative to it."""
    own_changes = [change for change in changes if len(change.path) == 1]
    nested_changes = group_pairs(
        (change.path[0], replace(change, path=change.path[1:])) for change in changes if len(change.path) > 1
    )
    apply = _apply_to_items if isinstance(value, list) else _apply_to_fields
    result: Any = apply(value, own_changes)
    for step, inner in nested_changes.items():
        result[step] = _apply_to_value(result[step], inner)
    return result


def _apply_to_fields(value: Mapping[str, Any], changes: Sequence[RecordChange]) -> dict[str, Any]:
    result = dict(value)
    for change in changes:
        if change.kind == "removed":
            del result[str(change.path[0])]
        else:
            result[str(change.path[0])] = change.after
    return result


def _apply_to_items(value: Sequence[Any], changes: Sequence[RecordChange]) -> list[Any]:
    removed: set[PathStep] = set()
    inserted: dict[PathStep, Any] = {}
    for change in changes:
        index = change.path[0]
        if change.kind == "removed":
            removed.add(index)
        elif change.kind == "moved":
            removed.add(change.before)
            inserted[index] = value[change.before]
        elif change.kind == "added":
            inserted[index] = change.after
    result = [item for index, item in enumerate(value) if index not in removed]
    # Ascending, so that each insertion finds all earlier items in place.
    for index in sorted(inserted, key=int):
        result.insert(int(index), inserted[index])
    for change in changes:
        if change.kind == "changed":
            result[int(change.path[0])] = change.after
    return result


@dataclass(frozen=True)
class ChangedField:
    """A changed field: `languages` of a text, number of `items` of a list (otherwise 0)."""

    field: str
    languages: tuple[str, ...] = ()
    items: int = 0

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the paths in dotted notation: `birth`, `biography.en`."""
        return tuple(f"{self.field}.{lang}" for lang in self.languages) or (self.field,)


def summarize_changes(changes: Iterable[RecordChange]) -> tuple[ChangedField, ...]:
    """Return the changed fields in order, without duplicates."""
    by_field = group_pairs((str(change.path[0]), change) for change in changes)
    return tuple(
        ChangedField(
            field,
            _changed_languages(field_changes) if field in LOCALIZED_FIELDS else (),
            _count_changed_items(field_changes),
        )
        for field, field_changes in by_field.items()
    )


def _changed_languages(changes: Sequence[RecordChange]) -> tuple[str, ...]:
    languages: dict[str, None] = {}
    for change in changes:
        value = change.before or change.after
        languages |= dict.fromkeys([str(change.path[1])] if len(change.path) > 1 else [*value])
    return tuple(languages)


def _count_changed_items(changes: Sequence[RecordChange]) -> int:
    count, positions = 0, set()
    for change in changes:
        value = change.before if change.kind == "removed" else change.after
        if len(change.path) == 1:
            count += len(value) if isinstance(value, list) else 0
        elif isinstance(change.path[1], int):
            # The index of a removed item refers to the old list, those of others to the new one.
            positions.add((len(change.path) == 2 and change.kind == "removed", change.path[1]))
    return count + len(positions)
