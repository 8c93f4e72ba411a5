"""Conversion of a row to a record: rules yield values that fill the template of a mapping."""

from dataclasses import dataclass, field
from typing import Any

from biobank.exchange.importing.bank import Bank
from biobank.exchange.importing.mapping.rules import (
    Entries,
    Fields,
    Node,
    Rule,
    TableMapping,
)
from biobank.exchange.importing.mapping.values import Values
from biobank.exchange.importing.names import of_language, tidied
from biobank.exchange.importing.reading import Item
from biobank.exchange.importing.said import Said, say
from biobank.exchange.importing.tables.rows import Row, RowFault


@dataclass
class Filled:
    """The output of a row beside the record."""

    notices: list[Said] = field(default_factory=list)
    #: Places that the record needs, by id.
    places: dict[str, dict[str, Any]] = field(default_factory=dict)


def item_of(row: Row, mapping: TableMapping, bank: Bank) -> Item | None:
    """Convert a row to an item; return None if the mapping filters it out."""
    if row.fault:
        return Item(row.label, fault=row.fault)
    filled = Filled()
    try:
        if not _wanted(row, mapping):
            return None
        key = "|".join("".join(row.values(column)) for column in mapping.key)
        values = Values(row, mapping.empty, bank, filled.notices, filled.places)
        record = _record(mapping, values)
    except RowFault as fault:
        return Item(row.label, fault=fault.said)
    brings = {"places": list(filled.places.values())} if filled.places else {}
    key = key if key.strip("|") else ""
    return Item(row.label, record, brings=brings, notices=filled.notices, key=key)


def _wanted(row: Row, mapping: TableMapping) -> bool:
    return all(
        any(text in texts for text in row.values(column)) for column, texts in mapping.where.items()
    )


def _record(mapping: TableMapping, values: Values) -> dict[str, Any]:
    made = _expanded(mapping.record, values, "")
    record: dict[str, Any] = made[0] if made else {}
    if isinstance(record.get("names"), list):
        record["names"] = tidied(map(_spoken, record["names"]))
    source = mapping.source
    if source is None:
        return record
    cite = {"source": source.id}
    if source.locator and (locator := values.of(source.locator, "source.locator")):
        cite["locator"] = locator[0]
    for fact in source.cites:
        if record.get(fact):
            record[fact].setdefault("cites", []).append(dict(cite))
    csl = dict(source.csl) if source.csl else None
    record.setdefault("sources", []).append({"id": source.id, "csl": csl} if csl else source.id)
    return record


def _spoken(name: dict[str, Any]) -> dict[str, Any]:
    """Return a name with its language code split into language and script."""
    lang, script = of_language(str(name.get("lang", "")))
    return {**name, "lang": lang, **({"script": script} if script and "script" not in name else {})}


def _expanded(node: Node, values: Values, path: str) -> list[Any]:
    """Expand a node of the template to no value, one, or several."""
    if isinstance(node, str):
        return [node]
    if isinstance(node, Rule):
        return list(values.of(node, path))
    if isinstance(node, Entries):
        entries = [
            made
            for index, entry in enumerate(node.entries)
            for made in _expanded(entry, values, f"{path}[{index}]")
        ]
        return [entries] if entries else []
    return _objects(node, values, path)


def _objects(node: Fields, values: Values, path: str) -> list[dict[str, Any]]:
    found = {
        name: _expanded(inner, values, _joined(path, name)) for name, inner in node.fields.items()
    }
    if any(not found.get(name) for name in node.required & found.keys()):
        return []
    found = {name: made for name, made in found.items() if made}
    times = max((len(made) for made in found.values()), default=0)
    for name, made in found.items():
        if len(made) > 1 and "[" not in path:
            raise RowFault(say("values_many", _joined(path, name), count=len(made)))
        if len(made) not in (1, times):
            said = say("values_apart", f"{path}.{name}", count=len(made), others=times)
            raise RowFault(said)
    return [
        {name: made[0 if len(made) == 1 else nth] for name, made in found.items()}
        for nth in range(times)
    ]


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
