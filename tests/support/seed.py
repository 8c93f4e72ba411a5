"""The people and reference records of `seed_data/`, read once."""

import copy
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from biobank.exchange.reading import read_yaml, yaml_items

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


@cache
def ids(folder: str) -> tuple[str, ...]:
    """Ids of the reference records in a folder: places, organisations, sources."""
    return tuple(item.data["id"] for item in yaml_items(SEED / folder))


@cache
def terms(vocabulary: str) -> tuple[str, ...]:
    """Ids of the terms of one vocabulary."""
    document = read_yaml(SEED / "vocabularies" / f"{vocabulary}.yaml")
    return tuple(entry["id"] for entry in document)
