"""Differences between two records, field by field, sufficient to turn one into the other.

A path addresses a value in the record, e.g. `("events", 2, "place")`. An index refers to the new
list, except for removed items, where it refers to the old list. List items are paired by identity
(`list_alignment`), so that one more name is one addition and not a changed list.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from biobank.editorial.matching import match, moved

Kind = Literal["added", "removed", "changed", "moved"]
KINDS: tuple[str, ...] = get_args(Kind)
Path = tuple[str | int, ...]
Step = str | int


@dataclass(frozen=True)
class Change:
    """One difference. `before` is None for an added value, `after` for a removed one.

    For a moved item they are the zero-based positions in the old and in the new list.
    """

    path: Path
    kind: Kind
    before: Any = None
    after: Any = None


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return all changes that turn one record into the other; empty if they are equal."""
    return list(_of_fields(before, after, ()))


def apply(record: Mapping[str, Any], changes: Sequence[Change]) -> dict[str, Any]:
    """Return a copy of `record` with `changes` applied."""
    changed: dict[str, Any] = _applied(record, changes)
    return changed


def path_text(path: Path) -> str:
    """Return a path in dotted notation, e.g. `events[2].place`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every scalar below `value` with its path."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from leaves(part, (*path, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from leaves(part, (*path, index))
    else:
        yield path, value


def _of_values(before: Any, after: Any, path: Path) -> Iterator[Change]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _of_fields(before, after, path)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _of_items(before, after, path)
    else:
        yield Change(path, "changed", before, after)


def _of_fields(before: Mapping[str, Any], after: Mapping[str, Any], path: Path) -> Iterator[Change]:
    for key in (*before, *(key for key in after if key not in before)):
        if key not in after:
            yield Change((*path, key), "removed", before=before[key])
        elif key not in before:
            yield Change((*path, key), "added", after=after[key])
        else:
            yield from _of_values(before[key], after[key], (*path, key))


def _of_items(before: Sequence[Any], after: Sequence[Any], path: Path) -> Iterator[Change]:
    pairs = match(before, after, str(path[-1]) if path else "")
    elsewhere = moved(pairs)
    kept_old, kept_new = {old for old, _ in pairs}, {new for _, new in pairs}
    for place, item in enumerate(before):
        if place not in kept_old:
            yield Change((*path, place), "removed", before=item)
    for place, item in enumerate(after):
        if place not in kept_new:
            yield Change((*path, place), "added", after=item)
    for old, new in pairs:
        if (old, new) in elsewhere:
            yield Change((*path, new), "moved", old, new)
        yield from _of_values(before[old], after[new], (*path, new))


def _applied(value: Any, changes: Sequence[Change]) -> Any:
    """Return `value` after applying changes whose paths are relative to it."""
    here = [change for change in changes if len(change.path) == 1]
    within: dict[Step, list[Change]] = {}
    for change in changes:
        if len(change.path) > 1:
            step, *rest = change.path
            within.setdefault(step, []).append(replace(change, path=tuple(rest)))
    made: Any = _with_items(value, here) if isinstance(value, list) else _with_fields(value, here)
    for step, inner in within.items():
        made[step] = _applied(made[step], inner)
    return made


def _with_fields(value: Mapping[str, Any], changes: Sequence[Change]) -> dict[str, Any]:
    made = dict(value)
    for change in changes:
        if change.kind == "removed":
            del made[str(change.path[0])]
        else:
            made[str(change.path[0])] = change.after
    return made


def _with_items(value: Sequence[Any], changes: Sequence[Change]) -> list[Any]:
    taken: set[Step] = set()
    put: dict[Step, Any] = {}
    for change in changes:
        place = change.path[0]
        if change.kind == "removed":
            taken.add(place)
        elif change.kind == "moved":
            taken.add(change.before)
            put[place] = value[change.before]
        elif change.kind == "added":
            put[place] = change.after
    made = [item for place, item in enumerate(value) if place not in taken]
    # Ascending, so that each insertion finds all earlier items in place.
    for place in sorted(put, key=int):
        made.insert(int(place), put[place])
    for change in changes:
        if change.kind == "changed":
            made[int(change.path[0])] = change.after
    return made
