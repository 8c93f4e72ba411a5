"""The merged record of two people, and redirection of relations; pure functions."""

from collections.abc import Iterable, Mapping
from typing import Any

from biobank.editorial.merging.field_choices import (
    LIST_FIELDS,
    FieldChoice,
    build_field_choices,
    merge_citations,
    merge_duplicate_items,
)
from biobank.editorial.revisions.record_diff import LOCALIZED_FIELDS
from biobank.records.people.citations import FACT_FIELDS
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated

Record = Mapping[str, Any]


def merge_two_records(survivor: Record, duplicate: Record, choices: Mapping[str, str]) -> dict[str, Any]:
    """Return the record of `survivor` with the additional data of `duplicate`.

    `choices` are by the keys of the field choices.

    Raises:
        RecordRefused: if the result is invalid, e.g. with a death before the birth.
    """
    field_choices = build_field_choices(survivor, duplicate)
    record: dict[str, Any] = {"id": survivor["id"]}
    for choice in field_choices:
        _set_field(record, choice, choice.selected_values(choices))
    for fact in FACT_FIELDS:
        _set_citations(record, fact, survivor, duplicate, _chosen_sides(field_choices, fact, choices))
    record["names"] = _choose_preferred_names(field_choices, choices, record["names"])
    return load_validated(person_schema, record)


def without_relations_to(record: Record, other_id: str) -> dict[str, Any]:
    """Return the record without relations to `other_id`."""
    relations = [relation for relation in record.get("relations", ()) if relation["person"] != other_id]
    return _with_relations(record, relations)


def redirect_relations(record: Record, old_id: str, new_id: str) -> dict[str, Any]:
    """Return the record with relations to `old_id` pointing to `new_id`, without duplicates."""
    relations: list[dict[str, Any]] = list(record.get("relations", ()))
    moved_indexes = [index for index, relation in enumerate(relations) if relation["person"] == old_id]
    for index in moved_indexes:
        relations[index] = {**relations[index], "person": new_id}
    for index in reversed(moved_indexes):
        for other_index, relation in enumerate(relations):
            if other_index == index:
                continue
            merged = merge_duplicate_items("relations", relation, relations[index])
            if merged is not None:
                relations[other_index] = merged
                del relations[index]
                break
    return _with_relations(record, relations)


def _with_relations(record: Record, relations: list[Any]) -> dict[str, Any]:
    result = {**record, "relations": relations}
    return result if relations else {key: result[key] for key in result if key != "relations"}


def _set_field(record: dict[str, Any], choice: FieldChoice, values: list[Any]) -> None:
    name = str(choice.path[0])
    if choice.path == ("names",):
        return  # only decides which name is preferred; adds no name
    if name in LIST_FIELDS:
        record.setdefault(name, []).extend(values)
    elif name in FACT_FIELDS:
        record.setdefault(name, {}).update(*values)
    elif name in (*LOCALIZED_FIELDS, "identifiers"):
        record.setdefault(name, {}).update((choice.path[1], value) for value in values)
    elif values:
        record[name] = values[0]


def _chosen_sides(field_choices: Iterable[FieldChoice], fact: str, choices: Mapping[str, str]) -> set[str]:
    """Return the sides whose values of a fact are in the result."""
    sides: set[str] = set()
    for choice in field_choices:
        if choice.path == (fact,) and choice.selected_values(choices):
            side = choice.selected_side(choices)
            sides |= {"kept", "gone"} if side == "both" else {side}
    return sides


def _set_citations(
    merged: dict[str, Any], fact: str, survivor: Record, duplicate: Record, sides: set[str]
) -> None:
    """Set the citations of the selected sides; sources must not support other values."""
    cites: list[Any] = []
    for side, record in (("kept", survivor), ("gone", duplicate)):
        value = record.get(fact) or {}
        if side in sides or set(value) == {"cites"}:
            cites = merge_citations(cites, value.get("cites", ())) if cites else list(value.get("cites", ()))
    if cites:
        merged.setdefault(fact, {})["cites"] = cites


def _choose_preferred_names(
    field_choices: Iterable[FieldChoice], choices: Mapping[str, str], names: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the names with one preferred name per language; the others become variants."""
    chosen = {
        choice.key: choice.selected_values(choices)[0]
        for choice in field_choices
        if choice.path == ("names",)
    }
    preferred: dict[str, int] = {}
    for index, name in enumerate(names):
        if name["kind"] == "preferred":
            first = preferred.setdefault(name["lang"], index)
            if names[first]["text"] != chosen.get(f"preferred.{name['lang']}") == name["text"]:
                preferred[name["lang"]] = index
    return [
        {**name, "kind": "variant"}
        if name["kind"] == "preferred" and preferred[name["lang"]] != index
        else name
        for index, name in enumerate(names)
    ]
