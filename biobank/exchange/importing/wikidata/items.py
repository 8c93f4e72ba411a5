"""Reader of Wikidata files: one entity, several under `entities`, or a dump."""

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import IO, Any

from biobank.exchange.importing.bank import Bank
from biobank.exchange.importing.json_parts import Part, parts
from biobank.exchange.importing.opening import spooled
from biobank.exchange.importing.reading import Item
from biobank.exchange.importing.said import Said, say
from biobank.exchange.importing.wikidata.others import Others, is_human
from biobank.exchange.importing.wikidata.people import person_of
from biobank.exchange.importing.wikidata.statements import best, items
from biobank.records.problems import shown

LISTS = frozenset(("entities",))
ITEM = re.compile(r"Q[1-9][0-9]{0,11}")


def wikidata_items(stream: IO[bytes], bank: Bank) -> Iterator[Item]:
    """Yield one item for each human; read the file twice, as places may be anywhere.

    Entities that are not human and that no person refers to are refused, at the end.

    Raises:
        UnreadableFile: if it exceeds the disk limit.
    """
    with closing(spooled(stream)) as spool:
        others = Others()
        for part in parts(spool, LISTS):
            others.learn(part.value)
        spool.seek(0)
        refused: list[tuple[str, Item]] = []
        for part in parts(spool, LISTS):
            item = _item(part, others, bank)
            if item.fault and (id_ := _id(part.value)) in others.by_id:
                refused.append((id_, item))
            else:
                yield item
        yield from (item for id_, item in refused if id_ not in others.used)


def _item(part: Part, others: Others, bank: Bank) -> Item:
    id_ = _id(part.value)
    label = f"{part.label} ({shown(id_, 20)})" if id_ else part.label
    if fault := part.fault or _fault(part.value, id_):
        return Item(label, fault=fault)
    made = person_of(part.value, others, bank)
    brings = {"places": list(made.places.values())} if made.places else {}
    return Item(label, made.record, brings=brings, notices=made.notices, key=id_)


def _id(entity: Any) -> str:
    id_ = entity.get("id") if isinstance(entity, Mapping) else None
    return id_ if isinstance(id_, str) else ""


def _fault(entity: Any, id_: str) -> Said | None:
    """Return why an entity is not an importable person; None if it is one."""
    if not isinstance(entity, Mapping):
        return say("wikidata_no_entity")
    if not ITEM.fullmatch(id_):
        return say("wikidata_no_item")
    if "missing" in entity:
        return say("wikidata_missing")
    if is_human(entity):
        return None
    kinds = ", ".join(items(best(entity, "P31"))[:5])
    return say("wikidata_no_human", kinds=kinds) if kinds else say("wikidata_no_kind")
