"""Statements common to all kinds of entities: names, external identifiers and references."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from biobank.exchange.linked.graph import Node, Ref, Statement, node, ref, text
from biobank.exchange.linked.uris import Uris
from biobank.exchange.linked.vocabularies import SCHEMA, SKOS
from biobank.i18n import LANGUAGES
from biobank.records.catalogue import Catalogue
from biobank.records.countries import country_name
from biobank.records.identifiers import CATALOGUES
from biobank.records.vocabulary.models import term_key

NAME, ALTERNATE = SCHEMA + "name", SCHEMA + "alternateName"
Record = Mapping[str, Any]


def tag(lang: str, script: str | None) -> str:
    """Return the language tag of a text in a script: `az-Arab`, `az-Arab-IR`."""
    if not script or script in lang.split("-"):
        return lang
    language, _, rest = lang.partition("-")
    return "-".join(filter(None, (language, script, rest)))


def dated_names(record: Record) -> Iterator[Statement]:
    """Yield the names of a place or organisation; only current ones are preferred names."""
    for name in record["names"]:
        today = "period" not in name and name.get("kind", "preferred") == "preferred"
        yield NAME if today else ALTERNATE, text(name["text"], name["lang"])


def elsewhere(identifiers: Mapping[str, str] | None, predicate: str) -> Iterator[Statement]:
    """Yield statements with the same entity in external catalogues whose URIs are known."""
    for scheme, value in (identifiers or {}).items():
        if scheme in CATALOGUES:
            yield predicate, ref(CATALOGUES[scheme].uri_of(value))


def unknown_catalogues(identifiers: Mapping[str, str] | None, uri: str) -> list[Node]:
    """Return nodes for identifiers of catalogues whose URIs are unknown."""
    return [
        node(
            f"{uri}#id-{scheme}",
            [SCHEMA + "PropertyValue"],
            [(SCHEMA + "propertyID", text(scheme)), (SCHEMA + "value", text(value))],
        )
        for scheme, value in (identifiers or {}).items()
        if scheme not in CATALOGUES
    ]


def ways_to(predicate: str, nodes: Iterable[Node]) -> list[Statement]:
    return [(predicate, Ref(each.uri)) for each in nodes]


class Named:
    """Collects the entities that descriptions refer to, each with its type and names.

    A dump writes them once for everything, a single description for itself.
    """

    def __init__(self, catalogue: Catalogue, uris: Uris) -> None:
        self.catalogue, self.uris = catalogue, uris
        self._found: dict[str, Node] = {}

    def nodes(self) -> list[Node]:
        return list(self._found.values())

    def place(self, place_id: str) -> Ref:
        record = self.catalogue.places.get(place_id)
        return self._keep(self.uris.place(place_id), "Place", dated_names(record) if record else ())

    def organisation(self, organisation_id: str) -> Ref:
        record = self.catalogue.organisations.get(organisation_id)
        names = dated_names(record) if record else ()
        return self._keep(self.uris.organisation(organisation_id), "Organization", names)

    def person(self, person_id: str, names: Iterable[Mapping[str, str]]) -> Ref:
        preferred = [name for name in names if name["kind"] == "preferred"]
        said = [(NAME, text(name["text"], name["lang"])) for name in preferred]
        return self._keep(self.uris.person(person_id), "Person", said)

    def term(self, vocabulary: str, term_id: str) -> Ref:
        record = self.catalogue.terms.get(term_key(vocabulary, term_id), {})
        uri, labels = self.uris.term(vocabulary, term_id), record.get("labels", {})
        said = [(SKOS + "prefLabel", text(label, lang)) for lang, label in labels.items()]
        if vocabulary != "profession":
            self._found.setdefault(uri, node(uri, [SKOS + "Concept"], said))
            return Ref(uri)
        names = [(NAME, text(label, lang)) for lang, label in labels.items()]
        types = [SKOS + "Concept", SCHEMA + "Occupation"]
        self._found.setdefault(uri, node(uri, types, said, names))
        return Ref(uri)

    def country(self, code: str) -> Ref:
        names = [(NAME, text(country_name(code, lang), lang)) for lang in LANGUAGES]
        return self._keep(self.uris.country(code), "Country", names)

    def source(self, source_id: str, csl: Mapping[str, Any]) -> Ref:
        said = [(NAME, text(csl["title"]))]
        return self._keep(self.uris.source(source_id), "CreativeWork", said)

    def _keep(self, uri: str, type_: str, said: Iterable[Statement]) -> Ref:
        if uri not in self._found:
            self._found[uri] = node(uri, [SCHEMA + type_], said)
        return Ref(uri)
