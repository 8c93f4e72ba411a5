"""The people and reference records of `seed_data/`, read once."""

import copy
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from biobank.exchange.importing.reading import yaml_items
from biobank.exchange.importing.yaml_text import read_yaml

SEED = Path(__file__).parents[2] / "seed_data"

Record = dict[str, Any]


@cache
def _people() -> Mapping[str, Record]:
    return {item.data["id"]: item.data for item in yaml_items(SEED / "people")}


def people() -> Mapping[str, Record]:
    """Every person of the seed by id, as the file has it."""
    return copy.deepcopy(_people())


def person(person_id: str) -> Record:
    """One person of the seed, free to be changed."""
    return copy.deepcopy(_people()[person_id])


def alone(person_id: str) -> Record:
    """The same without ties to others, so that it can be kept in a bank without people."""
    record = person(person_id)
    record.pop("relations", None)
    return record


def some(number: int) -> list[Record]:
    """The first people of the seed, with the ties among them."""
    kept = dict(list(people().items())[:number])
    for record in kept.values():
        ties = record.pop("relations", [])
        record["relations"] = [tie for tie in ties if tie["person"] in kept]
    return list(kept.values())


def of_two_brothers(folder: Path) -> Path:
    """Makes a seed of Üzeyir and Ceyhun with what they refer to; quicker to read than all."""
    brothers = {id_: person(id_) for id_ in ("uzeyir-hacibeyov", "ceyhun-hacibeyli")}
    for record in brothers.values():
        ties = record.pop("relations", [])
        record["relations"] = [tie for tie in ties if tie["person"] in brothers]
    told = {text for record in brothers.values() for text in _texts(record)}
    told |= {"baku", "azerbaijan"}
    for name in ("organisations", "places", "sources"):
        _write(folder / name, _with_broader(told, [item.data for item in yaml_items(SEED / name)]))
    for file in (SEED / "vocabularies").glob("*.yaml"):
        (folder / "vocabularies").mkdir(exist_ok=True)
        text = _yaml(_with_broader(told, read_yaml(file)))
        (folder / "vocabularies" / file.name).write_text(text, encoding="utf-8")
    _write(folder / "people", list(brothers.values()))
    return folder


def _texts(value: Any) -> Iterator[str]:
    """Every text in a record; its references are among them."""
    if isinstance(value, Mapping):
        value = value.values()
    elif isinstance(value, str):
        yield from re.findall(r"[a-z0-9-]+", value)
        return
    for inner in value:
        yield from _texts(inner)


def _with_broader(told: set[str], records: list[Record]) -> list[Record]:
    """The records whose ids are told, and those that these refer to."""
    by_id = {record["id"]: record for record in records}
    way, kept = [id_ for id_ in by_id if id_ in told], set[str]()
    while way:
        if (id_ := way.pop()) not in kept:
            kept.add(id_)
            record = by_id[id_]
            further = record.get("broader", [])
            further = [further] if isinstance(further, str) else list(further)
            way += [*further, record.get("inverse", id_)]
            told.add(record.get("place", id_))
    return [record for record in records if record["id"] in kept]


def _write(folder: Path, records: list[Record]) -> None:
    folder.mkdir(parents=True)
    for record in records:
        (folder / f"{record['id']}.yaml").write_text(_yaml(record), encoding="utf-8")


def _yaml(value: Any) -> str:
    text: str = yaml.safe_dump(value, allow_unicode=True)
    return text


@cache
def ids(folder: str) -> tuple[str, ...]:
    """Ids of the reference records in a folder: places, organisations, sources."""
    return tuple(item.data["id"] for item in yaml_items(SEED / folder))


@cache
def terms(vocabulary: str) -> tuple[str, ...]:
    """Ids of the terms of one vocabulary."""
    document = read_yaml(SEED / "vocabularies" / f"{vocabulary}.yaml")
    return tuple(entry["id"] for entry in document)
