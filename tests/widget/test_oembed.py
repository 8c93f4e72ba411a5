"""oEmbed 1.0 responses for URLs of the bank."""

import re
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.review.workflow import withdraw
from biobank.editorial.revisions.bulk_save import save_records
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from tests.support.apps import create_app
from tests.support.payloads import hostile_record

BANK = "http://localhost"
UZEYIR = f"{BANK}/people/uzeyir-hacibeyov"


def request_oembed(client: FlaskClient, url: str, **more: Any) -> Any:
    return client.get(f"/oembed?{urlencode({'url': url, **more})}")


@pytest.mark.parametrize(
    ("address", "lang", "frame"),
    [
        ("/az/people/uzeyir-hacibeyov", "az", "/az/embed/people/uzeyir-hacibeyov"),
        ("/ru/people/uzeyir-hacibeyov#life", "ru", "/ru/embed/people/uzeyir-hacibeyov"),
        ("/people/uzeyir-hacibeyov", "en", "/en/embed/people/uzeyir-hacibeyov"),
        ("/en/organisations/baku-music-academy", "en", "/en/embed/search?organisation=baku-music-academy"),
        ("/organisations/baku-music-academy", "en", "/en/embed/search?organisation=baku-music-academy"),
        (
            "/az/search?q=opera&profession=composer&profession=-poet",
            "az",
            "/az/embed/search?q=opera&profession=composer&profession=-poet",
        ),
        ("/ru/search", "ru", "/ru/embed/search"),
    ],
)
def test_pages_resolve_to_existing_frames(client: FlaskClient, address: str, lang: str, frame: str) -> None:
    body = request_oembed(client, BANK + address).json
    assert body["version"] == "1.0"
    assert body["type"] == "rich"
    assert body["provider_url"] == f"{BANK}/"
    match = re.fullmatch(r'<iframe src="([^"]+)" title="[^"]+" [^<>]*></iframe>', body["html"])
    assert match
    source = match[1].replace("&amp;", "&")
    assert source == BANK + frame
    assert client.get(source.removeprefix(BANK)).status_code == 200


def test_the_title_is_in_the_language_of_the_address(client: FlaskClient) -> None:
    titles = {
        lang: request_oembed(client, f"{BANK}/{lang}/people/uzeyir-hacibeyov").json["title"]
        for lang in ("az", "en", "ru")
    }
    assert titles["az"] == "Üzeyir Hacıbəyov – Azərbaycan Bioqrafiya Bankı"
    assert titles["en"].startswith("Uzeyir Hajibeyov – ")
    assert titles["ru"].startswith("Узеир Гаджибеков – ")


def test_an_address_without_a_language_is_read_in_that_of_the_asker(client: FlaskClient) -> None:
    query = urlencode({"url": UZEYIR})
    response = client.get(f"/oembed?{query}", headers={"Accept-Language": "ru"})
    assert "/ru/embed/" in response.json["html"]
    assert "Accept-Language" in response.headers["Vary"]


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_size_is_limited_by_the_request(client: FlaskClient, wide: int, high: int) -> None:
    body = request_oembed(client, UZEYIR, maxwidth=wide, maxheight=high).json
    assert 0 < body["width"] <= wide
    assert 0 < body["height"] <= high
    assert f'width="{body["width"]}" height="{body["height"]}"' in body["html"]


def test_xml_equals_json(client: FlaskClient) -> None:
    response = request_oembed(client, UZEYIR, format="xml")
    assert response.content_type == "text/xml; charset=utf-8"
    root = ElementTree.fromstring(response.data)
    assert root.tag == "oembed"
    values = {part.tag: part.text for part in root}
    assert values == {name: str(value) for name, value in request_oembed(client, UZEYIR).json.items()}


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/people/uzeyir-hacibeyov",
        "http://localhost:81/people/uzeyir-hacibeyov",
        "http://localhost@elsewhere.example/people/uzeyir-hacibeyov",
        "javascript:alert(1)//localhost/people/uzeyir-hacibeyov",
        "http://[/people/uzeyir-hacibeyov",
        "/people/uzeyir-hacibeyov",
        f"{BANK}/",
        f"{BANK}/az/about",
        f"{BANK}/az/desk",
        f"{BANK}/people/nobody",
        f"{BANK}/organisations/nothing",
        f"{BANK}/az/people/uzeyir-hacibeyov/history",
        f"{BANK}/az/search?q={'a' * 5000}",
    ],
)
def test_url_that_cannot_be_embedded_is_not_found(client: FlaskClient, address: str) -> None:
    response = request_oembed(client, address)
    assert response.status_code == 404
    assert response.json["code"] == "not_found"


def test_invalid_format_and_size(client: FlaskClient) -> None:
    assert request_oembed(client, UZEYIR, format="yaml").status_code == 501
    for invalid in ("0", "-1", "wide", "1.5", "٣", "9" * 10):
        response = request_oembed(client, UZEYIR, maxwidth=invalid)
        assert response.status_code == 400
        assert "maxwidth" in response.json["detail"]
    assert "url" in client.get("/oembed").json["detail"]
    assert request_oembed(client, f"{BANK}/az/search?born=never").status_code == 400


@given(st.text(max_size=300))
def test_arbitrary_text_as_url_never_fails(client: FlaskClient, text: str) -> None:
    try:
        query = urlencode({"url": text})
    except UnicodeEncodeError:
        return
    assert client.get(f"/oembed?{query}").status_code in (400, 404)


@pytest.mark.parametrize("query", ["a=1&" * 250, "q=%00", "profession=a%1Bb"])
def test_embedded_url_has_request_limits(client: FlaskClient, query: str) -> None:
    assert request_oembed(client, f"{BANK}/en/search?{query}").status_code == 400


def test_invalid_xml_characters_are_removed(client: FlaskClient) -> None:
    response = request_oembed(client, f"{BANK}/en/search?profession=a%EF%BF%BEb", format="xml")
    assert "ab" in str(ElementTree.fromstring(response.data).findtext("title"))


def test_cross_origin_requests_without_cookies(client: FlaskClient) -> None:
    response = request_oembed(client, UZEYIR)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in response.headers
    assert response.headers["Cache-Control"] == "public, max-age=86400"


@pytest.mark.parametrize(
    "page", ["people/uzeyir-hacibeyov", "organisations/baku-music-academy", "search?q=opera&century=19"]
)
def test_pages_link_the_oembed_endpoint(client: FlaskClient, page: str) -> None:
    html = client.get(f"/az/{page}").text
    links = re.findall(r'<link rel="alternate" type="(\S+)\+oembed" href="([^"]+)"', html)
    assert [kind for kind, _href in links] == ["application/json", "text/xml"]
    for _kind, href in links:
        response = client.get(href.replace("&amp;", "&").removeprefix(BANK))
        assert response.status_code == 200
        assert page.partition("/")[2][:6] in response.text or "opera" in response.text


def test_withdrawn_person_is_not_embedded(own_services: Services) -> None:
    client = create_app(own_services).test_client()
    assert request_oembed(client, UZEYIR).status_code == 200
    withdraw(own_services.database, OPERATOR, "uzeyir-hacibeyov", "wish", "")
    own_services.indexer.sync()
    assert request_oembed(client, UZEYIR).status_code == 404


def test_record_text_is_escaped_in_attributes(own_services: Services) -> None:
    record = load_validated(person_schema, hostile_record())
    with own_services.database.write() as session:
        save_records(session, [record], OPERATOR, "", publish=True)
    client = create_app(own_services).test_client()
    for lang in ("az", "en", "ru"):
        address = f"{BANK}/{lang}/people/zererveren"
        html = request_oembed(client, address).json["html"]
        assert html.count("<") == 2
        assert html.count('"') == 12
        tree = ElementTree.fromstring(request_oembed(client, address, format="xml").data)
        assert tree.findtext("html") == html
