"""Content of descriptions of people, and what they omit."""

from collections.abc import Mapping
from typing import Any

import pytest
from rdflib import RDF, XSD, Literal, URIRef

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.common.clock import as_utc, now
from biobank.editorial.review import workflow
from biobank.editorial.revisions.bulk_save import save_records
from biobank.exchange.formats.linked_data import description_queries
from biobank.exchange.formats.linked_data.entities import ReferencedEntities, language_tag
from biobank.exchange.formats.linked_data.graph import Description, Uris
from biobank.exchange.formats.linked_data.people import RelatedContext, describe_person
from biobank.exchange.formats.linked_data.reference_data import describe_source
from biobank.exchange.formats.linked_data.serializations import SERIALIZATIONS
from tests.support import edited_person, graphs, seed
from tests.support.graphs import EDTF, MADS, SCHEMA

BASE = "https://bank.example"
PERSON, BROTHER = "uzeyir-hacibeyov", "ceyhun-hacibeyli"
SUBJECT = f"{BASE}/people/a"
NAMES = [{"text": "Sınaq Sınaqlı", "lang": "az", "kind": "preferred"}]
NTRIPLES = SERIALIZATIONS["nt"]


def graph_of(description: Description) -> Any:
    return graphs.parse(NTRIPLES.serialize(description, Uris(BASE)), "nt")


def graph_of_record(services: Services, **record: Any) -> Any:
    """Return the graph of a minimal record with the given fields."""
    collector = ReferencedEntities(services.catalogue(), Uris(BASE))
    description = describe_person(
        {"id": "a", "names": NAMES, **record}, RelatedContext(1, as_utc(now())), collector
    )
    return graph_of((*description, *collector.nodes()))


def describe(services: Services, person_id: str) -> Description:
    # The catalogue is loaded afresh, since a cached one could be outdated.
    with services.database.read() as session:
        return description_queries.describe_person_by_id(
            session, person_id, services.catalogue().public, Uris(BASE)
        )


@pytest.mark.parametrize(
    ("date", "expected"),
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
def test_dates_are_typed_if_certain_and_always_edtf(
    services: Services, role: str, date: str, expected: Literal | None
) -> None:
    graph = graph_of_record(services, **{role: {"date": date}})
    typed_dates = list(graph.objects(URIRef(SUBJECT), SCHEMA[f"{role}Date"]))
    assert typed_dates == ([expected] if expected is not None else [])
    edtf_dates = list(graph.objects(URIRef(SUBJECT), MADS[f"{role}Date"]))
    assert edtf_dates == [Literal(date, datatype=EDTF)]


def test_names_carry_language_and_script(services: Services) -> None:
    assert language_tag("az", "Arab") == "az-Arab"
    assert language_tag("az-IR", "Arab") == "az-Arab-IR"
    assert language_tag("az-Cyrl", "Cyrl") == "az-Cyrl"
    graph = graph_of(describe(services, PERSON))
    subject = f"{BASE}/people/{PERSON}"
    names = graphs.texts_of(graph, subject, SCHEMA.name)
    assert names == {("Üzeyir Hacıbəyov", "az"), ("Uzeyir Hajibeyov", "en"), ("Узеир Гаджибеков", "ru")}
    families = graphs.texts_of(graph, subject, SCHEMA.familyName)
    assert families == {("Hacıbəyov", "az"), ("Hajibeyov", "en"), ("Гаджибеков", "ru")}
    given_names = graphs.texts_of(graph, subject, SCHEMA.givenName)
    assert given_names == {("Üzeyir", "az"), ("Uzeyir", "en"), ("Узеир", "ru")}
    alternates = graphs.texts_of(graph, subject, SCHEMA.alternateName)
    assert {lang.casefold() for _, lang in alternates if lang} >= {"az-arab", "az-cyrl", "ru", "en"}


def test_countries_are_no_nationality(services: Services) -> None:
    graph = graph_of_record(services, countries=["AZ", "TR"])
    locales = set(graph.objects(URIRef(SUBJECT), MADS.associatedLocale))
    assert locales == {URIRef(f"{BASE}/terms/country/{code}") for code in ("az", "tr")}
    assert not list(graph.objects(None, SCHEMA.nationality))
    assert graphs.texts_of(graph, f"{BASE}/terms/country/tr", SCHEMA.name) >= {("Türkiyə", "az")}


def test_known_identifiers_are_uris_and_others_literals(services: Services) -> None:
    ids = {"wikidata": "Q317397", "isni": "0000 0001 2345 6789", "bbk_az": "7"}
    graph = graph_of_record(services, identifiers=ids)
    assert set(graph.objects(URIRef(SUBJECT), SCHEMA.sameAs)) == {
        URIRef("http://www.wikidata.org/entity/Q317397"),
        URIRef("https://isni.org/isni/0000000123456789"),
    }
    identifier = graph.value(URIRef(SUBJECT), SCHEMA.identifier)
    assert str(graph.value(identifier, SCHEMA.propertyID)) == "bbk_az"
    assert str(graph.value(identifier, SCHEMA.value)) == "7"


def test_relations_are_described_from_both_ends(services: Services) -> None:
    graph = graph_of(describe(services, "niyazi"))
    pupil, teacher = URIRef(f"{BASE}/people/qara-qarayev"), URIRef(f"{BASE}/people/{PERSON}")
    learned = graph_of(describe(services, "qara-qarayev"))
    assert (pupil, URIRef(f"{BASE}/terms/relation/teacher"), teacher) in learned
    taught = graph_of(describe(services, PERSON))
    assert (teacher, URIRef(f"{BASE}/terms/relation/student"), pupil) in taught
    niyazi = URIRef(f"{BASE}/people/niyazi")
    assert (niyazi, SCHEMA.relatedTo, teacher) in graph
    # A teacher is more than an acquaintance, and schema.org has no property for it.
    assert (pupil, SCHEMA.knows, teacher) not in learned


def test_membership_has_role_and_dates(services: Services) -> None:
    part = {"organisation": "baku-music-academy", "role": {"en": "Rector"}, "date": "1928/1929~"}
    graph = graph_of_record(services, memberships=[part])
    role = graph.value(URIRef(SUBJECT), SCHEMA.memberOf)
    assert graph.value(role, SCHEMA.memberOf) == URIRef(f"{BASE}/organisations/baku-music-academy")
    assert graph.value(role, SCHEMA.roleName) == Literal("Rector", lang="en")
    assert graph.value(role, SCHEMA.startDate) == Literal("1928", datatype=XSD.gYear)
    assert graph.value(role, SCHEMA.endDate) is None


def test_stage_role_makes_a_contributor(services: Services) -> None:
    works = [{"title": {"en": "Othello"}, "type": "role"}, {"title": {"en": "A"}, "type": "opera"}]
    graph = graph_of_record(services, works=works)
    assert set(graph.subjects(SCHEMA.contributor, URIRef(SUBJECT))) == {URIRef(f"{SUBJECT}#work-1")}
    assert set(graph.subjects(SCHEMA.creator, URIRef(SUBJECT))) == {URIRef(f"{SUBJECT}#work-2")}


def test_pictures_have_licences_and_missing_ones_are_omitted(services: Services) -> None:
    stored = {"type": "image", "url": f"/media/{'a' * 64}", "licence": "CC BY 4.0"}
    film = {
        "type": "video",
        "url": "https://films.example/a b",
        "licence": "by friends",
        "author": "X",
        "source": "an archive",
    }
    graph = graph_of_record(services, media=[stored, film])
    assert not list(graph.objects(URIRef(SUBJECT), SCHEMA.image))
    medium = URIRef(f"{SUBJECT}#media-2")
    assert (medium, RDF.type, SCHEMA.VideoObject) in graph
    assert graph.value(medium, SCHEMA.url) == URIRef("https://films.example/a%20b")
    assert graph.value(medium, SCHEMA.license) is None
    collector = ReferencedEntities(services.catalogue(), Uris(BASE))
    related = RelatedContext(1, as_utc(now()), stored_images=frozenset({"a" * 64}))
    with_image = graph_of(describe_person({"id": "a", "names": NAMES, "media": [stored]}, related, collector))
    image = with_image.value(URIRef(SUBJECT), SCHEMA.image)
    assert with_image.value(image, SCHEMA.contentUrl) == URIRef(f"{BASE}/media/{'a' * 64}")
    licence = URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert with_image.value(image, SCHEMA.license) == licence


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
    assert graphs.texts_of(graph, f"{BASE}/sources/s", SCHEMA.name) == {("T", None)}
    assert graph.value(None, SCHEMA.datePublished) is None


def test_withdrawn_people_are_not_linked(own_services: Services) -> None:
    address = URIRef(f"{BASE}/people/{BROTHER}")
    assert (None, None, address) in graph_of(describe(own_services, PERSON))
    workflow.withdraw(own_services.database, OPERATOR, BROTHER, "wish", "")
    assert describe(own_services, BROTHER) == ()
    assert (None, None, address) not in graph_of(describe(own_services, PERSON))


def test_drafts_are_not_described(own_services: Services) -> None:
    edited_person.save_revisions(own_services)
    draft = {**seed.person_without_relations(BROTHER), "id": "a-draft"}
    with own_services.database.write() as session:
        save_records(session, [draft], OPERATOR, "", publish=False)
    assert edited_person.DRAFT_TEXT not in NTRIPLES.serialize(describe(own_services, PERSON), Uris(BASE))
    assert describe(own_services, "a-draft") == ()
    with own_services.database.read() as session:
        catalogue, uris = own_services.catalogue().public, Uris(BASE)
        assert description_queries.describe_source_by_id(session, "nothing", catalogue, uris) == ()
        assert description_queries.describe_term_by_key(session, "country/zz", catalogue, uris) == ()
        assert description_queries.describe_term_by_key(session, "profession/nothing", catalogue, uris) == ()
        assert description_queries.describe_scheme_by_id(session, "nothing", catalogue, uris) == ()
