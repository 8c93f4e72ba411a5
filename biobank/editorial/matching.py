"""Which items of two lists are the same thing, whatever their order: the same work, the same tie.

Items are paired by what they are: equal ones first, then by the surest mark of their kind (a name
by text and language, a work by its title), then by lesser marks where nothing else bears them.
"""

import json
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

Key = Callable[[Any], Hashable]
#: The position in the old list and that in the new one.
Pair = tuple[int, int]


def _by(*names: str) -> Key:
    """A key of the named fields; none where an item has none of them."""

    def key(item: Any) -> Hashable:
        found = tuple(_mark(item.get(name)) for name in names) if isinstance(item, Mapping) else ()
        return found if any(found) else None

    return key


def _title(lang: str) -> Key:
    return lambda work: (work.get("title") or {}).get(lang) if isinstance(work, Mapping) else None


def _source(item: Any) -> Hashable:
    """A source that is told in full is the same as its id."""
    return item.get("id") if isinstance(item, Mapping) else item


#: The marks of each list of the record, surest first.
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
    """The pairs of items of two lists of `field` that are the same thing, in the new order."""
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
    """Those pairs that left the order of the others: as few as explain the new order."""
    # The longest run in rising order: per length, where the run with the lowest end ends.
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
    """Items of one key in their order; with `alone` only where one on each side has the key."""
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
    """Something to compare a whole value by; none for nothing."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
