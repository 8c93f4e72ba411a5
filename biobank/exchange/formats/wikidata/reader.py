"""Reader of Wikidata files: one entity, several under `entities`, or a dump."""

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import IO, Any

from biobank.exchange.formats.json_objects import SourceObject, iter_objects
from biobank.exchange.formats.wikidata.people import PersonConverter
from biobank.exchange.formats.wikidata.statements import RelatedEntities, best_statements, is_human, item_ids
from biobank.exchange.imports.decompression import spool_to_disk
from biobank.exchange.imports.items import ImportItem
from biobank.exchange.imports.messages import ImportMessage, import_message
from biobank.exchange.imports.place_resolver import PlaceResolver
from biobank.records.validation import truncate_for_display

WIKIDATA_LISTS = frozenset(("entities",))
ITEM_ID_PATTERN = re.compile(r"Q[1-9][0-9]{0,11}")


def read_wikidata(stream: IO[bytes], resolver: PlaceResolver) -> Iterator[ImportItem]:
    """Yield one item for each human; read the file twice, as places may be anywhere.

    Entities that are not human and that no person refers to are refused, at the end.

    Raises:
        UnreadableFile: if it exceeds the disk limit.
    """
    with closing(spool_to_disk(stream)) as spool:
        entities = RelatedEntities()
        for source_object in iter_objects(spool, WIKIDATA_LISTS):
            entities.add(source_object.value)
        spool.seek(0)
        deferred: list[tuple[str, ImportItem]] = []
        for source_object in iter_objects(spool, WIKIDATA_LISTS):
            item = _to_item(source_object, entities, resolver)
            if item.error and (id_ := _entity_id(source_object.value)) in entities.by_id:
                deferred.append((id_, item))
            else:
                yield item
        yield from (item for id_, item in deferred if id_ not in entities.referenced)


def _to_item(source_object: SourceObject, entities: RelatedEntities, resolver: PlaceResolver) -> ImportItem:
    id_ = _entity_id(source_object.value)
    label = f"{source_object.label} ({truncate_for_display(id_, 20)})" if id_ else source_object.label
    if error := source_object.error or _refusal_reason(source_object.value, id_):
        return ImportItem(label, error=error)
    person = PersonConverter(source_object.value, entities, resolver)
    bundled = {"places": list(person.places.values())} if person.places else {}
    return ImportItem(label, person.record, bundled_records=bundled, notices=person.notices, key=id_)


def _entity_id(entity: Any) -> str:
    id_ = entity.get("id") if isinstance(entity, Mapping) else None
    return id_ if isinstance(id_, str) else ""


def _refusal_reason(entity: Any, id_: str) -> ImportMessage | None:
    """Return why an entity is not an importable person; None if it is one."""
    if not isinstance(entity, Mapping):
        return import_message("wikidata_no_entity")
    if not ITEM_ID_PATTERN.fullmatch(id_):
        return import_message("wikidata_no_item")
    if "missing" in entity:
        return import_message("wikidata_missing")
    if is_human(entity):
        return None
    kinds = ", ".join(item_ids(best_statements(entity, "P31"))[:5])
    return import_message("wikidata_no_human", kinds=kinds) if kinds else import_message("wikidata_no_kind")
