"""Three-way merge of two edits of one list."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from biobank.editorial.matching import match, moved

#: Marks an item that one side removed.
_GONE: Final = object()


def merge_items(
    field: str, base: Sequence[Any], ours: Sequence[Any], theirs: Sequence[Any]
) -> list[Any] | None:
    """Return the list with the changes of both sides, or None if they conflict.

    They conflict if both changed one item differently, both moved items, or both added the same
    thing in different ways. Items added by `ours` come after those of `theirs`.
    """
    our_pairs, their_pairs = match(base, ours, field), match(base, theirs, field)
    if moved(our_pairs):
        if moved(their_pairs):
            return None
        # Use the order of the side that changed it.
        ours, theirs, our_pairs, their_pairs = theirs, ours, their_pairs, our_pairs
    kept = _resolved(base, _by_base(ours, our_pairs), _by_base(theirs, their_pairs))
    new = _new(ours, our_pairs)
    new_there = _new(theirs, their_pairs)
    if kept is None or any(new[i] != new_there[j] for j, i in match(new_there, new, field)):
        return None
    base_of = {there: old for old, there in their_pairs}
    merged = [kept[base_of[j]] if j in base_of else item for j, item in enumerate(theirs)]
    merged = [item for item in merged if item is not _GONE]
    return merged + [item for item in new if item not in new_there]


def _by_base(items: Sequence[Any], pairs: Sequence[tuple[int, int]]) -> dict[int, Any]:
    """Return the item of a side by the index of the base item that it replaces."""
    return {old: items[new] for old, new in pairs}


def _new(items: Sequence[Any], pairs: Sequence[tuple[int, int]]) -> list[Any]:
    known = {new for _, new in pairs}
    return [item for place, item in enumerate(items) if place not in known]


def _resolved(
    base: Sequence[Any], ours: Mapping[int, Any], theirs: Mapping[int, Any]
) -> dict[int, Any] | None:
    """Return the merged version of each base item; None if both sides changed one differently."""
    found: dict[int, Any] = {}
    for place, was in enumerate(base):
        our, their = ours.get(place, _GONE), theirs.get(place, _GONE)
        if our not in (was, their) and their != was:
            return None
        found[place] = their if our == was else our
    return found
