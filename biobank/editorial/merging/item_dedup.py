"""Lossless merging of two list items that denote the same thing."""

from collections.abc import Mapping, Sequence
from typing import Any

from biobank.common.i18n import LANGUAGES
from biobank.editorial.revisions.list_alignment import IDENTITY_KEYS

Item = Any


def merge_duplicate_items(field: str, survivor: Item, duplicate: Item) -> Item | None:
    """Return one item with the data of both, or None if they differ.

    They must be equal by the most specific key of their kind (a relation by person and type, an
    event by date and type), or one must contain all data of the other: two premieres, one with a
    date and one with a place, may be different events.
    """
    if survivor == duplicate:
        return survivor
    if not (isinstance(survivor, Mapping) and isinstance(duplicate, Mapping)):
        return None
    if field == "names":
        return _merge_names(survivor, duplicate)
    if not (
        _same_identity(field, survivor, duplicate)
        or _is_subset(survivor, duplicate)
        or _is_subset(duplicate, survivor)
    ):
        return None
    return merge_mappings(survivor, duplicate)


def merge_mappings(survivor: Mapping[str, Any], duplicate: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the values of both with all citations, or None if a value differs."""
    result = dict(survivor)
    for key, value in duplicate.items():
        if key == "cites":
            result[key] = merge_citations(survivor.get(key, ()), value)
        elif key not in survivor or survivor[key] == value:
            result[key] = value
        elif is_localized(value) and is_localized(survivor[key]):
            inner = merge_mappings(survivor[key], value)
            if inner is None:
                return None
            result[key] = {lang: inner[lang] for lang in LANGUAGES if lang in inner}
        else:
            return None
    return result


def merge_citations(survivor: Sequence[Any], duplicate: Sequence[Any]) -> list[Any]:
    """Return the citations of both without duplicates."""
    return [*survivor, *(cite for index, cite in enumerate(duplicate) if _is_new(survivor, duplicate, index))]


def is_localized(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value) and set(value) <= set(LANGUAGES)


def _is_new(survivor: Sequence[Any], duplicate: Sequence[Any], index: int) -> bool:
    return duplicate[index] not in survivor and duplicate[index] not in duplicate[:index]


def _merge_names(survivor: Mapping[str, Any], duplicate: Mapping[str, Any]) -> dict[str, Any] | None:
    """Merge names with equal text and language; a variant takes the other's more specific kind."""
    if (survivor["text"], survivor["lang"]) != (duplicate["text"], duplicate["lang"]):
        return None
    kinds = {name["kind"] for name in (survivor, duplicate)} - {"variant"}
    if len(kinds) > 1:
        return None
    kind = {"kind": next(iter(kinds), "variant")}
    return merge_mappings({**survivor, **kind}, {**duplicate, **kind})


def _same_identity(field: str, survivor: Any, duplicate: Any) -> bool:
    if field not in IDENTITY_KEYS:
        return False
    identity_key = IDENTITY_KEYS[field][0]
    key_value = identity_key(survivor)
    return (
        key_value is not None
        and key_value == identity_key(duplicate)
        and (not isinstance(key_value, tuple) or all(key_value))
    )


def _is_subset(smaller: Mapping[str, Any], larger: Mapping[str, Any]) -> bool:
    """Return whether `larger` has all data of `smaller`, ignoring citations and languages."""
    return all(
        key in larger and (larger[key] == value or is_localized(value))
        for key, value in smaller.items()
        if key != "cites"
    )
