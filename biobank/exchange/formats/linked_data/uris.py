"""Permanent URIs of the entities that the bank describes."""

from dataclasses import dataclass
from typing import Final

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
