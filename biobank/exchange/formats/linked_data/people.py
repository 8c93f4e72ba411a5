"""People as linked data: the person, the bank's record about them, and its parts."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from biobank.common.i18n import LANGUAGES
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
    DCTERMS,
    LICENCE_URI,
    MADS,
    SCHEMA_ORG,
    SKOS,
    XSD,
    Description,
    GraphNode,
    RdfStatement,
    RdfValue,
    UriRef,
    localized_statements,
    make_node,
    make_ref,
    plain_literal,
    typed_literal,
)
from biobank.exchange.formats.linked_data.life_facts import date_statements, floruit, life_parts
from biobank.records.catalogue import Catalogue
from biobank.records.media.licences import find_licence
from biobank.records.media.urls import sha_from_url
from biobank.records.people.citations import strip_citations
from biobank.records.people.models import Relation
from biobank.records.people.name_parts import name_parts
from biobank.records.vocabulary.models import term_id

MEDIA_CLASSES = {"image": "ImageObject", "video": "VideoObject", "audio": "AudioObject"}
URL_SCHEMES = ("http://", "https://")


def media_nodes(
    record: Mapping[str, Any], stored_images: frozenset[str], collector: ReferencedEntities
) -> tuple[list[GraphNode], list[GraphNode]]:
    """Return the images, and the films and recordings; images missing from the bank are skipped."""
    images: list[GraphNode] = []
    recordings: list[GraphNode] = []
    for number, item in enumerate(record.get("media", ()), start=1):
        sha256 = sha_from_url(item["url"])
        if sha256 and sha256 not in stored_images:
            continue
        medium = _medium_node(collector.uris.part(record["id"], "media", number), item, collector)
        (images if item["type"] == "image" else recordings).append(medium)
    return images, recordings


def _medium_node(uri: str, item: Mapping[str, Any], collector: ReferencedEntities) -> GraphNode:
    address = item["url"] if item["url"].startswith(URL_SCHEMES) else collector.uris.base_url + item["url"]
    # Media of other sites get a page URL: the address may not be the file itself.
    is_file = item["type"] == "image" and bool(sha_from_url(item["url"]))
    return make_node(
        uri,
        [SCHEMA_ORG + MEDIA_CLASSES[item["type"]]],
        [(SCHEMA_ORG + ("contentUrl" if is_file else "url"), make_ref(address))],
        localized_statements(SCHEMA_ORG + "caption", item.get("alt")),
        _credit(item),
    )


def _credit(item: Mapping[str, Any]) -> Iterator[RdfStatement]:
    if item.get("author"):
        yield SCHEMA_ORG + "creditText", plain_literal(item["author"])
    if licence := item.get("licence"):
        known_licence = find_licence(licence)
        if known_licence is not None and known_licence.url:
            yield SCHEMA_ORG + "license", make_ref(known_licence.url)
        else:
            yield DCTERMS + "rights", plain_literal(licence)
    if str(item.get("source") or "").startswith(URL_SCHEMES):
        yield SCHEMA_ORG + "isBasedOn", make_ref(item["source"])


#: Relation types with an equivalent, or slightly more general, property in schema.org.
SCHEMA_ORG_PROPERTIES: Mapping[str, str] = {
    "parent": "parent",
    "child": "children",
    "spouse": "spouse",
    "sibling": "sibling",
    "grandparent": "relatedTo",
    "grandchild": "relatedTo",
    "relative": "relatedTo",
    "colleague": "colleague",
    "friend": "knows",
}


@dataclass(frozen=True)
class PersonRelation:
    """A relation; `type` is the role of the other person, `person_id`, for this one."""

    type: str
    person_id: str


def relations_from_both_ends(
    record: Mapping[str, Any], inbound: Iterable[Relation], catalogue: Catalogue
) -> list[PersonRelation]:
    """Return the relations of the record and the inverse of those that others have to it."""
    own_relations = [PersonRelation(part["type"], part["person"]) for part in record.get("relations", ())]
    inverse_relations = [
        PersonRelation(catalogue.inverse_relation_type(term_id(row.type_key)), row.person_id)
        for row in inbound
    ]
    return list(dict.fromkeys((*own_relations, *inverse_relations)))


def relation_statements(
    relations: Iterable[PersonRelation],
    names: Mapping[str, Sequence[Mapping[str, Any]]],
    collector: ReferencedEntities,
) -> Iterator[RdfStatement]:
    """Yield the statements of relations.

    A type whose id cannot end an XML name has no predicate of its own.
    """
    for relation in relations:
        person = collector.person(relation.person_id, names.get(relation.person_id, ()))
        if relation.type in SCHEMA_ORG_PROPERTIES:
            yield SCHEMA_ORG + SCHEMA_ORG_PROPERTIES[relation.type], person
        if re.search(r"[a-z]", relation.type):
            collector.term("relation", relation.type)
            yield collector.uris.term("relation", relation.type), person


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
    names: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
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
        SCHEMA_ORG + "memberOf": life_parts("membership", record, collector),
        SCHEMA_ORG + "award": life_parts("award", record, collector),
    }
    other_nodes = [
        *life_parts("work", record, collector),
        *floruit(record, collector),
        *life_parts("event", record, collector),
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
        link_statements(SCHEMA_ORG + "identifier", unlinked_identifiers(record.get("identifiers"), uri)),
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
        tag = language_tag(name["lang"], name.get("script"))
        yield predicate, plain_literal(name["text"], tag)
        parts = name_parts(record, name)
        if name["kind"] == "preferred" and parts.family:
            yield SCHEMA_ORG + "familyName", plain_literal(parts.family, tag)
            if parts.given:
                yield SCHEMA_ORG + "givenName", plain_literal(parts.given, tag)


def _life_statements(record: Mapping[str, Any], collector: ReferencedEntities) -> Iterator[RdfStatement]:
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
        *((SCHEMA_ORG + "text", plain_literal(strip_citations(biography[lang]), lang)) for lang in biography),
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
