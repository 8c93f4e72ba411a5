"""Alignment of two lists: pairs the items that denote the same thing, regardless of order.

Equal items are paired first, then items with the same most specific key of their kind (a name by
text and language, a work by its title), then by weaker keys if these are unique on both sides.
"""

import json
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

KeyFunction = Callable[[Any], Hashable]
#: The index in the old list and the index in the new one.
IndexPair = tuple[int, int]


def _field_key(*names: str) -> KeyFunction:
    """Return a key function over the named fields; its result is None if all are missing."""

    def key(item: Any) -> Hashable:
        values = (
            tuple(_canonical_value(item.get(name)) for name in names) if isinstance(item, Mapping) else ()
        )
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
    stayed: set[IndexPair] = set()
    last = end_positions[-1] if end_positions else None
    while last is not None:
        stayed.add(pairs[last])
        last = predecessors[last]
    return set(pairs) - stayed


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
    groups: dict[Hashable, list[int]] = {}
    for index, item in items.items():
        key_value = key(item)
        if key_value is not None:
            groups.setdefault(key_value, []).append(index)
    return groups


def _canonical_value(value: Any) -> Hashable:
    """Return a hashable form of a value, or None for None."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
