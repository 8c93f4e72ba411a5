"""Records from EveryPolitician's list of politicians (2015)."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from biobank.names.folding import has_letter
from biobank.records.countries import COUNTRY_CODES, country_name
from biobank.records.people.schemas import LANGUAGE_TAG_PATTERN

GENDERS = {
    **dict.fromkeys(("male", "Male", "M", "m", "Homme"), "male"),
    **dict.fromkeys(("female", "Female", "F", "f", "Femme"), "female"),
}
CODES = {country_name(code, "en"): code for code in COUNTRY_CODES}


def read_lines(file: Path) -> Iterator[dict[str, Any]]:
    """Return the lines of the file."""
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def load_records(file: Path, number: int, step: int = 12) -> list[dict[str, Any]]:
    """Return `number` records: every `step`-th person with a name, without repeats."""
    records_by_id: dict[str, dict[str, Any]] = {}
    for index, line in enumerate(read_lines(file)):
        if index % step == 0 and len(records_by_id) < number and (record := record_of(line)):
            records_by_id.setdefault(line["id"], record)
    return list(records_by_id.values())


def record_of(line: dict[str, Any]) -> dict[str, Any] | None:
    """Return a record without an id, or None if the name contains no letter."""
    names = list(_names(line))
    if not names:
        return None
    record: dict[str, Any] = {"names": names, "professions": ["politician"]}
    if line["gender"] in GENDERS:
        record["gender"] = GENDERS[line["gender"]]
    for role in ("birth", "death"):
        if line[role]:
            record[role] = {"date": line[role]}
    if line["country"] in CODES:
        record["countries"] = [CODES[line["country"]]]
    if line["id"].startswith("Q"):
        record["identifiers"] = {"wikidata": line["id"]}
    return record


def _names(line: dict[str, Any]) -> Iterator[dict[str, str]]:
    for lang, text in line["labels"].items():
        if has_letter(text) and LANGUAGE_TAG_PATTERN.fullmatch(lang):
            yield {"text": text, "lang": lang, "kind": "preferred"}
    if not line["labels"] and has_letter(line["name"]):
        # The list does not give the language of names.
        yield {"text": line["name"], "lang": "und", "kind": "preferred"}
    for lang, text in line["aliases"].items():
        if isinstance(text, str) and has_letter(text) and LANGUAGE_TAG_PATTERN.fullmatch(lang):
            yield {"text": text, "lang": lang, "kind": "variant"}
