"""All serialisations hold the same graph, checked with rdflib as an independent reader."""

from collections import defaultdict
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biobank.bootstrap import Services
from biobank.exchange.linked.forms import FORMS
from biobank.exchange.linked.graph import (
    Description,
    Literal,
    Node,
    Ref,
    node,
    ref,
    text,
)
from biobank.exchange.linked.people import Around, describe_person
from biobank.exchange.linked.things import Named
from biobank.exchange.linked.uris import Uris
from biobank.exchange.linked.vocabularies import SCHEMA
from biobank.records.people.browsing import in_utc
from biobank.store.outbox import now
from tests.support import graphs, records

NAME = SCHEMA + "name"
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


def same_in_all(description: Description, uris: Uris) -> None:
    first, *others = (
        graphs.triples(form.of(description, uris), ending) for ending, form in FORMS.items()
    )
    said = {(it.uri, *statement) for it in description for statement in it.statements}
    assert len(first) == len(said)
    for other in others:
        assert other == first


def test_every_form_of_whatever_is_in_the_seed_is_the_same_graph(
    descriptions: Mapping[str, Description], uris: Uris
) -> None:
    """Test every fourth entity of each kind; the tests of dumps cover all."""
    by_kind: dict[str, list[Description]] = defaultdict(list)
    for uri, description in descriptions.items():
        by_kind[uri.removeprefix(uris.base).split("/")[1]].append(description)
    kinds = {"people", "organisations", "places", "terms", "sources", ".well-known"}
    assert by_kind.keys() == kinds
    for its in by_kind.values():
        for description in its[::4]:
            same_in_all(description, uris)


@pytest.mark.parametrize("said", HOSTILE)
def test_a_hostile_text_comes_back_as_it_was(said: str, uris: Uris) -> None:
    its = (node(uris.person("a"), [SCHEMA + "Person"], [(NAME, text(said, "az"))]),)
    same_in_all(its, uris)
    for ending, form in FORMS.items():
        found = graphs.texts(
            graphs.parse(form.of(its, uris), ending), its[0].uri, graphs.SCHEMA.name
        )
        assert found == {(said, "az")}, ending


def test_what_xml_cannot_write_is_said_in_no_form(uris: Uris) -> None:
    its = (node(uris.person("a"), [SCHEMA + "Person"], [(NAME, text("a\x00b\ufffec\x1fd"))]),)
    same_in_all(its, uris)
    assert (NAME, Literal("abcd")) in its[0].statements


@pytest.mark.parametrize(
    "address",
    [
        'https://a.example/"><script>',
        "https://a.example/{x}|^`\\ y\nz",
        "https://a.example/Şuşa?q=ə&b=%D1%84#%",
        "https://a.example/(h-8)/it's;a=1,b",
    ],
)
def test_a_hostile_address_ends_nothing(address: str, uris: Uris) -> None:
    its = (node(uris.person("a"), [SCHEMA + "Person"], [(SCHEMA + "sameAs", ref(address))]),)
    same_in_all(its, uris)


@pytest.mark.parametrize("type_", ["3rd-cousin", "influenced-by", "a"])
def test_a_tie_of_any_name_is_a_predicate_in_every_form(type_: str, uris: Uris) -> None:
    its = (Node(uris.person("a"), ((uris.term("relation", type_), Ref(uris.person("b"))),)),)
    same_in_all(its, uris)


@given(record=records.records(), names=st.booleans())
@settings(max_examples=60)
def test_every_form_of_any_record_is_the_same_graph(
    services: Services, record: dict[str, object], names: bool
) -> None:
    its, named = (
        Uris("https://bank.example"),
        Named(services.catalogue(), Uris("https://b.example")),
    )
    described = describe_person({"id": "a", **record}, Around(1, in_utc(now())), named)
    same_in_all((*described, *(named.nodes() if names else ())), its)
