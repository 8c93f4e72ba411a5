"""Splitting of a record about two people: the second one becomes a new person."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.common.clock import now
from biobank.editorial.merging.field_choices import LIST_FIELDS
from biobank.editorial.merging.merge_plan import require_present
from biobank.editorial.merging.revision_writer import RevisionWriter, lock_people
from biobank.editorial.models import Revision
from biobank.editorial.revisions.bulk_save import create_person
from biobank.editorial.revisions.drafts import MAX_REVISION_MESSAGE_CHARS, generate_person_id
from biobank.editorial.revisions.latest_revisions import require_seen
from biobank.editorial.revisions.record_diff import LOCALIZED_FIELDS, RecordPath
from biobank.errors import RecordRefused
from biobank.records.people.citations import FACT_FIELDS
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.store.session import Database

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
        for target in [remaining] * (destination != "goes") + [moved] * (destination in ("goes", "both")):
            _set_item(target, item)
    for target, path, message in (
        (moved, "goes", "Choose a name for the new record, and the parts that belong to it."),
        (remaining, "stays", "At least one name must stay with this record."),
    ):
        if "names" not in target:
            raise RecordRefused.of_field(path, "no_name", message)
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


@dataclass(frozen=True)
class SplitResult:
    """The draft of the existing person, and the id of the new person."""

    person_id: str
    number: int
    new_id: str


def get_splittable(database: Database, actor: Identity, person_id: str) -> Revision:
    """Return the latest revision of a person, for splitting.

    Raises:
        NotFound: if the person does not exist.
        MergeRefused: if the person was withdrawn.
    """
    require(actor, Action.MERGE_PEOPLE)
    with database.read() as session:
        return require_present(session, person_id)[1]


def split_person(
    database: Database,
    actor: Identity,
    person_id: str,
    base: int,
    destinations: Mapping[str, str],
    text: str = "",
) -> SplitResult:
    """Split a record into two drafts.

    `destinations` are `goes` or `both`, by the keys of the items; other items stay. The public
    revision remains until the drafts are reviewed. To undo it, discard the drafts or merge the two
    people.

    Raises:
        NotFound: if the person does not exist.
        MergeRefused: if the person was withdrawn.
        EditConflict: if the record was saved since `base`.
        RecordRefused: if one of the two has no name.
    """
    require(actor, Action.MERGE_PEOPLE)
    with database.write() as session:
        lock_people(session, [person_id])
        _person, latest = require_present(session, person_id)
        require_seen(latest, base)
        remaining, moved = split_record(latest.record, destinations)
        new_id = generate_person_id(session, moved)
        create_person(session, new_id)
        message = f"{person_id} → {person_id}, {new_id}" + (f": {text.strip()}" if text else "")
        writer = RevisionWriter(session, actor, message[:MAX_REVISION_MESSAGE_CHARS], now())
        initial = Revision(person_id=new_id, number=0, state="new", writers=[])
        writer.add(initial, {"id": new_id, **moved}, "draft", latest).base = None
        revision = writer.add(latest, remaining, "draft")
        audit.record_for(session, actor, "split", "person", person_id, new=new_id)
        return SplitResult(person_id, revision.number, new_id)
