"""Entity types: person with one subtype per profession, organisation, place, term by vocabulary.

`profession/composer` is the type of people who are composers, including those of narrower
professions; `term/profession` is the type of the professions themselves.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from biobank.common.i18n import best_text
from biobank.common.messages import Message, gettext_noop, pgettext_noop
from biobank.names.folding import fold
from biobank.records.catalogue import Catalogue, current_name
from biobank.records.countries import country_name
from biobank.records.vocabulary.gendered_labels import all_labels
from biobank.records.vocabulary.models import VOCABULARIES, term_key

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
    if entity.kind != TERM_TYPE:
        return [name["text"] for name in record["names"]]
    return list(all_labels(record))


def iter_entities(catalogue: Catalogue) -> Iterator[tuple[Entity, Mapping[str, Any]]]:
    """Yield every organisation, place and term."""
    for kind in (ORGANISATION_TYPE, PLACE_TYPE, TERM_TYPE):
        for id_, record in records_by_kind(catalogue, kind).items():
            yield Entity(kind, id_), record


SERVICE_NAME: Final = gettext_noop("Biobank: notable Azerbaijanis")
TYPE_LABELS: Final[Mapping[str, Message]] = {
    "person": pgettext_noop("entity type", "person"),
    "organisation": pgettext_noop("entity type", "organisation"),
    "place": pgettext_noop("entity type", "place"),
    "term": pgettext_noop("entity type", "term"),
    "term/profession": pgettext_noop("entity type", "profession"),
    "term/relation": pgettext_noop("entity type", "kind of relation"),
    "term/event": pgettext_noop("entity type", "kind of event"),
    "term/work": pgettext_noop("entity type", "kind of work"),
    "term/award": pgettext_noop("entity type", "award"),
}
SETTING_LABELS: Final[Mapping[str, Message]] = {
    "limit": gettext_noop("Values at most"),
    "limit_help": gettext_noop("How many values a row at most (0 for all)"),
    "lang": gettext_noop("Language"),
    "lang_help": gettext_noop("Names and texts in this language"),
}
#: Messages of previews without content.
PREVIEW_MESSAGES: Final[Mapping[str, Message]] = {
    "withdrawn": gettext_noop("This record was withdrawn on %(date)s."),
    "unknown": gettext_noop("There is no such record in the bank."),
    "open": gettext_noop("Open in the bank"),
}


PROFESSION_PREFIX: Final = "profession/"

TypeSummary = dict[str, Any]


@dataclass(frozen=True)
class EntityTypes:
    """The entity types of a catalogue."""

    catalogue: Catalogue

    def name(self, type_id: str, lang: str) -> str:
        if type_id.startswith(PROFESSION_PREFIX):
            return self.catalogue.term_label("profession", type_id.removeprefix(PROFESSION_PREFIX), lang)
        return TYPE_LABELS[type_id].translate(lang)

    def exists(self, type_id: str) -> bool:
        return type_id in TYPE_LABELS or self.resolve(type_id) in self.catalogue.terms

    def resolve(self, type_id: str) -> str:
        """Return the current type, following merges of professions."""
        return self.catalogue.resolve_redirect("term", type_id)

    def to_dict(self, type_id: str, lang: str) -> TypeSummary:
        return {"id": type_id, "name": self.name(type_id, lang)}

    def to_dict_with_broader(self, type_id: str, lang: str) -> TypeSummary:
        """Return the type with its directly broader types."""
        broader = [self.to_dict(broader_id, lang) for broader_id in self.broader(type_id)]
        return {**self.to_dict(type_id, lang), **({"broader": broader} if broader else {})}

    def broader(self, type_id: str) -> tuple[str, ...]:
        if type_id.startswith(PROFESSION_PREFIX):
            broader_ids = self.catalogue.directly_broader(
                "profession", type_id.removeprefix(PROFESSION_PREFIX)
            )
            return tuple(f"{PROFESSION_PREFIX}{term_id}" for term_id in broader_ids) or (PERSON_TYPE,)
        return (TERM_TYPE,) if type_id.startswith(f"{TERM_TYPE}/") else ()

    def person_types(self, professions: Iterable[str]) -> list[str]:
        """Return the types of a person: the kind first, then each profession."""
        return [PERSON_TYPE, *(f"{PROFESSION_PREFIX}{term_id}" for term_id in professions)]

    def entity_types(self, entity: Entity) -> list[str]:
        if entity.kind == TERM_TYPE:
            return [f"{TERM_TYPE}/{entity.id.partition('/')[0]}"]
        return [entity.kind]

    def with_broader(self, types: Iterable[str]) -> frozenset[str]:
        """Return `types` with all broader types."""
        seen: set[str] = set()
        pending = list(types)
        while pending:
            if (type_id := pending.pop()) not in seen:
                seen.add(type_id)
                pending.extend(self.broader(type_id))
        return frozenset(seen)

    def all_ids(self) -> Iterator[str]:
        yield from ENTITY_KINDS
        yield from (type_id for type_id in TYPE_LABELS if type_id not in ENTITY_KINDS)
        prefix = term_key("profession", "")
        yield from (key for key in self.catalogue.terms if key.startswith(prefix))

    def complete(self, prefix: str, lang: str) -> list[str]:
        """Return types with an id or a name in any language that has a word with the prefix.

        Those whose name in `lang` begins with it come first.
        """
        folded_prefix = fold(prefix.replace("/", " "))
        matches = []
        for type_id in self.all_ids():
            names = [self.name(type_id, name_lang) for name_lang in ("az", "en", "ru")]
            folded_names = [f" {fold(name)}" for name in (type_id.replace("/", " "), *names)]
            if any(f" {folded_prefix}" in name for name in folded_names):
                own_name = fold(self.name(type_id, lang))
                matches.append((not own_name.startswith(folded_prefix), own_name, type_id))
        return [type_id for _, _, type_id in sorted(matches)]


def is_person_type(type_id: str) -> bool:
    return type_id == PERSON_TYPE or type_id.startswith(PROFESSION_PREFIX)


def matches_types(types: frozenset[str], requested: Iterable[str], *, match_all: bool) -> bool:
    """Return whether `types` includes one of `requested`, or all of them with `match_all`."""
    results = [type_id in types for type_id in requested]
    return all(results) if match_all else any(results)
