"""Lossless merging of two list items that denote the same thing."""

from collections.abc import Mapping, Sequence
from typing import Any

from biobank.editorial.matching import MARKS
from biobank.i18n import LANGUAGES

Item = Any


def folded(field: str, kept: Item, gone: Item) -> Item | None:
    """Return one item with the data of both, or None if they differ.

    They must be equal by the most specific key of their kind (a relation by person and type, an
    event by date and type), or one must contain all data of the other: two premieres, one with a
    date and one with a place, may be different events.
    """
    if kept == gone:
        return kept
    if not (isinstance(kept, Mapping) and isinstance(gone, Mapping)):
        return None
    if field == "names":
        return _folded_name(kept, gone)
    if not (_surely_same(field, kept, gone) or _is_within(kept, gone) or _is_within(gone, kept)):
        return None
    return union(kept, gone)


def union(kept: Mapping[str, Any], gone: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the values of both with all citations, or None if a value differs."""
    made = dict(kept)
    for key, value in gone.items():
        if key == "cites":
            made[key] = with_cites(kept.get(key, ()), value)
        elif key not in kept or kept[key] == value:
            made[key] = value
        elif is_localized(value) and is_localized(kept[key]):
            inner = union(kept[key], value)
            if inner is None:
                return None
            made[key] = {lang: inner[lang] for lang in LANGUAGES if lang in inner}
        else:
            return None
    return made


def with_cites(kept: Sequence[Any], gone: Sequence[Any]) -> list[Any]:
    """Return the citations of both without duplicates."""
    return [*kept, *(cite for place, cite in enumerate(gone) if _is_new(kept, gone, place))]


def is_localized(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value) and set(value) <= set(LANGUAGES)


def _is_new(kept: Sequence[Any], gone: Sequence[Any], place: int) -> bool:
    return gone[place] not in kept and gone[place] not in gone[:place]


def _folded_name(kept: Mapping[str, Any], gone: Mapping[str, Any]) -> dict[str, Any] | None:
    """Merge names with equal text and language; a variant takes the other's more specific kind."""
    if (kept["text"], kept["lang"]) != (gone["text"], gone["lang"]):
        return None
    kinds = {name["kind"] for name in (kept, gone)} - {"variant"}
    if len(kinds) > 1:
        return None
    kind = {"kind": next(iter(kinds), "variant")}
    return union({**kept, **kind}, {**gone, **kind})


def _surely_same(field: str, kept: Any, gone: Any) -> bool:
    if field not in MARKS:
        return False
    surest = MARKS[field][0]
    mark = surest(kept)
    return mark is not None and mark == surest(gone) and (not isinstance(mark, tuple) or all(mark))


def _is_within(less: Mapping[str, Any], more: Mapping[str, Any]) -> bool:
    """Return whether `larger` has all data of `smaller`, ignoring citations and languages."""
    return all(
        key in more and (more[key] == value or is_localized(value))
        for key, value in less.items()
        if key != "cites"
    )
