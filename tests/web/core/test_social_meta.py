"""Page metadata for social networks and search engines; none for desk and account pages."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.bootstrap import Services
from biobank.web.core.social_meta import CARD_HEIGHT, CARD_WIDTH
from tests.support.apps import create_app
from tests.support.pages import attributes, select, text_at
from tests.support.users import add_user, signed_in_client
from tests.web.core.test_every_page import EVERY_PAGE

NIZAMI = "nizami-gencevi"
HOST = "http://localhost"
LOCALES = {"az": "az_AZ", "en": "en_GB", "ru": "ru_RU"}
NEEDED = ("og:type", "og:title", "og:url", "og:image", "og:image:alt", "og:description")


def meta(html: str) -> dict[str, list[str]]:
    """Return the values of each property."""
    properties: dict[str, list[str]] = {}
    for tag in select(html, "meta[property][content], meta[name][content]"):
        name = tag.get("property") or tag.attrib["name"]
        properties.setdefault(name, []).append(tag.attrib["content"])
    return properties


@pytest.mark.parametrize("address", [page for page in EVERY_PAGE if page.startswith("/ru/")])
def test_every_public_page_has_open_graph_metadata(client: FlaskClient, address: str) -> None:
    html = client.get(address).text
    properties = meta(html)
    if "/suggest" in address or address.endswith(("/objection", "/propose", "/register")):
        assert "og:title" not in properties  # forms are not shared
        return
    for name in NEEDED:
        assert len(properties[name]) == 1, name
        assert properties[name][0], name
    assert properties["og:url"] == attributes(html, "link[rel=canonical]", "href")
    assert properties["og:locale"] == ["ru_RU"]
    assert sorted(properties["og:locale:alternate"]) == ["az_AZ", "en_GB"]
    assert properties["twitter:card"] == ["summary_large_image"]
    assert properties["og:image"][0].startswith(f"{HOST}/ru/")


@pytest.mark.parametrize("address", EVERY_PAGE)
def test_titles_and_descriptions_fit_what_search_engines_show(client: FlaskClient, address: str) -> None:
    html = client.get(address).text
    properties = meta(html)
    assert 10 < len(text_at(html, "head > title")) <= 200
    if "robots" in properties:
        return
    (description,) = properties["description"]
    assert 20 <= len(description) <= 160
    assert not re.search(r"\[@|\*\*|\]\(|<|&\w+;", description)


@pytest.mark.parametrize("lang", ["az", "en", "ru"])
def test_a_person_is_a_profile_with_a_picture_that_is_there(client: FlaskClient, lang: str) -> None:
    properties = meta(client.get(f"/{lang}/people/{NIZAMI}").text)
    assert properties["og:type"] == ["profile"]
    assert properties["profile:gender"] == ["male"]
    assert properties["og:locale"] == [LOCALES[lang]]
    names = {"az": "Nizami Gəncəvi", "en": "Nizami Ganjavi", "ru": "Низами Гянджеви"}
    assert properties["og:title"][0].startswith(names[lang])
    assert properties["og:image:alt"][0].startswith(names[lang])
    response = client.get(properties["og:image"][0].removeprefix(HOST))
    assert response.mimetype == "image/png" == properties["og:image:type"][0]
    assert response.cache_control.max_age == 86_400
    assert (properties["og:image:width"], properties["og:image:height"]) == (
        [str(CARD_WIDTH)],
        [str(CARD_HEIGHT)],
    )


def test_other_pages_use_the_bank_card(client: FlaskClient) -> None:
    for path in ("", "about", "organisations/baku-music-academy", f"people/{NIZAMI}/revisions/1"):
        (image,) = meta(client.get(f"/az/{path}").text)["og:image"]
        assert image.startswith(f"{HOST}/az/card.png?v=")
        assert client.get(image.removeprefix(HOST)).mimetype == "image/png"


@pytest.mark.parametrize("path", ["people/nobody", "nothing/here", "search?born=never"])
def test_missing_pages_have_no_metadata(client: FlaskClient, path: str) -> None:
    properties = meta(client.get(f"/en/{path}").text)
    assert "og:title" not in properties
    assert properties["robots"] == ["noindex, follow"]


def test_desk_and_account_pages_have_no_metadata(own_services: Services) -> None:
    app: Flask = create_app(own_services)
    client = signed_in_client(app, own_services.database, add_user(own_services.database, "A", "editor"))
    for path in ("desk", f"desk/people/{NIZAMI}", f"desk/people/{NIZAMI}/preview", "account"):
        html = client.get(f"/en/{path}").text
        assert select(html, "head > title"), path
        assert "og:" not in html, path
        assert "share-menu" not in html, path
        assert "card.png" not in html, path
    assert "og:" not in app.test_client().get("/en/sign-in").text


def test_html_in_names_is_escaped(client: FlaskClient) -> None:
    html = client.get('/en/search?q="><script>alert(1)</script>').text
    assert "<script>alert" not in html
    assert "<script>alert" in meta(html)["og:title"][0]
