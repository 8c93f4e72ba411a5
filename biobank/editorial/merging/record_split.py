"""The two records of a split; pure functions. All data of the original is kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from biobank.editorial.merging.field_choices import LIST_FIELDS
from biobank.editorial.revisions.change_summary import LOCALIZED_FIELDS
from biobank.editorial.revisions.record_diff import RecordPath
from biobank.errors import Problem, RecordRefused
from biobank.records.people.citations import FACT_FIELDS
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated

#: Where an item goes: it stays with the existing person, goes to the new one, or both.
Destination = Literal["stays", "goes", "both"]
DESTINATIONS: tuple[str, ...] = get_args(Destination)
#: Fields that are split by language or by catalogue.
KEYED_FIELDS: Final = (*LOCALIZED_FIELDS, "identifiers")


@dataclass(frozen=True)
class SplitItem:
    """A part of the record assigned as a whole; `key` identifies it in a form: `works.3`."""

    key: str
    path: RecordPath
    value: Any


def list_split_items(record: Mapping[str, Any]) -> list[SplitItem]:
    """Return all items that can be assigned, in the order of the record.

    Sources follow the citations; the date of checking stays with the existing person.
    """
    return [
        item
        for name, value in record.items()
        if name not in ("id", "sources", "checked")
        for item in _split_field(name, value)
    ]


def split_record(
    record: Mapping[str, Any], destinations: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the remaining record and the new one, which has no id yet.

    Raises:
        RecordRefused: if one of the two has no name.
    """
    remaining: dict[str, Any] = {"id": record["id"]}
    moved: dict[str, Any] = {}
    for item in list_split_items(record):
        destination = destinations.get(item.key, "stays")
        for target in [remaining] * (destination != "goes") + [moved] * (
            destination in ("goes", "both")
        ):
            _set_item(target, item)
    for target, path, message in (
        (moved, "goes", "Choose a name for the new one, and what else is about them."),
        (remaining, "stays", "A name has to stay with this one."),
    ):
        if "names" not in target:
            raise RecordRefused([Problem(path, "no_name", message)])
    remaining |= {name: record[name] for name in ("sources", "checked") if name in record}
    return load_validated(person_schema, remaining), load_validated(person_schema, moved)


def _split_field(name: str, value: Any) -> Iterator[SplitItem]:
    if name in LIST_FIELDS:
        yield from (SplitItem(f"{name}.{i}", (name, i), item) for i, item in enumerate(value))
    elif name in KEYED_FIELDS:
        yield from (SplitItem(f"{name}.{key}", (name, key), inner) for key, inner in value.items())
    elif name in (*FACT_FIELDS, "gender"):
        yield SplitItem(name, (name,), value)


def _set_item(record: dict[str, Any], item: SplitItem) -> None:
    name = str(item.path[0])
    if name in LIST_FIELDS:
        record.setdefault(name, []).append(item.value)
    elif name in KEYED_FIELDS:
        record.setdefault(name, {})[item.path[1]] = item.value
    else:
        record[name] = item.value
