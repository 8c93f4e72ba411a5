"""All serialisations hold the same graph, checked with rdflib as an independent reader."""

from collections import defaultdict
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biobank.bootstrap import Services
from biobank.common.clock import as_utc, now
from biobank.exchange.formats.linked_data.entities import ReferencedEntities
from biobank.exchange.formats.linked_data.graph import (
    SCHEMA_ORG,
    Description,
    GraphNode,
    RdfLiteral,
    UriRef,
    Uris,
    make_node,
    make_ref,
    plain_literal,
)
from biobank.exchange.formats.linked_data.people import RelatedContext, describe_person
from biobank.exchange.formats.linked_data.serializations import SERIALIZATIONS
from tests.support import graphs, records
from tests.support.profiles import scaled

NAME = SCHEMA_ORG + "name"
HOSTILE = (
    '</script><script>alert(1)</script>"',
    "<![CDATA[ ]]> &amp; <rdf:RDF> &#13;",
    'quotes " \' """ and \\ \\" \\n \\u0041',
    "line\nbreak, tab\tand \r return",
    " leading, trailing and  double spaces ",
    "\u2028\u2029\u200f\u202e\ufeff عزیر \U0001f3bc e\u0301",
    "@prefix a: <b> . <s> <p> <o> .",
    "{{ template }} {% raw %} $ref @id @context",
)


def assert_equal_graphs(description: Description, uris: Uris) -> None:
    first, *remaining = (
        graphs.triples(form.serialize(description, uris), ending) for ending, form in SERIALIZATIONS.items()
    )
    statements = {
        (described_node.uri, *statement)
        for described_node in description
        for statement in described_node.statements
    }
    assert len(first) == len(statements)
    for graph in remaining:
        assert graph == first


def test_serializations_of_the_seed_are_equal(descriptions: Mapping[str, Description], uris: Uris) -> None:
    """Test every fourth entity of each kind; the tests of dumps cover all."""
    by_kind: dict[str, list[Description]] = defaultdict(list)
    for uri, description in descriptions.items():
        by_kind[uri.removeprefix(uris.base_url).split("/")[1]].append(description)
    kinds = {"people", "organisations", "places", "terms", "sources", ".well-known"}
    assert by_kind.keys() == kinds
    for kind_descriptions in by_kind.values():
        for description in kind_descriptions[::4]:
            assert_equal_graphs(description, uris)


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_texts_round_trip(value: str, uris: Uris) -> None:
    description = (
        make_node(uris.person("a"), [SCHEMA_ORG + "Person"], [(NAME, plain_literal(value, "az"))]),
    )
    assert_equal_graphs(description, uris)
    for ending, form in SERIALIZATIONS.items():
        parsed = graphs.texts_of(
            graphs.parse(form.serialize(description, uris), ending), description[0].uri, graphs.SCHEMA.name
        )
        assert parsed == {(value, "az")}, ending


def test_invalid_xml_characters_are_removed(uris: Uris) -> None:
    description = (
        make_node(uris.person("a"), [SCHEMA_ORG + "Person"], [(NAME, plain_literal("a\x00b\ufffec\x1fd"))]),
    )
    assert_equal_graphs(description, uris)
    assert (NAME, RdfLiteral("abcd")) in description[0].statements


@pytest.mark.parametrize(
    "address",
    [
        'https://a.example/"><script>',
        "https://a.example/{x}|^`\\ y\nz",
        "https://a.example/Şuşa?q=ə&b=%D1%84#%",
        "https://a.example/(h-8)/it's;a=1,b",
    ],
)
def test_hostile_addresses_are_escaped(address: str, uris: Uris) -> None:
    description = (
        make_node(uris.person("a"), [SCHEMA_ORG + "Person"], [(SCHEMA_ORG + "sameAs", make_ref(address))]),
    )
    assert_equal_graphs(description, uris)


@pytest.mark.parametrize("type_", ["3rd-cousin", "influenced-by", "a"])
def test_relation_types_are_predicates(type_: str, uris: Uris) -> None:
    description = (GraphNode(uris.person("a"), ((uris.term("relation", type_), UriRef(uris.person("b"))),)),)
    assert_equal_graphs(description, uris)


@given(record=records.records(), names=st.booleans())
@settings(max_examples=scaled(60))
def test_serializations_of_any_record_are_equal(
    services: Services, record: dict[str, object], names: bool
) -> None:
    uris, collector = (
        Uris("https://bank.example"),
        ReferencedEntities(services.catalogue(), Uris("https://b.example")),
    )
    described = describe_person({"id": "a", **record}, RelatedContext(1, as_utc(now())), collector)
    assert_equal_graphs((*described, *(collector.nodes() if names else ())), uris)
