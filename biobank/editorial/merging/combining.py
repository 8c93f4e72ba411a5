"""The merged record of two people, and redirection of relations; pure functions."""

from collections.abc import Iterable, Mapping
from typing import Any

from biobank.editorial.merging.folding import folded, with_cites
from biobank.editorial.merging.parts import LISTS, Part, parts
from biobank.editorial.summary import TEXTS
from biobank.records.people.citations import FACTS
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load

Record = Mapping[str, Any]


def combine(kept: Record, gone: Record, choices: Mapping[str, str]) -> dict[str, Any]:
    """Return the record of `survivor` with the additional data of `duplicate`.

    `choices` are by the keys of the field choices.

    Raises:
        RecordRefused: if the result is invalid, e.g. with a death before the birth.
    """
    found = parts(kept, gone)
    made: dict[str, Any] = {"id": kept["id"]}
    for part in found:
        _put(made, part, part.taken(choices))
    for fact in FACTS:
        _put_cites(made, fact, kept, gone, _sides(found, fact, choices))
    made["names"] = _named(found, choices, made["names"])
    return load(person_schema, made)


def without_ties(record: Record, other_id: str) -> dict[str, Any]:
    """Return the record without relations to `other_id`."""
    ties = [tie for tie in record.get("relations", ()) if tie["person"] != other_id]
    return _with_ties(record, ties)


def redirected(record: Record, gone_id: str, kept_id: str) -> dict[str, Any]:
    """Return the record with relations to `old_id` pointing to `new_id`, without duplicates."""
    ties: list[dict[str, Any]] = list(record.get("relations", ()))
    moved = [place for place, tie in enumerate(ties) if tie["person"] == gone_id]
    for place in moved:
        ties[place] = {**ties[place], "person": kept_id}
    for place in reversed(moved):
        for other, tie in enumerate(ties):
            one = folded("relations", tie, ties[place]) if other != place else None
            if one is not None:
                ties[other] = one
                del ties[place]
                break
    return _with_ties(record, ties)


def _with_ties(record: Record, ties: list[Any]) -> dict[str, Any]:
    made = {**record, "relations": ties}
    return made if ties else {key: made[key] for key in made if key != "relations"}


def _put(made: dict[str, Any], part: Part, values: list[Any]) -> None:
    name = str(part.path[0])
    if part.path == ("names",):
        return  # only decides which name is preferred; adds no name
    if name in LISTS:
        made.setdefault(name, []).extend(values)
    elif name in FACTS:
        made.setdefault(name, {}).update(*values)
    elif name in (*TEXTS, "identifiers"):
        made.setdefault(name, {}).update((part.path[1], value) for value in values)
    elif values:
        made[name] = values[0]


def _sides(found: Iterable[Part], fact: str, choices: Mapping[str, str]) -> set[str]:
    """Return the sides whose values of a fact are in the result."""
    sides: set[str] = set()
    for part in found:
        if part.path == (fact,) and part.taken(choices):
            side = part.side(choices)
            sides |= {"kept", "gone"} if side == "both" else {side}
    return sides


def _put_cites(
    made: dict[str, Any], fact: str, kept: Record, gone: Record, sides: set[str]
) -> None:
    """Set the citations of the selected sides; sources must not support other values."""
    cites: list[Any] = []
    for side, record in (("kept", kept), ("gone", gone)):
        its = record.get(fact) or {}
        if side in sides or set(its) == {"cites"}:
            cites = with_cites(cites, its.get("cites", ())) if cites else list(its.get("cites", ()))
    if cites:
        made.setdefault(fact, {})["cites"] = cites


def _named(
    found: Iterable[Part], choices: Mapping[str, str], names: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the names with one preferred name per language; the others become variants."""
    chosen = {part.key: part.taken(choices)[0] for part in found if part.path == ("names",)}
    stays: dict[str, int] = {}
    for place, name in enumerate(names):
        if name["kind"] == "preferred":
            first = stays.setdefault(name["lang"], place)
            if names[first]["text"] != chosen.get(f"preferred.{name['lang']}") == name["text"]:
                stays[name["lang"]] = place
    return [
        {**name, "kind": "variant"}
        if name["kind"] == "preferred" and stays[name["lang"]] != place
        else name
        for place, name in enumerate(names)
    ]
