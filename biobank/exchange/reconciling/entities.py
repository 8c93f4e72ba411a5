"""Entities that can be reconciled; ids of all but people are prefixed with their kind.

`uzeyir-hacibeyov`, `organisation/baku-music-academy`, `place/baku`, `term/profession/composer`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from biobank.i18n import best
from biobank.records.catalogue import Catalogue, name_of
from biobank.records.countries import country_name
from biobank.records.vocabulary.models import VOCABULARIES

PERSON, ORGANISATION, PLACE, TERM = "person", "organisation", "place", "term"
KINDS: Final = (PERSON, ORGANISATION, PLACE, TERM)
#: Permanent URL path prefix of each kind.
PATHS: Final[Mapping[str, str]] = {
    PERSON: "/people/",
    ORGANISATION: "/organisations/",
    PLACE: "/places/",
    TERM: "/terms/",
}
_ID: Final = re.compile(r"[a-z0-9-]{1,120}")


@dataclass(frozen=True)
class Entity:
    """An entity; `id` is that of the record, of a term its key, `profession/composer`."""

    kind: str
    id: str

    @property
    def ref(self) -> str:
        """Return the id that the service uses."""
        return self.id if self.kind == PERSON else f"{self.kind}/{self.id}"

    @property
    def path(self) -> str:
        """Return the permanent URL path."""
        return PATHS[self.kind] + self.id


def read_entity(ref: str) -> Entity | None:
    """Parse an id of the service; None if it is invalid."""
    kind, slash, rest = ref.partition("/")
    if not slash:
        return Entity(PERSON, ref) if _ID.fullmatch(ref) else None
    vocabulary, _, term = rest.partition("/")
    if kind == TERM:
        told = vocabulary in VOCABULARIES and _ID.fullmatch(term)
    else:
        told = kind in (ORGANISATION, PLACE) and _ID.fullmatch(rest)
    return Entity(kind, rest) if told else None


def records_of(catalogue: Catalogue, kind: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the records of a kind other than people, by id."""
    return {
        ORGANISATION: catalogue.organisations,
        PLACE: catalogue.places,
        TERM: catalogue.terms,
    }[kind]


def thing(catalogue: Catalogue, entity: Entity) -> tuple[Entity, Mapping[str, Any]] | None:
    """Return an organisation, place or term with its record, following merges; None if missing."""
    now = Entity(entity.kind, catalogue.where_now(entity.kind, entity.id))
    record = records_of(catalogue, entity.kind).get(now.id)
    return (now, record) if record else None


def thing_name(entity: Entity, record: Mapping[str, Any], lang: str) -> str:
    """Return the name of an organisation or place, or the label of a term."""
    return best(record["labels"], lang) if entity.kind == TERM else name_of(record, lang)


def thing_line(catalogue: Catalogue, entity: Entity, record: Mapping[str, Any], lang: str) -> str:
    """Return what distinguishes an entity from namesakes: summary, location or broader terms."""
    if entity.kind == ORGANISATION:
        place = catalogue.place_name(record["place"], lang) if "place" in record else ""
        return best(record.get("summary"), lang) or place
    if entity.kind == PLACE:
        above = [catalogue.place_name(record["broader"], lang)] if "broader" in record else []
        return ", ".join(dict.fromkeys([*above, *_countries(record, lang)]))
    broader = record.get("broader", ())
    return ", ".join(catalogue.term_label(record["vocabulary"], one, lang) for one in broader)


def _countries(record: Mapping[str, Any], lang: str) -> list[str]:
    """Return the country of a place; a country itself has none."""
    told = "country" in record and record["kind"] != "country"
    return [country_name(record["country"], lang)] if told else []


def thing_names(entity: Entity, record: Mapping[str, Any]) -> list[str]:
    """Return all names of an entity."""
    if entity.kind != TERM:
        return [name["text"] for name in record["names"]]
    return [
        *record["labels"].values(),
        *(word for words in record.get("alt", {}).values() for word in words),
    ]


def things(catalogue: Catalogue) -> Iterator[tuple[Entity, Mapping[str, Any]]]:
    """Yield every organisation, place and term."""
    for kind in (ORGANISATION, PLACE, TERM):
        for id_, record in records_of(catalogue, kind).items():
            yield Entity(kind, id_), record
