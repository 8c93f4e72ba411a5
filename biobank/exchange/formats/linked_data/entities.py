"""Statements common to all kinds of entities: names, external identifiers and references."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from biobank.common.i18n import LANGUAGES
from biobank.exchange.formats.linked_data.graph import (
    SCHEMA_ORG,
    SKOS,
    GraphNode,
    RdfStatement,
    UriRef,
    Uris,
    make_node,
    make_ref,
    plain_literal,
)
from biobank.records.catalogue import Catalogue
from biobank.records.countries import country_name
from biobank.records.identifiers import EXTERNAL_CATALOGUES
from biobank.records.vocabulary.models import term_key

NAME_PREDICATE, ALTERNATE_NAME_PREDICATE = SCHEMA_ORG + "name", SCHEMA_ORG + "alternateName"
Record = Mapping[str, Any]


def language_tag(lang: str, script: str | None) -> str:
    """Return the language tag of a text in a script: `az-Arab`, `az-Arab-IR`."""
    if not script or script in lang.split("-"):
        return lang
    language, _, suffix = lang.partition("-")
    return "-".join(filter(None, (language, script, suffix)))


def dated_names(record: Record) -> Iterator[RdfStatement]:
    """Yield the names of a place or organisation; only current ones are preferred names."""
    for name in record["names"]:
        is_current = "period" not in name and name.get("kind", "preferred") == "preferred"
        yield (
            NAME_PREDICATE if is_current else ALTERNATE_NAME_PREDICATE,
            plain_literal(name["text"], name["lang"]),
        )


def external_links(identifiers: Mapping[str, str] | None, predicate: str) -> Iterator[RdfStatement]:
    """Yield statements with the same entity in external catalogues whose URIs are known."""
    for scheme, value in (identifiers or {}).items():
        if scheme in EXTERNAL_CATALOGUES:
            yield predicate, make_ref(EXTERNAL_CATALOGUES[scheme].entity_uri(value))


def unlinked_identifiers(identifiers: Mapping[str, str] | None, uri: str) -> list[GraphNode]:
    """Return nodes for identifiers of catalogues whose URIs are unknown."""
    return [
        make_node(
            f"{uri}#id-{scheme}",
            [SCHEMA_ORG + "PropertyValue"],
            [
                (SCHEMA_ORG + "propertyID", plain_literal(scheme)),
                (SCHEMA_ORG + "value", plain_literal(value)),
            ],
        )
        for scheme, value in (identifiers or {}).items()
        if scheme not in EXTERNAL_CATALOGUES
    ]


def link_statements(predicate: str, nodes: Iterable[GraphNode]) -> list[RdfStatement]:
    return [(predicate, UriRef(target.uri)) for target in nodes]


class ReferencedEntities:
    """Collects the entities that descriptions refer to, each with its type and names.

    A dump writes them once for everything, a single description for itself.
    """

    def __init__(self, catalogue: Catalogue, uris: Uris) -> None:
        self.catalogue, self.uris = catalogue, uris
        self._nodes: dict[str, GraphNode] = {}

    def nodes(self) -> list[GraphNode]:
        return list(self._nodes.values())

    def place(self, place_id: str) -> UriRef:
        record = self.catalogue.places.get(place_id)
        return self._add(self.uris.place(place_id), "Place", dated_names(record) if record else ())

    def organisation(self, organisation_id: str) -> UriRef:
        record = self.catalogue.organisations.get(organisation_id)
        names = dated_names(record) if record else ()
        return self._add(self.uris.organisation(organisation_id), "Organization", names)

    def person(self, person_id: str, names: Iterable[Mapping[str, Any]]) -> UriRef:
        preferred = [name for name in names if name["kind"] == "preferred"]
        statements = [(NAME_PREDICATE, plain_literal(name["text"], name["lang"])) for name in preferred]
        return self._add(self.uris.person(person_id), "Person", statements)

    def term(self, vocabulary: str, term_id: str) -> UriRef:
        record = self.catalogue.terms.get(term_key(vocabulary, term_id), {})
        uri, labels = self.uris.term(vocabulary, term_id), record.get("labels", {})
        statements = [(SKOS + "prefLabel", plain_literal(label, lang)) for lang, label in labels.items()]
        if vocabulary != "profession":
            self._nodes.setdefault(uri, make_node(uri, [SKOS + "Concept"], statements))
            return UriRef(uri)
        names = [(NAME_PREDICATE, plain_literal(label, lang)) for lang, label in labels.items()]
        types = [SKOS + "Concept", SCHEMA_ORG + "Occupation"]
        self._nodes.setdefault(uri, make_node(uri, types, statements, names))
        return UriRef(uri)

    def country(self, code: str) -> UriRef:
        names = [(NAME_PREDICATE, plain_literal(country_name(code, lang), lang)) for lang in LANGUAGES]
        return self._add(self.uris.country(code), "Country", names)

    def source(self, source_id: str, csl: Mapping[str, Any]) -> UriRef:
        statements = [(NAME_PREDICATE, plain_literal(csl["title"]))]
        return self._add(self.uris.source(source_id), "CreativeWork", statements)

    def _add(self, uri: str, type_: str, statements: Iterable[RdfStatement]) -> UriRef:
        if uri not in self._nodes:
            self._nodes[uri] = make_node(uri, [SCHEMA_ORG + type_], statements)
        return UriRef(uri)
