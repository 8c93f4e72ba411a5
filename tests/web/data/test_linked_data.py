"""Permanent URLs, their data formats, and embedded data of pages."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from rdflib import URIRef

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.common.messages import BANK_NAME
from biobank.editorial.merging.merge import merge_people
from biobank.editorial.review import workflow
from biobank.editorial.revisions.bulk_save import save_records
from biobank.exchange.formats.linked_data.serializations import SERIALIZATIONS
from biobank.http.auth import SAFE_METHODS
from biobank.web.core.gettext import _
from biobank.web.core.linked_data import data_block
from tests.support import graphs, seed
from tests.support.apps import create_app
from tests.support.graphs import SCHEMA
from tests.support.pages import select, select_one, text_at

PERSON = "/people/uzeyir-hacibeyov"
BANK = URIRef("http://localhost/.well-known/void#bank")
VOID = "http://rdfs.org/ns/void#"
ENTITY_PATHS = {
    PERSON: f"/en{PERSON}",
    "/organisations/baku-music-academy": "/en/organisations/baku-music-academy",
    "/places/baku": "/en/browse/place/baku",
    "/terms/profession/composer": "/en/browse/profession/composer",
    "/terms/award/stalin-prize": "/en/search?q=award:stalin-prize",
    "/terms/relation/teacher": "/en/search?q=relation:teacher",
    "/terms/work/opera": "/en/search?q=%22opera%22",
    "/terms/event/premiere": "/en/search?q=%22premiere%22",
    "/terms/country/az": "/en/search?country=AZ",
    "/terms/profession": "/en/browse/profession/",
    "/terms/relation": "/en/data",
    "/sources/music-in-nummis-hajibeyov": "/en/search?q=source:music-in-nummis-hajibeyov",
}
#: Kinds of which the API has single records.
WITH_JSON = [path for path in ENTITY_PATHS if not path.startswith("/terms/")]
#: Accept header and the extension of the response; "" is the page.
TABLE = [
    ("", ""),
    ("*/*", ""),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", ""),
    ("image/png", ""),
    ("not a media type;;;q=x", ""),
    ("text/turtle", "ttl"),
    ("application/ld+json", "jsonld"),
    ("application/rdf+xml", "rdf"),
    ("application/n-triples", "nt"),
    ("text/turtle;q=0.8, application/rdf+xml;q=0.9", "rdf"),
    ("text/turtle, */*;q=0.1", "ttl"),
    ("text/html;q=0.5, text/turtle;q=0.4", ""),
    ("text/turtle;q=0, text/html", ""),
    ("text/*;q=0.5, application/ld+json;q=0.7", "jsonld"),
    ("text/turtle, text/html", ""),
    ("application/rdf+xml, text/turtle", "ttl"),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "jsonld"),
    ('text/turtle;charset=utf-8;q=0.4, application/ld+json; profile="x";q=0.6', "jsonld"),
]


@pytest.mark.parametrize(("accept", "ending"), TABLE)
@pytest.mark.parametrize("path", ENTITY_PATHS)
def test_permanent_url_redirects_to_the_preferred_format(
    client: FlaskClient, path: str, accept: str, ending: str
) -> None:
    response = client.get(path, headers={"Accept": accept, "Accept-Language": "en"})
    assert response.status_code == 303
    assert response.headers["Location"] == (f"{path}.{ending}" if ending else ENTITY_PATHS[path])
    assert {"Accept", "Accept-Language"} <= set(response.headers["Vary"].split(", "))
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ENTITY_PATHS)
def test_redirect_target_exists_in_every_format(client: FlaskClient, path: str) -> None:
    assert client.get(ENTITY_PATHS[path]).status_code == 200
    first = None
    for ending, form in SERIALIZATIONS.items():
        response = client.get(f"{path}.{ending}")
        assert response.status_code == 200
        assert response.mimetype == form.media_type
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert 'rel="license"' in response.headers["Link"]
        assert (
            client.get(f"{path}.{ending}", headers={"If-None-Match": response.headers["ETag"]}).status_code
            == 304
        )
        triples = graphs.triples(response.data, ending)
        assert triples == (first := first or triples)
        assert URIRef(f"http://localhost{path}") in {subject for subject, _p, _o in triples}


@pytest.mark.parametrize("path", WITH_JSON)
def test_json_redirects_to_the_api(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "application/json"})
    assert response.headers["Location"] == f"/api/v1{path}"
    assert client.get(response.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/people/nobody.ttl",
        "/people/nizami-gencevi.xml",
        "/organisations/nothing.nt",
        "/places/nowhere.rdf",
        "/places/NoWhere",
        "/terms/profession/nothing",
        "/terms/profession/nothing.ttl",
        "/terms/nothing",
        "/terms/nothing.ttl",
        "/terms/nothing/nothing",
        "/terms/country/zz",
        "/terms/country/zz.ttl",
        "/sources/nothing",
        "/sources/nothing.ttl",
        "/people/%3Cscript%3E.ttl",
    ],
)
def test_unknown_record_is_404_in_every_format(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("ending", SERIALIZATIONS)
def test_api_serves_the_same_graph_with_its_own_etag(client: FlaskClient, ending: str) -> None:
    path, form = f"/api/v1{PERSON}", SERIALIZATIONS[ending]
    response = client.get(path, headers={"Accept": form.media_type})
    assert (response.status_code, response.mimetype) == (200, form.media_type)
    expected = graphs.triples(client.get(f"{PERSON}.{ending}").data, ending)
    assert graphs.triples(response.data, ending) == expected
    plain = client.get(path)
    assert plain.mimetype == "application/json"
    assert plain.headers["ETag"] == '"1"' != response.headers["ETag"]
    for each in (response, plain):
        assert "Accept" in each.headers["Vary"].split(", ")
    headers = {"Accept": form.media_type, "If-None-Match": response.headers["ETag"]}
    assert client.get(path, headers=headers).status_code == 304
    assert client.get(path, headers={**headers, "If-None-Match": '"1"'}).status_code == 200


def test_api_defaults_to_json(client: FlaskClient) -> None:
    for accept in ("*/*", "", "text/html", "text/turtle;q=0.5, application/json"):
        response = client.get(f"/api/v1{PERSON}", headers={"Accept": accept})
        assert response.mimetype == "application/json"
    missing = client.get("/api/v1/people/nobody", headers={"Accept": "text/turtle"})
    assert missing.status_code == 404
    assert missing.mimetype == "application/problem+json"
    document = client.get("/api/openapi.json").json
    assert document is not None
    content = document["paths"]["/api/v1/people/{person_id}"]["get"]["responses"]["200"]["content"]
    assert set(content) == {"application/json", *(form.media_type for form in SERIALIZATIONS.values())}


def embedded(client: FlaskClient, path: str) -> dict[str, Any]:
    block = select_one(client.get(path).text, "script[type='application/ld+json']")
    document: dict[str, Any] = json.loads(block.text_content())
    return document


@pytest.mark.parametrize("lang", ["az", "en", "ru"])
@pytest.mark.parametrize(
    ("path", "type_"),
    [
        (PERSON, "Person"),
        ("/people/nizami-gencevi", "Person"),
        ("/people/mehseti-gencevi", "Person"),
        ("/organisations/baku-music-academy", "Organization"),
        ("/organisations/azerbaijanfilm", "Organization"),
    ],
)
def test_embedded_data_is_a_subset_of_the_graph(
    client: FlaskClient, lang: str, path: str, type_: str
) -> None:
    document = embedded(client, f"/{lang}{path}")
    graph = graphs.triples(client.get(f"{path}.nt").data, "nt")
    part = graphs.parse_json_ld(document)
    assert part
    assert part < graph
    first = document["@graph"][0]
    assert first["@id"] == f"http://localhost{path}"
    assert type_ in first["@type"]
    # Names in the language of the page, as plain text.
    assert isinstance(first["name"], str)
    assert text_at(client.get(f"/{lang}{path}").text, "h1").endswith(first["name"])


@pytest.mark.parametrize("lang", ["az", "en", "ru"])
def test_home_page_describes_the_search(client: FlaskClient, lang: str) -> None:
    site, action, entry = embedded(client, f"/{lang}/")["@graph"]
    assert (site["@type"], site["url"]) == ("WebSite", "http://localhost/")
    assert action["query-input"]["@value"] == "required name=search_term_string"
    template = entry["urlTemplate"]["@value"]
    assert template == f"http://localhost/{lang}/search?q={{search_term_string}}"
    assert client.get(template.replace("{search_term_string}", "poet")).status_code == 200


def test_only_current_record_pages_embed_data(client: FlaskClient) -> None:
    for path in (f"/en{PERSON}/revisions/1", "/en/search?q=poet", "/en/browse/", "/en/people/x"):
        assert not select(client.get(path).text, "script[type='application/ld+json']")


def test_link_header_matches_the_page(client: FlaskClient) -> None:
    response = client.get(f"/az{PERSON}")
    links = response.headers.getlist("Link")
    for ending, form in SERIALIZATIONS.items():
        link = f'<{PERSON}.{ending}>; rel="alternate"; type="{form.media_type}"'
        assert link in links
        selector = f"link[type='{form.media_type}'][title='{form.title}'][href='{PERSON}.{ending}']"
        assert select(response.text, selector)


@pytest.mark.parametrize(
    "text", ["</script><script>alert(1)</script>", "<!--<script>", "a & b", "\u2028\u2029", "]]>"]
)
def test_text_cannot_close_the_data_block(text: str) -> None:
    block = data_block({"name": text})
    assert not re.search("[<>&\u2028\u2029]", block)
    assert json.loads(block) == {"name": text}


def test_void_counts_match_the_database(client: FlaskClient, services: Services) -> None:
    for ending, form in SERIALIZATIONS.items():
        response = client.get("/.well-known/void", headers={"Accept": form.media_type})
        assert response.mimetype == form.media_type
        assert "Accept" in response.headers["Vary"]
        graph = graphs.parse(response.data, ending)
        counts = {
            str(graph.value(part, URIRef(VOID + "class"))): int(
                str(graph.value(part, URIRef(VOID + "entities")))
            )
            for part in graph.objects(BANK, URIRef(VOID + "classPartition"))
        }
        assert counts == _counted(client)
        assert URIRef("https://creativecommons.org/licenses/by/4.0/") in set(graph.objects(BANK))
        features = set(graph.objects(BANK, URIRef(VOID + "feature")))
        assert len(features) == len(SERIALIZATIONS)
        for search in graph.objects(BANK, URIRef(VOID + "openSearchDescription")):
            assert client.get(str(search)).status_code == 200
    assert client.get("/.well-known/void").mimetype == "text/turtle"
    assert services.people_count() == len(seed.people())


def _counted(client: FlaskClient) -> dict[str, int]:
    classes: Mapping[str, str] = {
        "people": f"{SCHEMA}Person",
        "organisations": f"{SCHEMA}Organization",
        "places": f"{SCHEMA}Place",
        "terms": "http://www.w3.org/2004/02/skos/core#Concept",
        "sources": f"{SCHEMA}CreativeWork",
    }
    counts = {}
    for kind, class_ in classes.items():
        page = client.get(f"/api/v1/{kind}?size=1").json
        assert page is not None
        counts[class_] = page["total"]
    return counts


def test_bank_name_matches_the_pages(app: Flask) -> None:
    for lang, title in BANK_NAME.translations().items():
        with app.test_request_context("/"), force_locale(lang):
            assert _("Azerbaijani Biography Bank") == title


def test_merged_and_withdrawn_people_in_every_format(own_services: Services) -> None:
    client = create_app(own_services).test_client()
    duplicate = {**seed.person_without_relations("nizami-gencevi"), "id": "a-twin"}
    with own_services.database.write() as session:
        save_records(session, [duplicate], OPERATOR, "", publish=True)
    for ending in SERIALIZATIONS:
        assert client.get(f"/people/a-twin.{ending}").status_code == 200
    merge_people(own_services.database, OPERATOR, "nizami-gencevi", "a-twin", 1, 1, {})
    workflow.withdraw(own_services.database, OPERATOR, "ceyhun-hacibeyli", "wish", "")
    for ending, form in SERIALIZATIONS.items():
        moved = client.get(f"/people/a-twin.{ending}")
        assert moved.status_code == 301
        assert moved.headers["Location"] == f"/people/nizami-gencevi.{ending}"
        accept = {"Accept": form.media_type}
        assert client.get("/api/v1/people/a-twin", headers=accept).status_code == 308
        assert client.get(f"/people/ceyhun-hacibeyli.{ending}").status_code == 410
        assert client.get("/api/v1/people/ceyhun-hacibeyli", headers=accept).status_code == 410
    assert "/people/ceyhun-hacibeyli" not in client.get(f"/az{PERSON}").text


def test_cross_origin_responses_ignore_cookies(app: Flask) -> None:
    """Check that permanent URLs accept only reading."""
    opened = ("/people/", "/organisations/", "/places/", "/terms/", "/sources/", "/dumps/")
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(opened):
            assert set(rule.methods or ()) <= SAFE_METHODS
