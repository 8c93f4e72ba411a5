"""Namespaces of the RDF vocabularies, their prefixes, and the licence of the data."""

from typing import Final

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
