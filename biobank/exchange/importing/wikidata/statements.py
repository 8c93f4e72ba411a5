"""Access to the best-ranked statements of an entity, their qualifiers and references.

The JSON is untrusted; every function ignores values of an unexpected shape.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

#: A known value, an unknown value, or no value.
SnakType = Literal["value", "somevalue", "novalue"]
Snaks = Mapping[str, list[Any]]

#: Limit of statements of one property; even long lists of identifiers have fewer.
STATEMENTS_MOST = 200


@dataclass(frozen=True)
class Statement:
    """One statement; qualifiers and references are values by property."""

    type: SnakType
    value: Any
    qualifiers: Snaks = field(default_factory=dict)
    references: list[Snaks] = field(default_factory=list)


def best(entity: Mapping[str, Any], prop: str) -> list[Statement]:
    """Return the preferred statements, else the normal ones; deprecated ones are ignored."""
    found: dict[str, list[Statement]] = {"preferred": [], "normal": []}
    for one in _listed(_mapping(entity.get("claims")).get(prop))[:STATEMENTS_MOST]:
        rank = _mapping(one).get("rank", "normal")
        statement = _statement(_mapping(one))
        if statement and isinstance(rank, str) and rank in found:
            found[rank].append(statement)
    return found["preferred"] or found["normal"]


def items(statements: list[Statement]) -> list[str]:
    """Return the ids of the items in statements, without duplicates."""
    ids = [item_id(statement.value) for statement in statements if statement.type == "value"]
    return list(dict.fromkeys(id_ for id_ in ids if id_))


def item_id(value: Any) -> str | None:
    """Return `Q5` for the value of a statement; older files have only its number."""
    value = _mapping(value)
    if isinstance(value.get("id"), str):
        return str(value["id"])
    number = value.get("numeric-id")
    return f"Q{number}" if isinstance(number, int) and not isinstance(number, bool) else None


def strings(statements: list[Statement]) -> Iterator[str]:
    for statement in statements:
        if isinstance(statement.value, str) and statement.value.strip():
            yield statement.value.strip()


def texts_by_language(entity: Mapping[str, Any], key: str) -> Iterator[tuple[str, str]]:
    """Yield language and text of labels, descriptions or aliases, in the order of the file."""
    for lang, entries in _mapping(entity.get(key)).items():
        for entry in entries if isinstance(entries, list) else [entries]:
            text = _mapping(entry).get("value")
            if isinstance(text, str) and text.strip():
                yield str(lang), " ".join(text.split())


def _statement(one: Mapping[str, Any]) -> Statement | None:
    snak = _mapping(one.get("mainsnak"))
    kind = snak.get("snaktype")
    if kind not in ("value", "somevalue", "novalue"):
        return None
    value = _mapping(snak.get("datavalue")).get("value")
    if kind == "value" and value is None:
        return None
    references = [_snaks(_mapping(ref).get("snaks")) for ref in _listed(one.get("references"))[:20]]
    return Statement(kind, value, _snaks(one.get("qualifiers")), references)


def _snaks(value: Any) -> Snaks:
    """Return the values of snaks by property."""
    return {
        str(prop): [
            found
            for snak in _listed(snaks)[:20]
            if (found := _mapping(_mapping(snak).get("datavalue")).get("value")) is not None
        ]
        for prop, snaks in _mapping(value).items()
    }


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
