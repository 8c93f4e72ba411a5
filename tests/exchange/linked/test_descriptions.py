"""Content of descriptions of people, and what they omit."""

from collections.abc import Mapping
from typing import Any

import pytest
from rdflib import RDF, XSD, Literal, URIRef

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial import workflow
from biobank.editorial.publishing import save_many
from biobank.exchange.linked import reading
from biobank.exchange.linked.forms import FORMS
from biobank.exchange.linked.graph import Description
from biobank.exchange.linked.people import Around, describe_person
from biobank.exchange.linked.references import describe_source
from biobank.exchange.linked.things import Named, tag
from biobank.exchange.linked.uris import Uris
from biobank.records.people.browsing import in_utc
from biobank.store.outbox import now
from tests.support import edited, graphs, seed
from tests.support.graphs import EDTF, MADS, SCHEMA

BASE = "https://bank.example"
PERSON, BROTHER = "uzeyir-hacibeyov", "ceyhun-hacibeyli"
SUBJECT = f"{BASE}/people/a"
NAMES = [{"text": "Sınaq Sınaqlı", "lang": "az", "kind": "preferred"}]
FORM = FORMS["nt"]


def graph_of(description: Description) -> Any:
    return graphs.parse(FORM.of(description, Uris(BASE)), "nt")


def described(services: Services, **record: Any) -> Any:
    """Return the graph of a minimal record with the given fields."""
    named = Named(services.catalogue(), Uris(BASE))
    its = describe_person({"id": "a", "names": NAMES, **record}, Around(1, in_utc(now())), named)
    return graph_of((*its, *named.nodes()))


def read(services: Services, person_id: str) -> Description:
    # The catalogue is loaded afresh, since a cached one could be outdated.
    with services.database.read() as session:
        return reading.person(session, person_id, services.catalogue().public, Uris(BASE))


@pytest.mark.parametrize(
    ("date", "sure"),
    [
        ("1885-09-18", Literal("1885-09-18", datatype=XSD.date)),
        ("1885-09", Literal("1885-09", datatype=XSD.gYearMonth)),
        ("1885", Literal("1885", datatype=XSD.gYear)),
        ("0712", Literal("0712", datatype=XSD.gYear)),
        ("1885~", None),
        ("1885-09-18?", None),
        ("[1885..1887]", None),
        ("[1885,1887]", None),
        ("188X", None),
        ("1885-XX", None),
        ("1885-21", None),
        ("-0043", None),
        ("0000", None),
        ("1885-09-XX", None),
    ],
)
@pytest.mark.parametrize("role", ["birth", "death"])
def test_a_date_is_typed_where_it_is_certain_and_edtf_always(
    services: Services, role: str, date: str, sure: Literal | None
) -> None:
    graph = described(services, **{role: {"date": date}})
    found = list(graph.objects(URIRef(SUBJECT), SCHEMA[f"{role}Date"]))
    assert found == ([sure] if sure is not None else [])
    said = list(graph.objects(URIRef(SUBJECT), MADS[f"{role}Date"]))
    assert said == [Literal(date, datatype=EDTF)]


def test_names_carry_language_and_script(services: Services) -> None:
    assert tag("az", "Arab") == "az-Arab"
    assert tag("az-IR", "Arab") == "az-Arab-IR"
    assert tag("az-Cyrl", "Cyrl") == "az-Cyrl"
    graph = graph_of(read(services, PERSON))
    subject = f"{BASE}/people/{PERSON}"
    names = graphs.texts(graph, subject, SCHEMA.name)
    assert names == {
        ("Üzeyir Hacıbəyov", "az"),
        ("Uzeyir Hajibeyov", "en"),
        ("Узеир Гаджибеков", "ru"),
    }
    others = graphs.texts(graph, subject, SCHEMA.alternateName)
    assert {lang.casefold() for _, lang in others if lang} >= {"az-arab", "az-cyrl", "ru", "en"}


def test_countries_are_where_somebody_was_active_and_nobodys_nationality(
    services: Services,
) -> None:
    graph = described(services, countries=["AZ", "TR"])
    told = set(graph.objects(URIRef(SUBJECT), MADS.associatedLocale))
    assert told == {URIRef(f"{BASE}/terms/country/{code}") for code in ("az", "tr")}
    assert not list(graph.objects(None, SCHEMA.nationality))
    assert graphs.texts(graph, f"{BASE}/terms/country/tr", SCHEMA.name) >= {("Türkiyə", "az")}


def test_known_catalogues_are_whole_addresses_and_others_keep_their_ids(
    services: Services,
) -> None:
    ids = {"wikidata": "Q317397", "isni": "0000 0001 2345 6789", "bbk_az": "7"}
    graph = described(services, identifiers=ids)
    assert set(graph.objects(URIRef(SUBJECT), SCHEMA.sameAs)) == {
        URIRef("http://www.wikidata.org/entity/Q317397"),
        URIRef("https://isni.org/isni/0000000123456789"),
    }
    other = graph.value(URIRef(SUBJECT), SCHEMA.identifier)
    assert str(graph.value(other, SCHEMA.propertyID)) == "bbk_az"
    assert str(graph.value(other, SCHEMA.value)) == "7"


def test_ties_are_said_from_both_ends_in_the_bank_s_words(services: Services) -> None:
    graph = graph_of(read(services, "niyazi"))
    pupil, teacher = URIRef(f"{BASE}/people/qara-qarayev"), URIRef(f"{BASE}/people/{PERSON}")
    learned = graph_of(read(services, "qara-qarayev"))
    assert (pupil, URIRef(f"{BASE}/terms/relation/teacher"), teacher) in learned
    taught = graph_of(read(services, PERSON))
    assert (teacher, URIRef(f"{BASE}/terms/relation/student"), pupil) in taught
    niyazi = URIRef(f"{BASE}/people/niyazi")
    assert (niyazi, SCHEMA.relatedTo, teacher) in graph
    # A teacher is more than an acquaintance, and schema.org has no property for it.
    assert (pupil, SCHEMA.knows, teacher) not in learned


def test_a_membership_has_its_role_and_its_dates(services: Services) -> None:
    part = {"organisation": "baku-music-academy", "role": {"en": "Rector"}, "date": "1928/1929~"}
    graph = described(services, memberships=[part])
    role = graph.value(URIRef(SUBJECT), SCHEMA.memberOf)
    assert graph.value(role, SCHEMA.memberOf) == URIRef(f"{BASE}/organisations/baku-music-academy")
    assert graph.value(role, SCHEMA.roleName) == Literal("Rector", lang="en")
    assert graph.value(role, SCHEMA.startDate) == Literal("1928", datatype=XSD.gYear)
    assert graph.value(role, SCHEMA.endDate) is None


def test_a_role_on_the_stage_is_no_work_of_the_player(services: Services) -> None:
    works = [{"title": {"en": "Othello"}, "type": "role"}, {"title": {"en": "A"}, "type": "opera"}]
    graph = described(services, works=works)
    assert set(graph.subjects(SCHEMA.contributor, URIRef(SUBJECT))) == {URIRef(f"{SUBJECT}#work-1")}
    assert set(graph.subjects(SCHEMA.creator, URIRef(SUBJECT))) == {URIRef(f"{SUBJECT}#work-2")}


def test_a_picture_has_its_licence_and_one_that_is_not_here_is_none(services: Services) -> None:
    away = {"type": "image", "url": f"/media/{'a' * 64}", "licence": "CC BY 4.0"}
    film = {
        "type": "video",
        "url": "https://films.example/a b",
        "licence": "by friends",
        "author": "X",
        "source": "an archive",
    }
    graph = described(services, media=[away, film])
    assert not list(graph.objects(URIRef(SUBJECT), SCHEMA.image))
    shown = URIRef(f"{SUBJECT}#media-2")
    assert (shown, RDF.type, SCHEMA.VideoObject) in graph
    assert graph.value(shown, SCHEMA.url) == URIRef("https://films.example/a%20b")
    assert graph.value(shown, SCHEMA.license) is None
    named = Named(services.catalogue(), Uris(BASE))
    around = Around(1, in_utc(now()), kept=frozenset({"a" * 64}))
    kept = graph_of(describe_person({"id": "a", "names": NAMES, "media": [away]}, around, named))
    image = kept.value(URIRef(SUBJECT), SCHEMA.image)
    assert kept.value(image, SCHEMA.contentUrl) == URIRef(f"{BASE}/media/{'a' * 64}")
    licence = URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert kept.value(image, SCHEMA.license) == licence


@pytest.mark.parametrize(
    "csl",
    [
        {"type": "book", "title": "T", "author": "no list", "issued": {"date-parts": [[2020, 13]]}},
        {"type": "x", "title": "T", "author": [5, {}, {"literal": " "}], "issued": [1]},
        {"type": "book", "title": "T", "URL": 'https://a/ "<>', "issued": {"date-parts": [5]}},
        {"type": "book", "title": "T", "issued": {"date-parts": [[2020, 2, 31]]}},
    ],
)
def test_a_source_of_any_shape_is_described(csl: Mapping[str, Any]) -> None:
    graph = graph_of(describe_source("s", csl, Uris(BASE)))
    assert graphs.texts(graph, f"{BASE}/sources/s", SCHEMA.name) == {("T", None)}
    assert graph.value(None, SCHEMA.datePublished) is None


def test_nothing_leads_to_who_was_withdrawn(own_services: Services) -> None:
    address = URIRef(f"{BASE}/people/{BROTHER}")
    assert (None, None, address) in graph_of(read(own_services, PERSON))
    workflow.withdraw(own_services.database, OPERATOR, BROTHER, "wish", "")
    assert read(own_services, BROTHER) == ()
    assert (None, None, address) not in graph_of(read(own_services, PERSON))


def test_a_draft_is_said_in_no_form(own_services: Services) -> None:
    edited.edit(own_services)
    draft = {**seed.alone(BROTHER), "id": "a-draft"}
    with own_services.database.write() as session:
        save_many(session, [draft], OPERATOR, "", publish=False)
    assert edited.SECRET not in FORM.of(read(own_services, PERSON), Uris(BASE))
    assert read(own_services, "a-draft") == ()
    with own_services.database.read() as session:
        catalogue, uris = own_services.catalogue().public, Uris(BASE)
        assert reading.source(session, "nothing", catalogue, uris) == ()
        assert reading.term(session, "country/zz", catalogue, uris) == ()
        assert reading.term(session, "profession/nothing", catalogue, uris) == ()
        assert reading.scheme(session, "nothing", catalogue, uris) == ()
