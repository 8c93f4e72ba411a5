"""Descriptions conform to SHACL shapes written from the documentation of schema.org."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyshacl
import pytest
from rdflib import Graph

from biobank.exchange.formats.linked_data.description_queries import describe_site
from biobank.exchange.formats.linked_data.graph import Description, GraphNode, Uris
from biobank.exchange.formats.linked_data.serializations import SERIALIZATIONS
from tests.support import graphs

SHAPES = Path(__file__).with_name("shapes.ttl")
PREFIXES = """
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix madsrdf: <http://www.loc.gov/mads/rdf/v1#> .
<urn:a> a schema:Person ; schema:name "A"@az .
"""


@pytest.fixture(scope="session")
def shapes() -> Graph:
    return Graph().parse(SHAPES)


def problems(graph: Graph, shapes: Graph) -> str:
    conforms, _, text = pyshacl.validate(graph, shacl_graph=shapes, inference="none", advanced=False)
    return "" if conforms else str(text)[:4000]


def graph_of(nodes: Iterable[GraphNode], uris: Uris) -> Graph:
    return graphs.parse(SERIALIZATIONS["nt"].serialize(tuple(nodes), uris), "nt")


def test_seed_conforms_to_shapes(descriptions: Mapping[str, Description], uris: Uris, shapes: Graph) -> None:
    nodes = dict.fromkeys(node for description in descriptions.values() for node in description)
    assert problems(graph_of(nodes, uris), shapes) == ""


def test_single_descriptions_conform_to_shapes(
    descriptions: Mapping[str, Description], uris: Uris, shapes: Graph
) -> None:
    """A single description must contain what it refers to."""
    paths = ("/people/uzeyir-hacibeyov", "/people/nizami-gencevi", "/people/mehseti-gencevi")
    some = [uris.base_url + path for path in paths]
    some += [uri for uri in descriptions if "/organisations/b" in uri]
    for uri in some:
        assert problems(graph_of(descriptions[uri], uris), shapes) == "", uri


def test_site_conforms_to_shapes(uris: Uris, shapes: Graph) -> None:
    assert problems(graph_of(describe_site(uris, "az"), uris), shapes) == ""


@pytest.mark.parametrize(
    "invalid",
    [
        '<urn:b> a schema:Person ; schema:name "" .',
        '<urn:b> a schema:Person ; schema:alternateName "B" .',
        '<urn:a> schema:birthDate "1885~" .',
        '<urn:a> schema:birthDate "1885"^^xsd:gYear, "1886"^^xsd:gYear .',
        "<urn:a> schema:birthPlace <urn:nothing> .",
        '<urn:a> madsrdf:birthDate "1885" .',
        "<urn:a> schema:nationality <urn:b> .",
        '<urn:a> schema:sameAs "https://a.example/" .',
        "<urn:a> schema:spouse <urn:c> .",
        "<urn:r> a schema:OrganizationRole .",
        "<urn:r> schema:mainEntity <urn:a> .",
        '<urn:w> schema:creator <urn:a> ; schema:name "W" .',
        "<urn:g> a schema:GeoCoordinates ; schema:latitude 91.0 ; schema:longitude 1.0 .",
    ],
)
def test_shapes_reject_invalid_data(shapes: Graph, invalid: str) -> None:
    assert problems(Graph().parse(data=PREFIXES, format="turtle"), shapes) == ""
    assert problems(Graph().parse(data=PREFIXES + invalid, format="turtle"), shapes) != ""
