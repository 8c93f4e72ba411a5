"""Page metadata for social networks and search engines; none for desk and account pages."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.app import create_app
from biobank.bootstrap import Services
from biobank.web.sharing.canvas import HEIGHT, WIDTH
from tests.support.users import add_user, signed_in
from tests.web.test_every_page import EVERY_PAGE

NIZAMI = "nizami-gencevi"
HOST = "http://localhost"
LOCALES = {"az": "az_AZ", "en": "en_GB", "ru": "ru_RU"}
NEEDED = ("og:type", "og:title", "og:url", "og:image", "og:image:alt", "og:description")


def meta(html: str) -> dict[str, list[str]]:
    """Return the values of each property."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', html):
        found.setdefault(name, []).append(unescape(value))
    return found


@pytest.mark.parametrize("address", [page for page in EVERY_PAGE if page.startswith("/ru/")])
def test_every_public_page_tells_what_it_is(client: FlaskClient, address: str) -> None:
    html = client.get(address).text
    its = meta(html)
    if "/suggest" in address or address.endswith(("/objection", "/propose", "/register")):
        assert "og:title" not in its  # forms are not shared
        return
    for name in NEEDED:
        assert len(its[name]) == 1, name
        assert its[name][0], name
    canonical = re.search(r'<link rel="canonical" href="([^"]+)">', html)
    assert canonical
    assert its["og:url"] == [unescape(canonical[1])]
    assert its["og:locale"] == ["ru_RU"]
    assert sorted(its["og:locale:alternate"]) == ["az_AZ", "en_GB"]
    assert its["twitter:card"] == ["summary_large_image"]
    assert its["og:image"][0].startswith(f"{HOST}/ru/")


@pytest.mark.parametrize("address", EVERY_PAGE)
def test_titles_and_descriptions_fit_what_search_engines_show(
    client: FlaskClient, address: str
) -> None:
    html = client.get(address).text
    its = meta(html)
    title = re.search(r"<title>(.*?)</title>", html)
    assert title
    assert 10 < len(unescape(title[1])) <= 200
    if "robots" in its:
        return
    (description,) = its["description"]
    assert 20 <= len(description) <= 160
    assert not re.search(r"\[@|\*\*|\]\(|<|&\w+;", description)


@pytest.mark.parametrize("lang", ["az", "en", "ru"])
def test_a_person_is_a_profile_with_a_picture_that_is_there(client: FlaskClient, lang: str) -> None:
    its = meta(client.get(f"/{lang}/people/{NIZAMI}").text)
    assert its["og:type"] == ["profile"]
    assert its["profile:gender"] == ["male"]
    assert its["og:locale"] == [LOCALES[lang]]
    names = {"az": "Nizami Gəncəvi", "en": "Nizami Ganjavi", "ru": "Низами Гянджеви"}
    assert its["og:title"][0].startswith(names[lang])
    assert its["og:image:alt"][0].startswith(names[lang])
    answer = client.get(its["og:image"][0].removeprefix(HOST))
    assert answer.mimetype == "image/png" == its["og:image:type"][0]
    assert answer.cache_control.max_age == 86_400
    assert (its["og:image:width"], its["og:image:height"]) == ([str(WIDTH)], [str(HEIGHT)])


def test_other_pages_show_the_picture_of_the_bank(client: FlaskClient) -> None:
    for path in ("", "about", "organisations/baku-music-academy", f"people/{NIZAMI}/revisions/1"):
        (image,) = meta(client.get(f"/az/{path}").text)["og:image"]
        assert image.startswith(f"{HOST}/az/card.png?v=")
        assert client.get(image.removeprefix(HOST)).mimetype == "image/png"


@pytest.mark.parametrize("path", ["people/nobody", "nothing/here", "search?born=never"])
def test_what_is_not_there_is_shared_by_nobody(client: FlaskClient, path: str) -> None:
    its = meta(client.get(f"/en/{path}").text)
    assert "og:title" not in its
    assert its["robots"] == ["noindex, follow"]


def test_pages_of_the_desk_and_of_accounts_tell_nothing(own_services: Services) -> None:
    app: Flask = create_app(own_services)
    client = signed_in(app, own_services.database, add_user(own_services.database, "A", "editor"))
    for path in ("desk", f"desk/people/{NIZAMI}", f"desk/people/{NIZAMI}/preview", "account"):
        html = client.get(f"/en/{path}").text
        assert "<title>" in html, path
        assert "og:" not in html, path
        assert "share-menu" not in html, path
        assert "card.png" not in html, path
    assert "og:" not in app.test_client().get("/en/sign-in").text


def test_a_name_with_marks_of_html_is_escaped(client: FlaskClient) -> None:
    html = client.get('/en/search?q="><script>alert(1)</script>').text
    assert "<script>alert" not in html
    assert "<script>alert" in meta(html)["og:title"][0]
