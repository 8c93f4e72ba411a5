"""People as linked data: the person, the bank's record about them, and its parts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from biobank.common.i18n import LANGUAGES
from biobank.exchange.formats.linked_data.dates import date_statements
from biobank.exchange.formats.linked_data.entities import (
    ALTERNATE_NAME_PREDICATE,
    NAME_PREDICATE,
    ReferencedEntities,
    external_links,
    language_tag,
    link_statements,
    unlinked_identifiers,
)
from biobank.exchange.formats.linked_data.graph import (
    Description,
    GraphNode,
    RdfStatement,
    RdfValue,
    UriRef,
    localized_statements,
    make_node,
    plain_literal,
    typed_literal,
)
from biobank.exchange.formats.linked_data.life_facts import (
    awards,
    events,
    floruit,
    memberships,
    works,
)
from biobank.exchange.formats.linked_data.media import media_nodes
from biobank.exchange.formats.linked_data.relations import PersonRelation, relation_statements
from biobank.exchange.formats.linked_data.vocabularies import (
    LICENCE_URI,
    MADS,
    SCHEMA_ORG,
    SKOS,
    XSD,
)
from biobank.records.people.citations import strip_citations

GENDER_RDF_VALUES: Mapping[str, RdfValue] = {
    "male": UriRef(SCHEMA_ORG + "Male"),
    "female": UriRef(SCHEMA_ORG + "Female"),
    "other": plain_literal("other"),
}


@dataclass(frozen=True)
class RelatedContext:
    """Related data of a public record: its revision, related people, sources and images."""

    number: int
    last_changed: datetime
    #: Relations from both ends, to public people only.
    relations: Sequence[PersonRelation] = ()
    #: Names of the related people, by id.
    names: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    #: CSL-JSON items of the record's sources, by id.
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    #: SHA-256 hashes of the record's pictures that the bank stores.
    stored_images: frozenset[str] = frozenset()


def describe_person(
    record: Mapping[str, Any], related: RelatedContext, collector: ReferencedEntities
) -> Description:
    """Describe a person, the record and its parts; references are collected in `collector`."""
    person_id, uris = record["id"], collector.uris
    uri = uris.person(person_id)
    parts = {
        SCHEMA_ORG + "memberOf": memberships(record, collector),
        SCHEMA_ORG + "award": awards(record, collector),
    }
    other_nodes = [
        *works(record, collector),
        *floruit(record, collector),
        *events(record, collector),
        *unlinked_identifiers(record.get("identifiers"), uri),
    ]
    images, recordings = media_nodes(record, related.stored_images, collector)
    person = make_node(
        uri,
        [SCHEMA_ORG + "Person"],
        _name_statements(record),
        _life_statements(record, collector),
        *(link_statements(predicate, nodes) for predicate, nodes in parts.items()),
        relation_statements(related.relations, related.names, collector),
        link_statements(SCHEMA_ORG + "image", images),
        external_links(record.get("identifiers"), SCHEMA_ORG + "sameAs"),
        link_statements(
            SCHEMA_ORG + "identifier", unlinked_identifiers(record.get("identifiers"), uri)
        ),
        _texts(record),
        [(SCHEMA_ORG + "subjectOf", UriRef(uris.record(person_id)))],
        link_statements(SCHEMA_ORG + "subjectOf", recordings),
    )
    node_lists = (*parts.values(), other_nodes, images, recordings)
    return (
        person,
        _record_node(record, related, collector),
        *(part_node for nodes in node_lists for part_node in nodes),
    )


def _name_statements(record: Mapping[str, Any]) -> Iterator[RdfStatement]:
    for name in record["names"]:
        predicate = NAME_PREDICATE if name["kind"] == "preferred" else ALTERNATE_NAME_PREDICATE
        yield predicate, plain_literal(name["text"], language_tag(name["lang"], name.get("script")))


def _life_statements(
    record: Mapping[str, Any], collector: ReferencedEntities
) -> Iterator[RdfStatement]:
    if record.get("gender") in GENDER_RDF_VALUES:
        yield SCHEMA_ORG + "gender", GENDER_RDF_VALUES[record["gender"]]
    for role in ("birth", "death"):
        part = record.get(role) or {}
        yield from date_statements(part.get("date"), f"{SCHEMA_ORG}{role}Date", f"{MADS}{role}Date")
        if part.get("place"):
            yield f"{SCHEMA_ORG}{role}Place", collector.place(part["place"])
    for profession in record.get("professions", ()):
        yield SCHEMA_ORG + "hasOccupation", collector.term("profession", profession)
    for code in record.get("countries", ()):
        # Countries of life or work; the record states no nationality.
        yield MADS + "associatedLocale", collector.country(code)


def _texts(record: Mapping[str, Any]) -> Iterator[RdfStatement]:
    yield from localized_statements(SCHEMA_ORG + "description", record.get("headline"))
    yield from localized_statements(SKOS + "scopeNote", record.get("connection"))


def _record_node(
    record: Mapping[str, Any], related: RelatedContext, collector: ReferencedEntities
) -> GraphNode:
    """Describe the record as a work with a licence, a version and sources."""
    person_id, uris = record["id"], collector.uris
    biography = record.get("biography") or {}
    statements: list[RdfStatement] = [
        (SCHEMA_ORG + "mainEntity", UriRef(uris.person(person_id))),
        (
            SCHEMA_ORG + "dateModified",
            typed_literal(format_timestamp(related.last_changed), XSD + "dateTime"),
        ),
        (SCHEMA_ORG + "version", typed_literal(str(related.number), XSD + "integer")),
        (SCHEMA_ORG + "license", UriRef(LICENCE_URI)),
        (SCHEMA_ORG + "isPartOf", UriRef(uris.bank)),
        *((SCHEMA_ORG + "url", UriRef(uris.page(person_id, lang))) for lang in LANGUAGES),
        *((SCHEMA_ORG + "inLanguage", plain_literal(lang)) for lang in biography),
        *(
            (SCHEMA_ORG + "text", plain_literal(strip_citations(biography[lang]), lang))
            for lang in biography
        ),
    ]
    citations = [
        (SCHEMA_ORG + "citation", collector.source(source, related.sources[source]))
        for source in record.get("sources", ())
        if source in related.sources
    ]
    return make_node(uris.record(person_id), [SCHEMA_ORG + "CreativeWork"], statements, citations)


def format_timestamp(timestamp: datetime) -> str:
    """Format a timestamp as xsd:dateTime, in UTC to the second."""
    return f"{timestamp:%Y-%m-%dT%H:%M:%SZ}"
