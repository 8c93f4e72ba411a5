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
MAX_STATEMENTS = 200


@dataclass(frozen=True)
class Statement:
    """One statement; qualifiers and references are values by property."""

    type: SnakType
    value: Any
    qualifiers: Snaks = field(default_factory=dict)
    references: list[Snaks] = field(default_factory=list)


def best_statements(entity: Mapping[str, Any], prop: str) -> list[Statement]:
    """Return the preferred statements, else the normal ones; deprecated ones are ignored."""
    ranked: dict[str, list[Statement]] = {"preferred": [], "normal": []}
    for entry in _as_list(_as_mapping(entity.get("claims")).get(prop))[:MAX_STATEMENTS]:
        rank = _as_mapping(entry).get("rank", "normal")
        statement = _parse_statement(_as_mapping(entry))
        if statement and isinstance(rank, str) and rank in ranked:
            ranked[rank].append(statement)
    return ranked["preferred"] or ranked["normal"]


def item_ids(statements: list[Statement]) -> list[str]:
    """Return the ids of the items in statements, without duplicates."""
    ids = [parse_item_id(statement.value) for statement in statements if statement.type == "value"]
    return list(dict.fromkeys(id_ for id_ in ids if id_))


def parse_item_id(value: Any) -> str | None:
    """Return `Q5` for the value of a statement; older files have only its number."""
    value = _as_mapping(value)
    if isinstance(value.get("id"), str):
        return str(value["id"])
    number = value.get("numeric-id")
    return f"Q{number}" if isinstance(number, int) and not isinstance(number, bool) else None


def string_values(statements: list[Statement]) -> Iterator[str]:
    for statement in statements:
        if isinstance(statement.value, str) and statement.value.strip():
            yield statement.value.strip()


def texts_by_language(entity: Mapping[str, Any], key: str) -> Iterator[tuple[str, str]]:
    """Yield language and text of labels, descriptions or aliases, in the order of the file."""
    for lang, entries in _as_mapping(entity.get(key)).items():
        for entry in entries if isinstance(entries, list) else [entries]:
            text = _as_mapping(entry).get("value")
            if isinstance(text, str) and text.strip():
                yield str(lang), " ".join(text.split())


def _parse_statement(entry: Mapping[str, Any]) -> Statement | None:
    snak = _as_mapping(entry.get("mainsnak"))
    kind = snak.get("snaktype")
    if kind not in ("value", "somevalue", "novalue"):
        return None
    value = _as_mapping(snak.get("datavalue")).get("value")
    if kind == "value" and value is None:
        return None
    references = [
        _snak_values(_as_mapping(ref).get("snaks")) for ref in _as_list(entry.get("references"))[:20]
    ]
    return Statement(kind, value, _snak_values(entry.get("qualifiers")), references)


def _snak_values(value: Any) -> Snaks:
    """Return the values of snaks by property."""
    return {
        str(prop): [
            content
            for snak in _as_list(snaks)[:20]
            if (content := _as_mapping(_as_mapping(snak).get("datavalue")).get("value")) is not None
        ]
        for prop, snaks in _as_mapping(value).items()
    }


def _as_mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
