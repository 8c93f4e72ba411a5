"""Three-way merge of two edits of one list."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from biobank.editorial.revisions.list_alignment import align_items, find_moved

#: Marks an item that one side removed.
_REMOVED: Final = object()


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
