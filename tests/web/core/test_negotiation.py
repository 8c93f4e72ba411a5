"""Negotiation of language and format, and error pages."""

import pytest
from flask.testing import FlaskClient

from tests.support.pages import select


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [
        ("az", "az"),
        ("en-GB,en;q=0.9", "en"),
        ("ru-KZ,kk;q=0.8", "ru"),
        ("de,ru;q=0.5,en;q=0.3", "ru"),
        ("tr", "az"),
        ("ja", "az"),
        ("", "az"),
        ("en;q=0", "az"),
    ],
)
def test_home_page_negotiates_language(client: FlaskClient, accepted: str, lang: str) -> None:
    response = client.get("/", headers={"Accept-Language": accepted})
    assert response.status_code == 302
    assert response.headers["Location"] == f"/{lang}/"
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.parametrize(
    ("accept", "location"),
    [
        ("text/html", "/en/people/nizami-gencevi"),
        ("*/*", "/en/people/nizami-gencevi"),
        ("application/json", "/api/v1/people/nizami-gencevi"),
        ("application/json;q=0.9,text/html;q=0.5", "/api/v1/people/nizami-gencevi"),
        ("text/html,application/json;q=0.9", "/en/people/nizami-gencevi"),
    ],
)
def test_permanent_url_negotiates_format(client: FlaskClient, accept: str, location: str) -> None:
    headers = {"Accept": accept, "Accept-Language": "en"}
    response = client.get("/people/nizami-gencevi", headers=headers)
    assert response.status_code == 303
    assert response.headers["Location"] == location
    assert {"Accept", "Accept-Language"} <= set(response.headers["Vary"].split(", "))


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/az/people/nobody", 404, "Səhifə tapılmadı"),
        ("/ru/organisations/nothing", 404, "Страница не найдена"),
        ("/en/browse/letter/HH", 404, "Page not found"),
        ("/en/browse/place/baku?page=99", 404, "Page not found"),
        ("/en/browse/place/baku?page=-1", 400, "Invalid search"),
        ("/en/search?page=0", 400, "Invalid search"),
        ("/en/search?page=" + "9" * 30, 400, "Invalid search"),
        ("/ru/search?q=" + "x" * 601, 400, "Слишком длинный запрос"),
        ("/az/search?born=never", 400, "Yanlış sorğu"),
        ("/medallion/Not-An-Id.svg", 404, "Səhifə tapılmadı"),
    ],
)
def test_an_error_is_a_page_in_the_language_of_the_address(
    client: FlaskClient, address: str, status: int, words: str
) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert response.mimetype == "text/html"
    assert words in response.text
    assert select(response.text, "[name=q]")


def test_robots_excludes_search_results(client: FlaskClient) -> None:
    robots = client.get("/robots.txt")
    assert robots.mimetype == "text/plain"
    assert "Disallow: /az/search" in robots.text
    assert "noindex" in client.get("/en/search?q=poet").text
    assert "noindex" not in client.get("/en/people/nizami-gencevi").text


def test_versioned_files_are_cached_as_immutable(client: FlaskClient) -> None:
    with client.get("/static/site.css?v=1") as versioned:
        assert "immutable" in versioned.headers["Cache-Control"]
    with client.get("/static/site.css") as plain:
        assert "immutable" not in plain.headers["Cache-Control"]
    with client.get("/favicon.ico", follow_redirects=True) as mark:
        assert mark.mimetype == "image/svg+xml"
