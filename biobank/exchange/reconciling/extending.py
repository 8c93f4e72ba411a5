"""Data extension: property values of entities that were reconciled before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy.orm import Session

from biobank.editorial.absence import absence
from biobank.errors import BadQuery, Problem
from biobank.exchange.reconciling.asking import read_json, shown
from biobank.exchange.reconciling.entities import PERSON, Entity, read_entity, thing
from biobank.exchange.reconciling.properties import SERVICES, Property, property_of
from biobank.exchange.reconciling.types import Types
from biobank.exchange.reconciling.values import Absolute, Subject, values_of
from biobank.i18n import is_language
from biobank.records.catalogue import Catalogue
from biobank.records.people import queries

IDS_MOST: Final = 100
#: Maximum length of an id.
ID_MOST: Final = 200
COLUMNS_MOST: Final = 40

Json = dict[str, Any]


@dataclass
class Column:
    """A requested property: at most `limit` values per row (0 for all), in `lang`."""

    id: str
    property: Property | None
    lang: str
    limit: int = 0
    problems: list[Problem] = field(default_factory=list)


def extend(
    session: Session, catalogue: Catalogue, text: str, lang: str, absolute: Absolute
) -> Json:
    """Return the rows of a data extension request.

    People who are not public have no values; a merged person has those of the merge target.

    Raises:
        BadQuery: if the request is malformed.
    """
    ids, columns = _read(text, lang)
    subjects = dict(_subjects(session, catalogue, ids, absolute))
    problems = [problem.as_dict() for column in columns for problem in column.problems]
    types = Types(catalogue)
    return {
        "meta": [_meta(column, types) for column in columns],
        "rows": {
            id_: {column.id: _cells(subjects.get(id_), column) for column in columns} for id_ in ids
        },
        **({"problems": problems} if problems else {}),
    }


def _read(text: str, lang: str) -> tuple[list[str], list[Column]]:
    sent = read_json(text, "extend")
    if not isinstance(sent, dict):
        raise BadQuery('extend takes an object: {"ids": […], "properties": [{"id": "…"}]}.')
    ids, properties = sent.get("ids"), sent.get("properties")
    if not isinstance(ids, list) or not all(isinstance(id_, str) for id_ in ids):
        raise BadQuery("extend: ids takes a list of texts.")
    if len(ids) > IDS_MOST or any(len(id_) > ID_MOST for id_ in ids):
        raise BadQuery(f"extend: ids takes {IDS_MOST} ids at most; it holds {len(ids)}.")
    if not isinstance(properties, list) or len(properties) > COLUMNS_MOST:
        raise BadQuery(f"extend: properties takes a list of up to {COLUMNS_MOST}.")
    columns = [_column(one, at, lang) for at, one in enumerate(properties)]
    return list(dict.fromkeys(shown(id_, len(id_)) for id_ in ids)), columns


def _column(sent: Any, at: int, lang: str) -> Column:
    if not isinstance(sent, dict) or not isinstance(sent.get("id"), str):
        raise BadQuery(f'extend: properties[{at}] takes an object with "id".')
    column = Column(shown(sent["id"]), property_of(sent["id"]), lang)
    path = f"properties[{at}]"
    if column.property is None:
        column.problems.append(Problem(f"{path}.id", "unknown", "There is no such property."))
    settings = sent.get("settings") or {}
    if not isinstance(settings, dict):
        raise BadQuery(f"extend: {path}.settings takes an object.")
    _set(column, settings, f"{path}.settings")
    return column


def _set(column: Column, settings: Mapping[str, Any], path: str) -> None:
    """Apply settings as HTML forms send them: numbers may be texts; invalid values are reported."""
    limit, lang = settings.get("limit", 0), settings.get("lang", column.lang)
    told = str(limit)[:9]
    if told.isascii() and told.isdecimal():
        column.limit = int(told)
    elif told:
        column.problems.append(Problem(f"{path}.limit", "type", "Takes a number from 0."))
    if isinstance(lang, str) and is_language(lang):
        column.lang = lang
    elif lang:
        column.problems.append(Problem(f"{path}.lang", "choice", "Takes one of az, en, ru."))


def _subjects(
    session: Session, catalogue: Catalogue, ids: list[str], absolute: Absolute
) -> Iterator[tuple[str, Subject]]:
    entities = {id_: entity for id_ in ids if (entity := read_entity(id_))}
    people = [entity.id for entity in entities.values() if entity.kind == PERSON]
    records = queries.records(session, people)
    for id_ in people:
        gone = None if id_ in records else absence(session, id_)
        record = queries.record(session, gone.new_id) if gone and gone.new_id else None
        if record:
            records[id_] = record
    for id_, entity in entities.items():
        found = _found(catalogue, entity, records)
        if found:
            yield id_, Subject(*found, catalogue, absolute)


def _found(
    catalogue: Catalogue, entity: Entity, records: Mapping[str, Json]
) -> tuple[Entity, Mapping[str, Any]] | None:
    if entity.kind != PERSON:
        return thing(catalogue, entity)
    record = records.get(entity.id)
    return (Entity(PERSON, record["id"]), record) if record else None


def _cells(subject: Subject | None, column: Column) -> list[Json]:
    if subject is None or column.property is None:
        return []
    found = list(values_of(subject, column.property, column.lang))
    return found[: column.limit] if column.limit else found


def _meta(column: Column, types: Types) -> Json:
    if column.property is None:
        return {"id": column.id, "name": column.id}
    its = column.property
    meta: Json = {"id": column.id, "name": its.name(column.lang)}
    if its.points_to:
        meta["type"] = types.short(its.points_to, column.lang)
    if its.id in SERVICES:
        meta["service"] = SERVICES[its.id]
    return meta
