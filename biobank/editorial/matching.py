"""Alignment of two lists: pairs the items that denote the same thing, regardless of order.

Equal items are paired first, then items with the same most specific key of their kind (a name by
text and language, a work by its title), then by weaker keys if these are unique on both sides.
"""

import json
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

Key = Callable[[Any], Hashable]
#: The index in the old list and the index in the new one.
Pair = tuple[int, int]


def _by(*names: str) -> Key:
    """Return a key function over the named fields; its result is None if all are missing."""

    def key(item: Any) -> Hashable:
        found = tuple(_mark(item.get(name)) for name in names) if isinstance(item, Mapping) else ()
        return found if any(found) else None

    return key


def _title(lang: str) -> Key:
    return lambda work: (work.get("title") or {}).get(lang) if isinstance(work, Mapping) else None


def _source(item: Any) -> Hashable:
    """Return the id of a source; an inline source equals its id."""
    return item.get("id") if isinstance(item, Mapping) else item


#: The identity keys of each list field, most specific first.
MARKS: Mapping[str, tuple[Key, ...]] = {
    "names": (_by("text", "lang"), _by("text"), _by("lang", "kind", "script"), _by("lang", "kind")),
    "events": (_by("date", "type"), _by("text"), _by("type", "place"), _by("date"), _by("type")),
    "relations": (_by("person", "type"), _by("person")),
    "memberships": (_by("organisation", "date"), _by("organisation", "role"), _by("organisation")),
    "works": (_by("title"), _title("az"), _title("en"), _title("ru"), _by("date", "type")),
    "awards": (_by("award", "date"), _by("award")),
    "media": (_by("url"),),
    "sources": (_source,),
    "cites": (_by("source", "locator"), _by("source")),
}


def match(before: Sequence[Any], after: Sequence[Any], field: str) -> list[Pair]:
    """Return the index pairs of items of `field` that denote the same thing, in the new order."""
    old, new = dict(enumerate(before)), dict(enumerate(after))
    pairs: list[Pair] = []
    surest, *lesser = MARKS.get(field, (_mark,))
    for key, alone in ((_mark, False), (surest, False), *((key, True) for key in lesser)):
        if not old or not new:
            break
        for left, right in _paired(old, new, key, alone=alone):
            del old[left], new[right]
            pairs.append((left, right))
    return sorted(pairs, key=lambda pair: pair[1])


def moved(pairs: Sequence[Pair]) -> set[Pair]:
    """Return the smallest set of pairs that explains the change of order."""
    # Longest increasing subsequence: for each length, the position with the smallest last element.
    ends: list[int] = []
    at: list[int] = []
    before: list[int | None] = []
    for index, (old, _new) in enumerate(pairs):
        length = bisect_left(ends, old)
        before.append(at[length - 1] if length else None)
        if length == len(ends):
            ends.append(old)
            at.append(index)
        else:
            ends[length], at[length] = old, index
    stayed: set[Pair] = set()
    last = at[-1] if at else None
    while last is not None:
        stayed.add(pairs[last])
        last = before[last]
    return set(pairs) - stayed


def _paired(
    old: Mapping[int, Any], new: Mapping[int, Any], key: Key, *, alone: bool
) -> Iterable[Pair]:
    """Yield pairs of items with the same key in order; `unique_only` skips ambiguous keys."""
    left, right = _grouped(old, key), _grouped(new, key)
    for mark, places in left.items():
        others = right.get(mark, [])
        if not alone or (len(places) == 1 and len(others) == 1):
            yield from zip(places, others, strict=False)


def _grouped(items: Mapping[int, Any], key: Key) -> dict[Hashable, list[int]]:
    groups: dict[Hashable, list[int]] = {}
    for place, item in items.items():
        mark = key(item)
        if mark is not None:
            groups.setdefault(mark, []).append(place)
    return groups


def _mark(value: Any) -> Hashable:
    """Return a hashable form of a value, or None for None."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
