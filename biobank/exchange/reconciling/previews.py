"""Previews of entities, or a message if there is nothing to preview."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from biobank.editorial.absence import absence
from biobank.exchange.reconciling.entities import (
    PERSON,
    Entity,
    read_entity,
    thing,
    thing_line,
    thing_name,
)
from biobank.exchange.reconciling.types import Types
from biobank.exchange.reconciling.words import ABSENT
from biobank.i18n import best
from biobank.records.date_words import date_in_words, years_in_words
from biobank.records.media.addresses import portrait_of
from biobank.records.people import queries
from biobank.records.people.mapping import preferred_name


@dataclass(frozen=True)
class Preview:
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


def make_preview(session: Session, types: Types, ref: str, lang: str) -> Preview:
    """Return the preview of an entity, also by its id from before a merge."""
    entity = read_entity(ref)
    if entity is None:
        return Preview(404, absent=ABSENT["unknown"][lang])
    if entity.kind != PERSON:
        return _of_thing(types, entity, lang)
    found = _of_person(session, types, entity.id, lang)
    if found is None:
        gone = absence(session, entity.id)
        if gone and gone.at:
            return Preview(410, absent=ABSENT["withdrawn"][lang].format(_day(gone.at, lang)))
        found = _of_person(session, types, gone.new_id, lang) if gone and gone.new_id else None
    return found or Preview(404, absent=ABSENT["unknown"][lang])


def _of_person(session: Session, types: Types, person_id: str, lang: str) -> Preview | None:
    record = queries.record(session, person_id)
    if record is None:
        return None
    birth, death = (record.get(role, {}).get("date") for role in ("birth", "death"))
    told = types.of_person(record.get("professions", ()))[1:]
    return Preview(
        200,
        person_id,
        preferred_name(record, lang),
        years_in_words(birth, death, lang, living="death" not in record),
        best(record.get("headline"), lang),
        tuple(types.name(one, lang) for one in told),
        portrait_of(record),
        Entity(PERSON, person_id).path,
        open=ABSENT["open"][lang],
        is_person=True,
    )


def _of_thing(types: Types, entity: Entity, lang: str) -> Preview:
    found = thing(types.catalogue, entity)
    if found is None:
        return Preview(404, absent=ABSENT["unknown"][lang])
    now, _ = found
    return Preview(
        200,
        now.ref,
        thing_name(*found, lang),
        line=thing_line(types.catalogue, *found, lang),
        types=tuple(types.name(one, lang) for one in types.of_thing(now)),
        path=now.path,
        open=ABSENT["open"][lang],
    )


def _day(at: datetime, lang: str) -> str:
    return date_in_words(f"{at:%Y-%m-%d}", lang)
