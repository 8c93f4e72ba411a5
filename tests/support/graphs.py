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
    found = set(parse(text, ending))
    assert not [it for triple in found for it in triple if isinstance(it, rdflib.BNode)]
    return found


def of_json(document: dict[str, Any]) -> set[Any]:
    return triples(json.dumps(document), "jsonld")


def texts(graph: Graph, subject: str, predicate: URIRef) -> set[tuple[str, str | None]]:
    """Return the texts of a predicate with their languages."""
    found = graph.objects(URIRef(subject), predicate)
    return {(str(it), it.language) for it in found if isinstance(it, Literal)}
