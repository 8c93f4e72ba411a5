"""Suggestions of entities, types and properties for a typed prefix."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from biobank.exchange.reconciling import properties
from biobank.exchange.reconciling.entities import (
    PERSON,
    Entity,
    read_entity,
    thing,
    thing_line,
    thing_name,
)
from biobank.exchange.reconciling.things import Things
from biobank.exchange.reconciling.types import Types, fits
from biobank.names.matcher import Matcher
from biobank.records.people.outlines import outlines
from biobank.search.suggesting import names_for

#: Suggestions per page, maximum cursor, and people examined if a type is required.
PAGE: Final = 10
CURSOR_MOST: Final = 200
LOOKED_AT: Final = 400

Json = dict[str, Any]


@dataclass(frozen=True)
class Typed:
    """A suggest request: the typed prefix, the cursor, and the required types."""

    prefix: str
    cursor: int
    types: tuple[str, ...]
    lang: str

    @property
    def end(self) -> int:
        return self.cursor + PAGE


def entities(
    session: Session, matcher: Matcher, things: Things, types: Types, typed: Typed
) -> list[Json]:
    """Return people matching the prefix, then other entities; an exact id comes first."""
    found = [
        *_by_id(session, types, typed),
        *_people(session, matcher, types, typed),
        *_things(things, types, typed),
    ]
    once = {one["id"]: one for one in found}
    return list(once.values())[typed.cursor : typed.end]


def types_begun(types: Types, typed: Typed) -> list[Json]:
    begun = types.begun(typed.prefix, typed.lang)[typed.cursor : typed.end]
    return [types.whole(one, typed.lang) for one in begun]


def properties_begun(typed: Typed) -> list[Json]:
    begun = properties.begun(typed.prefix, typed.lang)[typed.cursor : typed.end]
    return [one.shown(typed.lang) for one in begun]


def _by_id(session: Session, types: Types, typed: Typed) -> Iterator[Json]:
    entity = read_entity(typed.prefix)
    if entity and entity.kind == PERSON:
        yield from _outlined(session, [entity.id], types, typed)
    elif entity:
        yield from _shown(entity, types, typed)


def _people(session: Session, matcher: Matcher, types: Types, typed: Typed) -> Iterator[Json]:
    ids = list(names_for(matcher, typed.prefix, LOOKED_AT if typed.types else typed.end))
    yield from _outlined(session, ids, types, typed)


def _outlined(session: Session, ids: Sequence[str], types: Types, typed: Typed) -> Iterator[Json]:
    found = outlines(session, ids)
    for id_ in ids:
        if id_ in found:
            one = found[id_]
            own = types.of_person(one.professions)
            if _fitting(own, types, typed):
                name, line = one.name(typed.lang), one.line(typed.lang)
                yield _entry(Entity(PERSON, id_), name, line, own, types, typed.lang)


def _things(things: Things, types: Types, typed: Typed) -> Iterator[Json]:
    for one in things.matcher(types.catalogue).complete(typed.prefix, LOOKED_AT):
        if entity := read_entity(one.person_id):
            yield from _shown(entity, types, typed)


def _shown(entity: Entity, types: Types, typed: Typed) -> Iterator[Json]:
    found = thing(types.catalogue, entity)
    if found and _fitting(own := types.of_thing(found[0]), types, typed):
        name = thing_name(*found, typed.lang)
        line = thing_line(types.catalogue, *found, typed.lang)
        yield _entry(found[0], name, line, own, types, typed.lang)


def _fitting(own: Sequence[str], types: Types, typed: Typed) -> bool:
    return not typed.types or fits(types.all_of(own), typed.types, every=False)


def _entry(
    entity: Entity, name: str, line: str, own: Sequence[str], types: Types, lang: str
) -> Json:
    return {
        "id": entity.ref,
        "name": name,
        **({"description": line} if line else {}),
        "notable": [types.short(one, lang) for one in own],
    }
