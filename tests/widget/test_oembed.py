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
from biobank.app import create_app
from biobank.bootstrap import Services
from biobank.editorial.publishing import save_many
from biobank.editorial.workflow import withdraw
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from tests.support.payloads import hostile_record

BANK = "http://localhost"
UZEYIR = f"{BANK}/people/uzeyir-hacibeyov"


def ask(client: FlaskClient, url: str, **more: Any) -> Any:
    return client.get(f"/oembed?{urlencode({'url': url, **more})}")


@pytest.mark.parametrize(
    ("address", "lang", "frame"),
    [
        ("/az/people/uzeyir-hacibeyov", "az", "/az/embed/people/uzeyir-hacibeyov"),
        ("/ru/people/uzeyir-hacibeyov#life", "ru", "/ru/embed/people/uzeyir-hacibeyov"),
        ("/people/uzeyir-hacibeyov", "en", "/en/embed/people/uzeyir-hacibeyov"),
        (
            "/en/organisations/baku-music-academy",
            "en",
            "/en/embed/search?organisation=baku-music-academy",
        ),
        (
            "/organisations/baku-music-academy",
            "en",
            "/en/embed/search?organisation=baku-music-academy",
        ),
        (
            "/az/search?q=opera&profession=composer&profession=-poet",
            "az",
            "/az/embed/search?q=opera&profession=composer&profession=-poet",
        ),
        ("/ru/search", "ru", "/ru/embed/search"),
    ],
)
def test_pages_of_the_bank_become_frames_that_are_there(
    client: FlaskClient, address: str, lang: str, frame: str
) -> None:
    body = ask(client, BANK + address).json
    assert body["version"] == "1.0"
    assert body["type"] == "rich"
    assert body["provider_url"] == f"{BANK}/"
    found = re.fullmatch(r'<iframe src="([^"]+)" title="[^"]+" [^<>]*></iframe>', body["html"])
    assert found
    source = found[1].replace("&amp;", "&")
    assert source == BANK + frame
    assert client.get(source.removeprefix(BANK)).status_code == 200


def test_the_title_is_in_the_language_of_the_address(client: FlaskClient) -> None:
    titles = {
        lang: ask(client, f"{BANK}/{lang}/people/uzeyir-hacibeyov").json["title"]
        for lang in ("az", "en", "ru")
    }
    assert titles["az"] == "Üzeyir Hacıbəyov – Azərbaycan Bioqrafiya Bankı"
    assert titles["en"].startswith("Uzeyir Hajibeyov – ")
    assert titles["ru"].startswith("Узеир Гаджибеков – ")


def test_an_address_without_a_language_is_read_in_that_of_the_asker(client: FlaskClient) -> None:
    query = urlencode({"url": UZEYIR})
    answer = client.get(f"/oembed?{query}", headers={"Accept-Language": "ru"})
    assert "/ru/embed/" in answer.json["html"]
    assert "Accept-Language" in answer.headers["Vary"]


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_it_is_never_larger_than_was_asked(client: FlaskClient, wide: int, high: int) -> None:
    body = ask(client, UZEYIR, maxwidth=wide, maxheight=high).json
    assert 0 < body["width"] <= wide
    assert 0 < body["height"] <= high
    assert f'width="{body["width"]}" height="{body["height"]}"' in body["html"]


def test_xml_says_the_same(client: FlaskClient) -> None:
    answer = ask(client, UZEYIR, format="xml")
    assert answer.content_type == "text/xml; charset=utf-8"
    root = ElementTree.fromstring(answer.data)
    assert root.tag == "oembed"
    told = {part.tag: part.text for part in root}
    assert told == {name: str(value) for name, value in ask(client, UZEYIR).json.items()}


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
def test_what_is_no_page_to_embed_is_not_found(client: FlaskClient, address: str) -> None:
    answer = ask(client, address)
    assert answer.status_code == 404
    assert answer.json["code"] == "not_found"


def test_formats_and_numbers_that_are_none(client: FlaskClient) -> None:
    assert ask(client, UZEYIR, format="yaml").status_code == 501
    for wrong in ("0", "-1", "wide", "1.5", "٣", "9" * 10):
        answer = ask(client, UZEYIR, maxwidth=wrong)
        assert answer.status_code == 400
        assert "maxwidth" in answer.json["detail"]
    assert "url" in client.get("/oembed").json["detail"]
    assert ask(client, f"{BANK}/az/search?born=never").status_code == 400


@given(st.text(max_size=300))
def test_any_text_in_place_of_an_address_is_answered(client: FlaskClient, text: str) -> None:
    try:
        query = urlencode({"url": text})
    except UnicodeEncodeError:
        return
    assert client.get(f"/oembed?{query}").status_code in (400, 404)


@pytest.mark.parametrize("query", ["a=1&" * 250, "q=%00", "profession=a%1Bb"])
def test_an_address_within_is_held_to_what_any_address_is(client: FlaskClient, query: str) -> None:
    assert ask(client, f"{BANK}/en/search?{query}").status_code == 400


def test_what_xml_cannot_write_is_left_out(client: FlaskClient) -> None:
    answer = ask(client, f"{BANK}/en/search?profession=a%EF%BF%BEb", format="xml")
    assert "ab" in str(ElementTree.fromstring(answer.data).findtext("title"))


def test_every_site_may_ask_and_nobody_gets_a_cookie(client: FlaskClient) -> None:
    answer = ask(client, UZEYIR)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=86400"


@pytest.mark.parametrize(
    "page",
    ["people/uzeyir-hacibeyov", "organisations/baku-music-academy", "search?q=opera&century=19"],
)
def test_pages_tell_where_to_ask(client: FlaskClient, page: str) -> None:
    html = client.get(f"/az/{page}").text
    links = re.findall(r'<link rel="alternate" type="(\S+)\+oembed" href="([^"]+)"', html)
    assert [kind for kind, _href in links] == ["application/json", "text/xml"]
    for _kind, href in links:
        answer = client.get(href.replace("&amp;", "&").removeprefix(BANK))
        assert answer.status_code == 200
        assert page.partition("/")[2][:6] in answer.text or "opera" in answer.text


def test_who_was_withdrawn_is_not_embedded(own_services: Services) -> None:
    client = create_app(own_services).test_client()
    assert ask(client, UZEYIR).status_code == 200
    withdraw(own_services.database, OPERATOR, "uzeyir-hacibeyov", "wish", "")
    own_services.indexer.sync()
    assert ask(client, UZEYIR).status_code == 404


def test_texts_of_records_cannot_leave_their_attribute(own_services: Services) -> None:
    record = load(person_schema, hostile_record())
    with own_services.database.write() as session:
        save_many(session, [record], OPERATOR, "", publish=True)
    client = create_app(own_services).test_client()
    for lang in ("az", "en", "ru"):
        address = f"{BANK}/{lang}/people/zererveren"
        html = ask(client, address).json["html"]
        assert html.count("<") == 2
        assert html.count('"') == 12
        told = ElementTree.fromstring(ask(client, address, format="xml").data)
        assert told.findtext("html") == html
