"""Suggestions of entities, types and properties for a typed prefix."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from biobank.common.i18n import best_text
from biobank.editorial.revisions.publication import find_tombstone
from biobank.exchange.reconciliation.entity_types import (
    PERSON_TYPE,
    PREVIEW_MESSAGES,
    Entity,
    EntityTypes,
    entity_description,
    entity_name,
    matches_types,
    parse_entity,
    resolve_entity,
)
from biobank.exchange.reconciliation.name_evidence import EntityMatcher
from biobank.exchange.reconciliation.properties import PROPERTIES_BY_ID
from biobank.names.folding import fold
from biobank.names.matcher import NameMatcher
from biobank.records.date_formatting import format_edtf, format_life_years
from biobank.records.media.urls import portrait_sha
from biobank.records.people import queries
from biobank.records.people.mapping import preferred_name
from biobank.records.people.record import vital_event
from biobank.records.people.summaries import load_summaries
from biobank.search.suggestions import suggest_names

#: Suggestions per page, maximum cursor, and people examined if a type is required.
SUGGESTION_PAGE_SIZE: Final = 10
MAX_CURSOR: Final = 200
MAX_EXAMINED_PEOPLE: Final = 400

Json = dict[str, Any]


@dataclass(frozen=True)
class SuggestRequest:
    """A suggest request: the typed prefix, the cursor, and the required types."""

    prefix: str
    cursor: int
    types: tuple[str, ...]
    lang: str

    @property
    def end(self) -> int:
        return self.cursor + SUGGESTION_PAGE_SIZE


def suggest_entities(
    session: Session,
    matcher: NameMatcher,
    entity_matcher: EntityMatcher,
    types: EntityTypes,
    request: SuggestRequest,
) -> list[Json]:
    """Return people matching the prefix, then other entities; an exact id comes first."""
    suggestions = [
        *_by_id(session, types, request),
        *_people(session, matcher, types, request),
        *_other_entities(entity_matcher, types, request),
    ]
    unique = {suggestion["id"]: suggestion for suggestion in suggestions}
    return list(unique.values())[request.cursor : request.end]


def suggest_types(types: EntityTypes, request: SuggestRequest) -> list[Json]:
    type_ids = types.complete(request.prefix, request.lang)[request.cursor : request.end]
    return [types.to_dict_with_broader(type_id, request.lang) for type_id in type_ids]


def suggest_properties(request: SuggestRequest) -> list[Json]:
    """Return properties with an id or a name in any language that has a word with the prefix."""
    folded_prefix = fold(request.prefix)
    matches = []
    for property_ in PROPERTIES_BY_ID.values():
        names = (property_.id.replace("_", " "), *property_.label.translations().values())
        is_word = any(f" {folded_prefix}" in f" {fold(name)}" for name in names)
        if is_word or property_.id.startswith(request.prefix):
            own_name = fold(property_.name(request.lang))
            matches.append((not own_name.startswith(folded_prefix.strip()), property_))
    matches.sort(key=lambda match: match[0])
    return [property_.to_dict(request.lang) for _, property_ in matches[request.cursor : request.end]]


def _by_id(session: Session, types: EntityTypes, request: SuggestRequest) -> Iterator[Json]:
    entity = parse_entity(request.prefix)
    if entity and entity.kind == PERSON_TYPE:
        yield from _people_entries(session, [entity.id], types, request)
    elif entity:
        yield from _entity_entries(entity, types, request)


def _people(
    session: Session, matcher: NameMatcher, types: EntityTypes, request: SuggestRequest
) -> Iterator[Json]:
    ids = list(suggest_names(matcher, request.prefix, MAX_EXAMINED_PEOPLE if request.types else request.end))
    yield from _people_entries(session, ids, types, request)


def _people_entries(
    session: Session, ids: Sequence[str], types: EntityTypes, request: SuggestRequest
) -> Iterator[Json]:
    summaries = load_summaries(session, ids)
    for id_ in ids:
        if id_ in summaries:
            summary = summaries[id_]
            type_ids = types.person_types(summary.professions)
            if _has_required_type(type_ids, types, request):
                name, description = summary.name(request.lang), summary.line(request.lang)
                yield _entry(Entity(PERSON_TYPE, id_), name, description, type_ids, types, request.lang)


def _other_entities(
    entity_matcher: EntityMatcher, types: EntityTypes, request: SuggestRequest
) -> Iterator[Json]:
    for match in entity_matcher.matcher(types.catalogue).complete(request.prefix, MAX_EXAMINED_PEOPLE):
        if entity := parse_entity(match.person_id):
            yield from _entity_entries(entity, types, request)


def _entity_entries(entity: Entity, types: EntityTypes, request: SuggestRequest) -> Iterator[Json]:
    entity_and_record = resolve_entity(types.catalogue, entity)
    if entity_and_record and _has_required_type(
        type_ids := types.entity_types(entity_and_record[0]), types, request
    ):
        name = entity_name(*entity_and_record, request.lang)
        description = entity_description(types.catalogue, *entity_and_record, request.lang)
        yield _entry(entity_and_record[0], name, description, type_ids, types, request.lang)


def _has_required_type(type_ids: Sequence[str], types: EntityTypes, request: SuggestRequest) -> bool:
    return not request.types or matches_types(types.with_broader(type_ids), request.types, match_all=False)


def _entry(
    entity: Entity, name: str, description: str, type_ids: Sequence[str], types: EntityTypes, lang: str
) -> Json:
    return {
        "id": entity.ref,
        "name": name,
        **({"description": description} if description else {}),
        "notable": [types.to_dict(type_id, lang) for type_id in type_ids],
    }


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
        return EntityPreview(404, absent=PREVIEW_MESSAGES["unknown"].translate(lang))
    if entity.kind != PERSON_TYPE:
        return _entity_preview(types, entity, lang)
    preview = _person_preview(session, types, entity.id, lang)
    if preview is None:
        tombstone = find_tombstone(session, entity.id)
        if tombstone and tombstone.at:
            return EntityPreview(
                410, absent=PREVIEW_MESSAGES["withdrawn"].translate(lang, date=_date_text(tombstone.at, lang))
            )
        preview = (
            _person_preview(session, types, tombstone.new_id, lang)
            if tombstone and tombstone.new_id
            else None
        )
    return preview or EntityPreview(404, absent=PREVIEW_MESSAGES["unknown"].translate(lang))


def _person_preview(session: Session, types: EntityTypes, person_id: str, lang: str) -> EntityPreview | None:
    record = queries.load_record(session, person_id)
    if record is None:
        return None
    birth, death = (vital_event(record, role).get("date") for role in ("birth", "death"))
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
        open=PREVIEW_MESSAGES["open"].translate(lang),
        is_person=True,
    )


def _entity_preview(types: EntityTypes, entity: Entity, lang: str) -> EntityPreview:
    entity_and_record = resolve_entity(types.catalogue, entity)
    if entity_and_record is None:
        return EntityPreview(404, absent=PREVIEW_MESSAGES["unknown"].translate(lang))
    current, _ = entity_and_record
    return EntityPreview(
        200,
        current.ref,
        entity_name(*entity_and_record, lang),
        line=entity_description(types.catalogue, *entity_and_record, lang),
        types=tuple(types.name(type_id, lang) for type_id in types.entity_types(current)),
        path=current.path,
        open=PREVIEW_MESSAGES["open"].translate(lang),
    )


def _date_text(at: datetime, lang: str) -> str:
    return format_edtf(f"{at:%Y-%m-%d}", lang)
