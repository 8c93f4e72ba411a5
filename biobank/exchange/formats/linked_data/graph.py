"""RDF graphs: nodes with statements, independent of the serialisation.

There are no blank nodes, so merging descriptions needs no renaming, and the same record always
gives the same bytes.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from biobank.exchange.formats.xml import strip_invalid_xml
from biobank.records.vocabulary.models import term_key

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SCHEMA_ORG: Final = "https://schema.org/"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DCTERMS: Final = "http://purl.org/dc/terms/"
DC: Final = "http://purl.org/dc/elements/1.1/"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
#: MADS of the Library of Congress, for EDTF dates, which schema.org dates cannot express.
MADS: Final = "http://www.loc.gov/mads/rdf/v1#"
EDTF_DATATYPES: Final = "http://id.loc.gov/datatypes/edtf/"
VOID: Final = "http://rdfs.org/ns/void#"
FORMATS_NS: Final = "http://www.w3.org/ns/formats/"

RDF_TYPE: Final = RDF + "type"
#: Prefixes by name, as every serialisation declares them.
PREFIXES: Final = {
    "schema": SCHEMA_ORG,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "dc": DC,
    "foaf": FOAF,
    "madsrdf": MADS,
    "edtf": EDTF_DATATYPES,
    "void": VOID,
}

LICENCE_URI: Final = "https://creativecommons.org/licenses/by/4.0/"
LICENCE_NAME: Final = "CC BY 4.0"


@dataclass(frozen=True)
class Uris:
    """URIs of a bank at `base`: scheme and host, without a trailing slash.

    A permanent URI identifies the entity itself and redirects to its description. Parts of a record
    have the URI of the person with a fragment.
    """

    base_url: str

    def person(self, person_id: str) -> str:
        return f"{self.base_url}/people/{person_id}"

    def record(self, person_id: str) -> str:
        """Return the URI of the record about a person, which has a licence and changes."""
        return f"{self.person(person_id)}#record"

    def part(self, person_id: str, kind: str, number: int) -> str:
        """Return the URI of entry `number`, from 1, of a list in the record."""
        return f"{self.person(person_id)}#{kind}-{number}"

    def organisation(self, organisation_id: str) -> str:
        return f"{self.base_url}/organisations/{organisation_id}"

    def place(self, place_id: str) -> str:
        return f"{self.base_url}/places/{place_id}"

    def source(self, source_id: str) -> str:
        return f"{self.base_url}/sources/{source_id}"

    def scheme(self, vocabulary: str) -> str:
        return f"{self.base_url}/terms/{vocabulary}"

    def term(self, vocabulary: str, term_id: str) -> str:
        return f"{self.base_url}/terms/{term_key(vocabulary, term_id)}"

    def country(self, code: str) -> str:
        return self.term("country", code.lower())

    @property
    def void(self) -> str:
        return f"{self.base_url}/.well-known/void"

    @property
    def bank(self) -> str:
        """Return the URI of the whole bank as a dataset."""
        return f"{self.void}#bank"

    def dump(self, file: str) -> str:
        return f"{self.base_url}/dumps/{file}"

    def page(self, person_id: str, lang: str) -> str:
        return f"{self.base_url}/{lang}/people/{person_id}"

    @property
    def prefixes(self) -> dict[str, str]:
        """Return the common prefixes, and the one of relations between people."""
        return {**PREFIXES, "rel": self.term("relation", "")}


#: Characters left as they are in a URI; all others are percent-encoded, lone surrogates included.
_SAFE_URI_CHARS = ":/?#@!$&'()*+,;=%~-._"
_BARE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True)
class UriRef:
    """A reference to another node or an external resource."""

    uri: str


@dataclass(frozen=True)
class RdfLiteral:
    """An RDF literal: a text with a language, a value with a datatype URI, or a plain text."""

    text: str
    lang: str = ""
    datatype: str = ""


RdfValue = UriRef | RdfLiteral
RdfStatement = tuple[str, RdfValue]


@dataclass(frozen=True)
class GraphNode:
    """A node with its statements: pairs of a predicate URI and a value."""

    uri: str
    statements: tuple[RdfStatement, ...]

    def by_predicate(self) -> dict[str, list[RdfValue]]:
        """Return the values of each predicate, in insertion order."""
        grouped: dict[str, list[RdfValue]] = {}
        for predicate, value in self.statements:
            grouped.setdefault(predicate, []).append(value)
        return grouped


#: The nodes that describe an entity; the entity itself comes first.
Description = tuple[GraphNode, ...]


def make_node(uri: str, types: Iterable[str], *statements: Iterable[RdfStatement]) -> GraphNode:
    """Build a node of `types`, without duplicate statements."""
    unique: list[RdfStatement] = [(RDF_TYPE, UriRef(type_)) for type_ in types]
    for group in statements:
        unique += group
    return GraphNode(uri, tuple(dict.fromkeys(unique)))


def plain_literal(value: str, lang: str = "") -> RdfLiteral:
    """Build a text; a language tag that RDF forbids, such as `az-x1`, is left out."""
    return RdfLiteral(strip_invalid_xml(value), lang=lang if _is_language_tag(lang) else "")


@cache
def _is_language_tag(lang: str) -> bool:
    try:
        Literal("", language=lang)
    except ValueError:
        return False
    return True


def typed_literal(value: str, datatype: str) -> RdfLiteral:
    return RdfLiteral(strip_invalid_xml(value), datatype=datatype)


def make_ref(address: str) -> UriRef:
    """Build a reference to a web address, escaped as far as a URI requires."""
    uri = _BARE_PERCENT.sub("%25", quote(address, safe=_SAFE_URI_CHARS))
    try:
        NamedNode(uri)
    except ValueError:
        # Such as a second "#", or a port that is no number.
        scheme, separator, rest = address.partition("://")
        uri = f"{scheme}{separator}{quote(rest)}"
    return UriRef(uri)


def optional_statement(predicate: str, value: Any, make: Callable[[Any], RdfValue]) -> Iterator[RdfStatement]:
    """Yield one statement about what `make` returns for `value`; nothing without a value."""
    if value:
        yield predicate, make(value)


def localized_statements(predicate: str, by_language: object) -> Iterator[RdfStatement]:
    """Yield one statement per language of `{"az": …, "en": …}`; nothing for other values."""
    if isinstance(by_language, dict):
        for lang, value in by_language.items():
            yield predicate, plain_literal(value, lang)
