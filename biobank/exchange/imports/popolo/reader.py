"""Reader of Popolo: a document of persons, organisations and memberships, or a list of persons."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import IO, Any

from biobank.exchange.imports.decompression import spool_to_disk
from biobank.exchange.imports.items import WHOLE_FILE, ImportItem
from biobank.exchange.imports.json_objects import SourceObject, iter_objects
from biobank.exchange.imports.messages import ImportMessage, UnreadableFile, import_message
from biobank.exchange.imports.place_resolver import PlaceResolver
from biobank.exchange.imports.popolo.memberships import (
    MAX_INDEXED_ENTRIES,
    MAX_RECORD_MEMBERSHIPS,
    MembershipIndex,
)
from biobank.exchange.imports.popolo.persons import person_to_record

#: The lists of a document; people are in the first.
POPOLO_LISTS = frozenset(("persons", "organizations", "memberships"))
INDEXED_LISTS = ("organizations", "memberships")


def read_popolo(stream: IO[bytes], _resolver: PlaceResolver) -> Iterator[ImportItem]:
    """Yield one item for each person; read the file twice, as memberships may be anywhere.

    Raises:
        UnreadableFile: if it exceeds the disk limit, or has too many organisations and memberships.
    """
    with closing(spool_to_disk(stream)) as spool:
        index = MembershipIndex()
        for source_object in iter_objects(spool, POPOLO_LISTS):
            if source_object.list_name not in INDEXED_LISTS or source_object.error:
                continue
            if not index.add(source_object.list_name, source_object.value):
                raise UnreadableFile(import_message("popolo_many", most=MAX_INDEXED_ENTRIES))
        spool.seek(0)
        for source_object in iter_objects(spool, POPOLO_LISTS):
            if source_object.list_name not in INDEXED_LISTS or source_object.error:
                yield _to_item(source_object, index)
    if unmatched := index.count_unmatched():
        message = import_message("popolo_alone", count=unmatched)
        yield ImportItem(WHOLE_FILE, notices=[message], is_file_notice=True)


def _to_item(source_object: SourceObject, index: MembershipIndex) -> ImportItem:
    if source_object.error:
        return ImportItem(source_object.label, error=source_object.error)
    if not isinstance(source_object.value, Mapping):
        return ImportItem(source_object.label, error=import_message("no_object"))
    notices: list[ImportMessage] = []
    record = person_to_record(source_object.value, notices)
    if not record["names"]:
        return ImportItem(source_object.label, error=import_message("no_name"))
    entries = list(index.read_memberships(source_object.value, notices))
    if (excess := len(entries) - MAX_RECORD_MEMBERSHIPS) > 0:
        del entries[MAX_RECORD_MEMBERSHIPS:]
        notices.append(import_message("popolo_cut", "memberships", count=excess, most=MAX_RECORD_MEMBERSHIPS))
    if entries:
        record["memberships"] = entries
    organisation_ids = dict.fromkeys(entry["organisation"] for entry in entries)
    bundled = {"organisations": [index.by_id[id_] for id_ in organisation_ids]} if organisation_ids else {}
    return ImportItem(
        source_object.label,
        record,
        bundled_records=bundled,
        notices=notices,
        key=_source_key(source_object.value),
    )


def _source_key(person: Mapping[str, Any]) -> str:
    id_: Any = person.get("id")
    return id_.strip()[:200] if isinstance(id_, str) else ""
