"""RDF in each of its forms as graphs, read by a library that had no part in writing it."""

import json
from typing import Any

import rdflib
from rdflib import Graph, Literal, URIRef

PARSERS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml", "nt": "nt"}
SCHEMA = rdflib.Namespace("https://schema.org/")
MADS = rdflib.Namespace("http://www.loc.gov/mads/rdf/v1#")
EDTF = URIRef("http://id.loc.gov/datatypes/edtf/EDTF")


def parse(text: str | bytes, ending: str) -> Graph:
    # Texts are compared as they were written, not as a value that a datatype makes of them.
    return Graph().parse(data=text, format=PARSERS[ending])


def triples(text: str | bytes, ending: str) -> set[Any]:
    """All statements; no node of ours is without an address, so two graphs are sets to compare."""
    found = set(parse(text, ending))
    assert not [it for triple in found for it in triple if isinstance(it, rdflib.BNode)]
    return found


def of_json(document: dict[str, Any]) -> set[Any]:
    return triples(json.dumps(document), "jsonld")


def texts(graph: Graph, subject: str, predicate: URIRef) -> set[tuple[str, str | None]]:
    """The texts of a predicate with their languages."""
    found = graph.objects(URIRef(subject), predicate)
    return {(str(it), it.language) for it in found if isinstance(it, Literal)}
