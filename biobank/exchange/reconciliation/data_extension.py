"""Data extension: property values of entities that were reconciled before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy.orm import Session

from biobank.common.i18n import is_language
from biobank.editorial.revisions.publication import find_tombstone
from biobank.errors import BadQuery, FieldError
from biobank.exchange.reconciliation.entity_types import (
    PERSON_TYPE,
    Entity,
    EntityTypes,
    parse_entity,
    resolve_entity,
)
from biobank.exchange.reconciliation.properties import (
    RECONCILED_SCHEMES,
    AbsoluteUrl,
    ReconciliationProperty,
    Subject,
    find_property,
)
from biobank.exchange.reconciliation.query_parser import parse_json, truncate_for_message
from biobank.records.catalogue import Catalogue
from biobank.records.people import queries
from biobank.records.people.record import PersonRecord

MAX_EXTENDED_IDS: Final = 100
#: Maximum length of an id.
MAX_ENTITY_ID_CHARS: Final = 200
MAX_EXTENDED_COLUMNS: Final = 40

Json = dict[str, Any]


@dataclass
class ExtensionColumn:
    """A requested property: at most `limit` values per row (0 for all), in `lang`."""

    id: str
    property: ReconciliationProperty | None
    lang: str
    limit: int = 0
    problems: list[FieldError] = field(default_factory=list)


def extend(session: Session, catalogue: Catalogue, text: str, lang: str, absolute_url: AbsoluteUrl) -> Json:
    """Return the rows of a data extension request.

    People who are not public have no values; a merged person has those of the merge target.

    Raises:
        BadQuery: if the request is malformed.
    """
    ids, columns = _parse_request(text, lang)
    subjects = dict(_load_subjects(session, catalogue, ids, absolute_url))
    problems = [problem.to_dict() for column in columns for problem in column.problems]
    types = EntityTypes(catalogue)
    return {
        "meta": [_meta(column, types) for column in columns],
        "rows": {id_: {column.id: _cells(subjects.get(id_), column) for column in columns} for id_ in ids},
        **({"problems": problems} if problems else {}),
    }


def _parse_request(text: str, lang: str) -> tuple[list[str], list[ExtensionColumn]]:
    request = parse_json(text, "extend")
    if not isinstance(request, dict):
        raise BadQuery('extend must be an object: {"ids": […], "properties": [{"id": "…"}]}.')
    ids, properties = request.get("ids"), request.get("properties")
    if not isinstance(ids, list) or not all(isinstance(id_, str) for id_ in ids):
        raise BadQuery("extend: ids must be a list of texts.")
    if len(ids) > MAX_EXTENDED_IDS or any(len(id_) > MAX_ENTITY_ID_CHARS for id_ in ids):
        raise BadQuery(
            f"extend: ids has {len(ids)} IDs; the maximum is {MAX_EXTENDED_IDS} of {MAX_ENTITY_ID_CHARS} characters."
        )
    if not isinstance(properties, list) or len(properties) > MAX_EXTENDED_COLUMNS:
        raise BadQuery(f"extend: properties must be a list of up to {MAX_EXTENDED_COLUMNS}.")
    columns = [_parse_column(item, index, lang) for index, item in enumerate(properties)]
    return list(dict.fromkeys(truncate_for_message(id_, len(id_)) for id_ in ids)), columns


def _parse_column(item: Any, index: int, lang: str) -> ExtensionColumn:
    if not isinstance(item, dict) or not isinstance(item.get("id"), str):
        raise BadQuery(f'extend: properties[{index}] must be an object with "id".')
    column = ExtensionColumn(truncate_for_message(item["id"]), find_property(item["id"]), lang)
    path = f"properties[{index}]"
    if column.property is None:
        column.problems.append(FieldError(f"{path}.id", "unknown", "Unknown property."))
    settings = item.get("settings") or {}
    if not isinstance(settings, dict):
        raise BadQuery(f"extend: {path}.settings must be an object.")
    _apply_settings(column, settings, f"{path}.settings")
    return column


def _apply_settings(column: ExtensionColumn, settings: Mapping[str, Any], path: str) -> None:
    """Apply settings as HTML forms send them: numbers may be texts; invalid values are reported."""
    limit, lang = settings.get("limit", 0), settings.get("lang", column.lang)
    limit_text = str(limit)[:9]
    if limit_text.isascii() and limit_text.isdecimal():
        column.limit = int(limit_text)
    elif limit_text:
        column.problems.append(FieldError(f"{path}.limit", "type", "Must be a number from 0."))
    if isinstance(lang, str) and is_language(lang):
        column.lang = lang
    elif lang:
        column.problems.append(FieldError(f"{path}.lang", "choice", "Must be one of: az, en, ru."))


def _load_subjects(
    session: Session, catalogue: Catalogue, ids: list[str], absolute_url: AbsoluteUrl
) -> Iterator[tuple[str, Subject]]:
    entities = {id_: entity for id_ in ids if (entity := parse_entity(id_))}
    people = [entity.id for entity in entities.values() if entity.kind == PERSON_TYPE]
    records = queries.load_records(session, people)
    for id_ in people:
        tombstone = None if id_ in records else find_tombstone(session, id_)
        record = queries.load_record(session, tombstone.new_id) if tombstone and tombstone.new_id else None
        if record:
            records[id_] = record
    for id_, entity in entities.items():
        entity_and_record = _find_record(catalogue, entity, records)
        if entity_and_record:
            yield id_, Subject(*entity_and_record, catalogue, absolute_url)


def _find_record(
    catalogue: Catalogue, entity: Entity, records: Mapping[str, PersonRecord]
) -> tuple[Entity, Mapping[str, Any]] | None:
    if entity.kind != PERSON_TYPE:
        return resolve_entity(catalogue, entity)
    record = records.get(entity.id)
    return (Entity(PERSON_TYPE, record["id"]), record) if record else None


def _cells(subject: Subject | None, column: ExtensionColumn) -> list[Json]:
    if subject is None or column.property is None:
        return []
    cells = list(column.property.values(subject, column.lang))
    return cells[: column.limit] if column.limit else cells


def _meta(column: ExtensionColumn, types: EntityTypes) -> Json:
    if column.property is None:
        return {"id": column.id, "name": column.id}
    property_ = column.property
    meta: Json = {"id": column.id, "name": property_.name(column.lang)}
    if property_.points_to:
        meta["type"] = types.to_dict(property_.points_to, column.lang)
    if property_.id in RECONCILED_SCHEMES:
        meta["service"] = RECONCILED_SCHEMES[property_.id]
    return meta
