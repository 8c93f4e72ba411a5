"""Reader of Popolo: a document of persons, organisations and memberships, or a list of persons."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import IO, Any

from biobank.exchange.importing.bank import Bank
from biobank.exchange.importing.json_parts import Part, parts
from biobank.exchange.importing.opening import spooled
from biobank.exchange.importing.popolo.memberships import (
    HELD_MOST,
    MEMBERSHIPS_MOST,
    Memberships,
)
from biobank.exchange.importing.popolo.persons import record_of
from biobank.exchange.importing.reading import THE_FILE, Item
from biobank.exchange.importing.said import Said, UnreadableFile, say

#: The lists of a document; people are in the first.
LISTS = frozenset(("persons", "organizations", "memberships"))
HELD = ("organizations", "memberships")


def popolo_items(stream: IO[bytes], _bank: Bank) -> Iterator[Item]:
    """Yield one item for each person; read the file twice, as memberships may be anywhere.

    Raises:
        UnreadableFile: if it exceeds the disk limit, or has too many organisations and memberships.
    """
    with closing(spooled(stream)) as spool:
        memberships = Memberships()
        for part in parts(spool, LISTS):
            if part.under not in HELD or part.fault:
                continue
            if not memberships.learn(part.under, part.value):
                raise UnreadableFile(say("popolo_many", most=HELD_MOST))
        spool.seek(0)
        for part in parts(spool, LISTS):
            if part.under not in HELD or part.fault:
                yield _item(part, memberships)
    if alone := memberships.alone():
        said = say("popolo_alone", count=alone)
        yield Item(THE_FILE, notices=[said], is_remark=True)


def _item(part: Part, memberships: Memberships) -> Item:
    if part.fault:
        return Item(part.label, fault=part.fault)
    if not isinstance(part.value, Mapping):
        return Item(part.label, fault=say("no_object"))
    notices: list[Said] = []
    record = record_of(part.value, notices)
    if not record["names"]:
        return Item(part.label, fault=say("no_name"))
    found = list(memberships.of(part.value, notices))
    if (more := len(found) - MEMBERSHIPS_MOST) > 0:
        del found[MEMBERSHIPS_MOST:]
        notices.append(say("popolo_cut", "memberships", count=more, most=MEMBERSHIPS_MOST))
    if found:
        record["memberships"] = found
    used = dict.fromkeys(entry["organisation"] for entry in found)
    brings = {"organisations": [memberships.by_id[id_] for id_ in used]} if used else {}
    return Item(part.label, record, brings=brings, notices=notices, key=_key(part.value))


def _key(person: Mapping[str, Any]) -> str:
    id_: Any = person.get("id")
    return id_.strip()[:200] if isinstance(id_, str) else ""
