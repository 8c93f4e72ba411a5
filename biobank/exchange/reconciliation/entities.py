"""Entities that can be reconciled; ids of all but people are prefixed with their kind.

`uzeyir-hacibeyov`, `organisation/baku-music-academy`, `place/baku`, `term/profession/composer`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from biobank.common.i18n import best_text
from biobank.records.catalogue import Catalogue, current_name
from biobank.records.countries import country_name
from biobank.records.vocabulary.gendered_labels import all_labels
from biobank.records.vocabulary.models import VOCABULARIES

PERSON_TYPE, ORGANISATION_TYPE, PLACE_TYPE, TERM_TYPE = "person", "organisation", "place", "term"
ENTITY_KINDS: Final = (PERSON_TYPE, ORGANISATION_TYPE, PLACE_TYPE, TERM_TYPE)
#: Permanent URL path prefix of each kind.
KIND_PATHS: Final[Mapping[str, str]] = {
    PERSON_TYPE: "/people/",
    ORGANISATION_TYPE: "/organisations/",
    PLACE_TYPE: "/places/",
    TERM_TYPE: "/terms/",
}
_ENTITY_ID: Final = re.compile(r"[a-z0-9-]{1,120}")


@dataclass(frozen=True)
class Entity:
    """An entity; `id` is that of the record, of a term its key, `profession/composer`."""

    kind: str
    id: str

    @property
    def ref(self) -> str:
        """Return the id that the service uses."""
        return self.id if self.kind == PERSON_TYPE else f"{self.kind}/{self.id}"

    @property
    def path(self) -> str:
        """Return the permanent URL path."""
        return KIND_PATHS[self.kind] + self.id


def parse_entity(ref: str) -> Entity | None:
    """Parse an id of the service; None if it is invalid."""
    kind, slash, key = ref.partition("/")
    if not slash:
        return Entity(PERSON_TYPE, ref) if _ENTITY_ID.fullmatch(ref) else None
    vocabulary, _, term = key.partition("/")
    if kind == TERM_TYPE:
        is_valid = vocabulary in VOCABULARIES and _ENTITY_ID.fullmatch(term)
    else:
        is_valid = kind in (ORGANISATION_TYPE, PLACE_TYPE) and _ENTITY_ID.fullmatch(key)
    return Entity(kind, key) if is_valid else None


def records_by_kind(catalogue: Catalogue, kind: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the records of a kind other than people, by id."""
    return {
        ORGANISATION_TYPE: catalogue.organisations,
        PLACE_TYPE: catalogue.places,
        TERM_TYPE: catalogue.terms,
    }[kind]


def resolve_entity(catalogue: Catalogue, entity: Entity) -> tuple[Entity, Mapping[str, Any]] | None:
    """Return an organisation, place or term with its record, following merges; None if missing."""
    current = Entity(entity.kind, catalogue.resolve_redirect(entity.kind, entity.id))
    record = records_by_kind(catalogue, entity.kind).get(current.id)
    return (current, record) if record else None


def entity_name(entity: Entity, record: Mapping[str, Any], lang: str) -> str:
    """Return the name of an organisation or place, or the label of a term."""
    return best_text(record["labels"], lang) if entity.kind == TERM_TYPE else current_name(record, lang)


def entity_description(catalogue: Catalogue, entity: Entity, record: Mapping[str, Any], lang: str) -> str:
    """Return what distinguishes an entity from namesakes: summary, location or broader terms."""
    if entity.kind == ORGANISATION_TYPE:
        place = catalogue.place_name(record["place"], lang) if "place" in record else ""
        return best_text(record.get("summary"), lang) or place
    if entity.kind == PLACE_TYPE:
        broader_names = [catalogue.place_name(record["broader"], lang)] if "broader" in record else []
        return ", ".join(dict.fromkeys([*broader_names, *_countries(record, lang)]))
    broader = record.get("broader", ())
    return ", ".join(catalogue.term_label(record["vocabulary"], term_id, lang) for term_id in broader)


def _countries(record: Mapping[str, Any], lang: str) -> list[str]:
    """Return the country of a place; a country itself has none."""
    lies_in_country = "country" in record and record["kind"] != "country"
    return [country_name(record["country"], lang)] if lies_in_country else []


def entity_names(entity: Entity, record: Mapping[str, Any]) -> list[str]:
    """Return all names of an entity."""
    if entity.kind != TERM_TYPE:
        return [name["text"] for name in record["names"]]
    return list(all_labels(record))


def iter_entities(catalogue: Catalogue) -> Iterator[tuple[Entity, Mapping[str, Any]]]:
    """Yield every organisation, place and term."""
    for kind in (ORGANISATION_TYPE, PLACE_TYPE, TERM_TYPE):
        for id_, record in records_by_kind(catalogue, kind).items():
            yield Entity(kind, id_), record
