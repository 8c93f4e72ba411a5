"""RDF serialisations parsed into graphs by an independent library."""

import json
from typing import Any

import rdflib
from rdflib import Graph, Literal, URIRef

PARSERS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml", "nt": "nt"}
SCHEMA = rdflib.Namespace("https://schema.org/")
MADS = rdflib.Namespace("http://www.loc.gov/mads/rdf/v1#")
EDTF = URIRef("http://id.loc.gov/datatypes/edtf/EDTF")


def parse(text: str | bytes, ending: str) -> Graph:
    # Literals are compared as written, not by their datatype's value.
    return Graph().parse(data=text, format=PARSERS[ending])


def triples(text: str | bytes, ending: str) -> set[Any]:
    """Return all statements; there are no blank nodes, so graphs are comparable as sets."""
    statements = set(parse(text, ending))
    assert not [node for triple in statements for node in triple if isinstance(node, rdflib.BNode)]
    return statements


def parse_json_ld(document: dict[str, Any]) -> set[Any]:
    return triples(json.dumps(document), "jsonld")


def texts_of(graph: Graph, subject: str, predicate: URIRef) -> set[tuple[str, str | None]]:
    """Return the texts of a predicate with their languages."""
    literals = graph.objects(URIRef(subject), predicate)
    return {(str(literal), literal.language) for literal in literals if isinstance(literal, Literal)}
