"""Previews of entities, or a message if there is nothing to preview."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from biobank.common.i18n import best_text
from biobank.editorial.revisions.tombstones import find_tombstone
from biobank.exchange.reconciliation.entities import (
    PERSON_TYPE,
    Entity,
    entity_description,
    entity_name,
    parse_entity,
    resolve_entity,
)
from biobank.exchange.reconciliation.entity_types import EntityTypes
from biobank.exchange.reconciliation.labels import PREVIEW_MESSAGES
from biobank.records.date_formatting import format_edtf, format_life_years
from biobank.records.media.urls import portrait_sha
from biobank.records.people import queries
from biobank.records.people.mapping import preferred_name


@dataclass(frozen=True)
class EntityPreview:
    """A preview: `path` is the page, `portrait` the SHA-256 of the picture, `absent` a message."""

    status: int
    ref: str = ""
    name: str = ""
    years: str = ""
    line: str = ""
    types: tuple[str, ...] = ()
    portrait: str = ""
    path: str = ""
    absent: str = ""
    open: str = ""
    is_person: bool = False


def make_preview(session: Session, types: EntityTypes, ref: str, lang: str) -> EntityPreview:
    """Return the preview of an entity, also by its id from before a merge."""
    entity = parse_entity(ref)
    if entity is None:
        return EntityPreview(404, absent=PREVIEW_MESSAGES["unknown"][lang])
    if entity.kind != PERSON_TYPE:
        return _entity_preview(types, entity, lang)
    preview = _person_preview(session, types, entity.id, lang)
    if preview is None:
        tombstone = find_tombstone(session, entity.id)
        if tombstone and tombstone.at:
            return EntityPreview(
                410,
                absent=PREVIEW_MESSAGES["withdrawn"][lang].format(_date_text(tombstone.at, lang)),
            )
        preview = (
            _person_preview(session, types, tombstone.new_id, lang)
            if tombstone and tombstone.new_id
            else None
        )
    return preview or EntityPreview(404, absent=PREVIEW_MESSAGES["unknown"][lang])


def _person_preview(
    session: Session, types: EntityTypes, person_id: str, lang: str
) -> EntityPreview | None:
    record = queries.load_record(session, person_id)
    if record is None:
        return None
    birth, death = (record.get(role, {}).get("date") for role in ("birth", "death"))
    type_ids = types.person_types(record.get("professions", ()))[1:]
    return EntityPreview(
        200,
        person_id,
        preferred_name(record, lang),
        format_life_years(birth, death, lang, living="death" not in record),
        best_text(record.get("headline"), lang),
        tuple(types.name(type_id, lang) for type_id in type_ids),
        portrait_sha(record),
        Entity(PERSON_TYPE, person_id).path,
        open=PREVIEW_MESSAGES["open"][lang],
        is_person=True,
    )


def _entity_preview(types: EntityTypes, entity: Entity, lang: str) -> EntityPreview:
    entity_and_record = resolve_entity(types.catalogue, entity)
    if entity_and_record is None:
        return EntityPreview(404, absent=PREVIEW_MESSAGES["unknown"][lang])
    current, _ = entity_and_record
    return EntityPreview(
        200,
        current.ref,
        entity_name(*entity_and_record, lang),
        line=entity_description(types.catalogue, *entity_and_record, lang),
        types=tuple(types.name(type_id, lang) for type_id in types.entity_types(current)),
        path=current.path,
        open=PREVIEW_MESSAGES["open"][lang],
    )


def _date_text(at: datetime, lang: str) -> str:
    return format_edtf(f"{at:%Y-%m-%d}", lang)
