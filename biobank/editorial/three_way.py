"""Three-way merge of two edits of one record, field by field.

A change of one side is accepted. If both sides changed a field differently, it is a conflict. Lists
are merged item by item if possible, and each language of a text is a separate field.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from biobank.editorial.summary import TEXTS
from biobank.editorial.three_way_items import merge_items

#: The value of a missing field.
ABSENT: Final = None


@dataclass(frozen=True)
class Conflict:
    """A field that both sides changed differently; MISSING_VALUE where a side has none.

    `path` is the field, with the language for a text by language: `("headline", "en")`.
    """

    path: tuple[str, ...]
    base: Any
    ours: Any
    theirs: Any


@dataclass(frozen=True)
class Merged:
    """The merged record and the fields changed per side; `theirs` is used at conflicts."""

    record: dict[str, Any]
    conflicts: tuple[Conflict, ...] = ()
    from_ours: tuple[tuple[str, ...], ...] = ()
    from_theirs: tuple[tuple[str, ...], ...] = field(default=())


def merge(base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merged:
    """Merge `ours` and `theirs`, which were both edited from `base`."""
    flat_base, flat_ours, flat_theirs = (_flat(record) for record in (base, ours, theirs))
    record: dict[tuple[str, ...], Any] = {}
    conflicts: list[Conflict] = []
    mine: list[tuple[str, ...]] = []
    others: list[tuple[str, ...]] = []
    for path in dict.fromkeys((*flat_theirs, *flat_ours, *flat_base)):
        was, our, their = (it.get(path, ABSENT) for it in (flat_base, flat_ours, flat_theirs))
        if our in (their, was):
            record[path] = their
            if their != was and our == was:
                others.append(path)
        elif their == was:
            record[path] = our
            mine.append(path)
        elif (both := _together(path, was, our, their)) is not None:
            record[path] = both
            mine.append(path)
            others.append(path)
        else:
            record[path] = their
            conflicts.append(Conflict(path, was, our, their))
    merged = _deep(record, (*theirs, *ours))
    return Merged(merged, tuple(conflicts), tuple(mine), tuple(others))


def choose(merged: Merged, chosen: Mapping[tuple[str, ...], Any]) -> dict[str, Any]:
    """Return the merged record with `chosen` values at conflicts; MISSING_VALUE removes a field."""
    flat = _flat(merged.record)
    for conflict in merged.conflicts:
        if conflict.path in chosen:
            flat[conflict.path] = chosen[conflict.path]
    return _deep(flat, merged.record)


def _together(path: tuple[str, ...], was: Any, our: Any, their: Any) -> Any:
    """Return a list with the changes of both sides, or None if they conflict."""
    if not all(isinstance(value, list | type(ABSENT)) for value in (was, our, their)):
        return None
    return merge_items(path[0], was or [], our or [], their or [])


def _flat(record: Mapping[str, Any]) -> dict[tuple[str, ...], Any]:
    """Return the fields of a record by path, with a path per language of a text."""
    flat: dict[tuple[str, ...], Any] = {}
    for name, value in record.items():
        if name in (*TEXTS, "identifiers"):
            flat |= {(name, key): text for key, text in value.items()}
        else:
            flat[name,] = value
    return flat


def _deep(flat: Mapping[tuple[str, ...], Any], order: Any) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for path, value in flat.items():
        if value is ABSENT:
            continue
        if len(path) == 1:
            record[path[0]] = value
        else:
            record.setdefault(path[0], {})[path[1]] = value
    names = dict.fromkeys((*order, *record))
    return {name: record[name] for name in names if name in record}
