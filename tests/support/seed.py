"""People and reference records of `seed_data/`, loaded once."""

import copy
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from biobank.exchange.imports.items import load_yaml, read_yaml_folder

SEED = Path(__file__).parents[2] / "seed_data"

Record = dict[str, Any]


@cache
def _people() -> Mapping[str, Record]:
    return {item.data["id"]: item.data for item in read_yaml_folder(SEED / "people")}


def people() -> Mapping[str, Record]:
    """Return every person of the seed by id."""
    return copy.deepcopy(_people())


def person(person_id: str) -> Record:
    """Return a modifiable copy of one person of the seed."""
    return copy.deepcopy(_people()[person_id])


def person_without_relations(person_id: str) -> Record:
    """Return a person without relations, which can be stored in an empty bank."""
    record = person(person_id)
    record.pop("relations", None)
    return record


def first_people(number: int) -> list[Record]:
    """Return the first people of the seed, with the relations among them."""
    selected = dict(list(people().items())[:number])
    for record in selected.values():
        relations = record.pop("relations", [])
        record["relations"] = [relation for relation in relations if relation["person"] in selected]
    return list(selected.values())


def write_two_brothers_seed(folder: Path) -> Path:
    """Write a seed of Üzeyir and Ceyhun and what they refer to, which loads faster."""
    brothers = {id_: person(id_) for id_ in ("uzeyir-hacibeyov", "ceyhun-hacibeyli")}
    for record in brothers.values():
        relations = record.pop("relations", [])
        record["relations"] = [relation for relation in relations if relation["person"] in brothers]
    mentioned_ids = {text for record in brothers.values() for text in _texts(record)}
    mentioned_ids |= {"baku", "azerbaijan"}
    for name in ("organisations", "places", "sources"):
        _write(
            folder / name, _with_broader(mentioned_ids, [item.data for item in read_yaml_folder(SEED / name)])
        )
    for file in (SEED / "vocabularies").glob("*.yaml"):
        (folder / "vocabularies").mkdir(exist_ok=True)
        text = _yaml(_with_broader(mentioned_ids, load_yaml(file)))
        (folder / "vocabularies" / file.name).write_text(text, encoding="utf-8")
    _write(folder / "people", list(brothers.values()))
    return folder


def _texts(value: Any) -> Iterator[str]:
    """Yield every id-like text in a record."""
    if isinstance(value, Mapping):
        value = value.values()
    elif isinstance(value, str):
        yield from re.findall(r"[a-z0-9-]+", value)
        return
    for inner in value:
        yield from _texts(inner)


def _with_broader(mentioned_ids: set[str], records: list[Record]) -> list[Record]:
    """Return the mentioned records and those they refer to."""
    by_id = {record["id"]: record for record in records}
    queue, selected = [id_ for id_ in by_id if id_ in mentioned_ids], set[str]()
    while queue:
        if (id_ := queue.pop()) not in selected:
            selected.add(id_)
            record = by_id[id_]
            further = record.get("broader", [])
            further = [further] if isinstance(further, str) else list(further)
            queue += [*further, record.get("inverse", id_)]
            mentioned_ids.add(record.get("place", id_))
    return [record for record in records if record["id"] in selected]


def _write(folder: Path, records: list[Record]) -> None:
    folder.mkdir(parents=True)
    for record in records:
        (folder / f"{record['id']}.yaml").write_text(_yaml(record), encoding="utf-8")


def _yaml(value: Any) -> str:
    text: str = yaml.safe_dump(value, allow_unicode=True)
    return text


@cache
def ids(folder: str) -> tuple[str, ...]:
    """Return the ids of a folder: places, organisations, sources."""
    return tuple(item.data["id"] for item in read_yaml_folder(SEED / folder))


@cache
def terms(vocabulary: str) -> tuple[str, ...]:
    """Return the ids of the terms of a vocabulary."""
    document = load_yaml(SEED / "vocabularies" / f"{vocabulary}.yaml")
    return tuple(entry["id"] for entry in document)
