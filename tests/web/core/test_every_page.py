"""Checks that apply to every page, in every language."""

import re
from functools import cache
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.pages import visible_text

PERSON = "uzeyir-hacibeyov"
PAGES = (
    "",
    "search",
    "search?q=hacibeyov",
    "search?profession=poet&profession=-ashug&century=19&sort=name",
    "search?q=qqqxyz&profession=poet",
    "search?page=999",
    "search/list?profession=poet&sort=name",
    "search/list?q=qqqxyz&profession=poet",
    "search/map",
    "search/map?profession=poet&tie=birth&bbox=44,38,51,42",
    "search/map?q=qqqxyz&profession=poet",
    "search/values/place?q=poet&place=-moscow",
    "search/help",
    "search/advanced",
    "search/advanced?profession=poet&profession=-ashug&q=a+source:b&bbox=44,38,51,42&size=50",
    f"people/{PERSON}",
    "people/nizami-gencevi",
    f"people/{PERSON}/history",
    f"people/{PERSON}/cite",
    f"people/{PERSON}/cite?style=mla&revision=1",
    f"people/{PERSON}/revisions/1",
    f"people/{PERSON}/revisions/1/changes",
    f"people/{PERSON}/revisions/1/changes?from=1",
    "organisations/baku-music-academy",
    "organisations/",
    "organisations/register",
    "propose",
    f"people/{PERSON}/suggest",
    f"people/{PERSON}/suggest?field=birth",
    f"people/{PERSON}/suggest?field=biography",
    f"people/{PERSON}/objection",
    "browse/",
    "browse/profession/",
    "browse/profession/poet",
    "browse/place/",
    "browse/place/baku",
    "browse/century/",
    "browse/century/19",
    "browse/century/3",
    "on-this-day",
    "on-this-day?month=9&day=18",
    "on-this-day?month=2&day=29",
    "about",
    "embed",
    "embed?kind=person",
    "data",
)
LANGUAGES = ("az", "en", "ru")
#: Each language has the letters of its own alphabet.
LETTER_PAGES = (
    "/az/browse/letter/Ə",
    "/en/browse/letter/A",
    "/ru/browse/letter/Э",
    "/az/browse/letter/other",
)
EVERY_PAGE = [*(f"/{lang}/{page}" for lang in LANGUAGES for page in PAGES), *LETTER_PAGES]


class _Page(HTMLParser):
    """Parser that collects tags with attributes, and ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def of(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        return [
            attrs
            for name, attrs in self.tags
            if name == tag and all(attrs.get(key) == value for key, value in attributes.items())
        ]


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    """Request each page once with a new client; the bank is read-only here."""
    client = app.test_client()
    client.get = cache(lambda address: app.test_client().get(address))  # type: ignore[method-assign]
    return client


@pytest.fixture(params=EVERY_PAGE)
def address(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_page_declares_its_language_and_alternates(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    page = _Page(response.text)
    lang = address[1:3]
    assert response.status_code == 200
    assert page.of("html")[0]["lang"] == lang
    alternates = {
        link["hreflang"]: link["href"] for link in page.of("link", rel="alternate") if "hreflang" in link
    }
    languages = (lang,) if address in LETTER_PAGES else LANGUAGES
    assert set(alternates) == {*languages, "x-default"}
    # The canonical URL of a revision is the person page, that of a form has no arguments.
    canonical_path = re.sub(r"/revisions/\d+$|(?<=/embed)\?.*", "", str(alternates[lang]))
    assert page.of("link", rel="canonical")[0]["href"] == canonical_path
    assert all(str(href).startswith("http://localhost/") for href in alternates.values())
    for alternate_lang in languages:
        path = str(alternates[alternate_lang]).removeprefix("http://localhost")
        assert client.get(path).status_code == 200


def test_page_satisfies_the_content_security_policy(client: FlaskClient, address: str) -> None:
    page = _Page(client.get(address).text)
    for tag, attrs in page.tags:
        assert "style" not in attrs, tag
        assert not [name for name in attrs if name.startswith("on")], tag
        assert tag != "style"
        # Data blocks are not executed.
        if tag == "script" and attrs.get("type") != "application/ld+json":
            assert str(attrs["src"]).startswith("/static/")
        if tag == "img":
            assert str(attrs["src"]).startswith("/")
            assert attrs["alt"] is not None
            assert {"width", "height"} <= set(attrs)


def test_page_is_complete(client: FlaskClient, address: str) -> None:
    page = _Page(client.get(address).text)
    ids = [attrs["id"] for _, attrs in page.tags if attrs.get("id")]
    assert len(ids) == len(set(ids))
    assert len(page.of("h1")) == 1
    assert len(page.of("main")) == 1
    assert len(page.of("input", name="q", type="search")) == 1
    for _, attrs in page.tags:
        for name in ("aria-labelledby", "aria-describedby", "for"):
            assert attrs.get(name) is None or attrs[name] in ids, attrs


def test_a_page_sets_no_cookie(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    assert "Set-Cookie" not in headers
    assert "Cookie" not in headers.get("Vary", "")


def test_internal_links_work(client: FlaskClient) -> None:
    """Follow every internal link of a few pages once, except searches."""
    seen: set[str] = set()
    for address in ("/az/", f"/en/people/{PERSON}", "/ru/organisations/baku-music-academy", "/en/browse/"):
        for link in _Page(client.get(address).text).of("a"):
            href = str(link["href"]).partition("#")[0]
            if href.startswith("/") and "?" not in href and not href.startswith("/api/"):
                seen.add(href)
    assert len(seen) > 100
    for href in sorted(seen):
        assert client.get(href).status_code in (200, 302, 303), href


@pytest.mark.parametrize("lang", ["az", "ru"])
@pytest.mark.parametrize(
    "page",
    [
        "",
        "search?q=zzzz",
        "search/map",
        "browse/",
        "on-this-day?month=9&day=18",
        "about",
        "embed",
        "people/nobody",
        "organisations/",
        "organisations/register",
        "propose",
        f"people/{PERSON}/suggest?field=names",
        f"people/{PERSON}/objection",
        f"people/{PERSON}/history",
        f"people/{PERSON}/revisions/1/changes",
    ],
)
def test_no_english_is_left_in_the_frame_of_a_page(client: FlaskClient, lang: str, page: str) -> None:
    text = visible_text(client.get(f"/{lang}/{page}").text)
    for word in ("Search", "Browse", "About", "people", "Filters", "Nothing", "page"):
        assert not re.search(rf"\b{word}\b", text), word


def test_pages_of_the_same_state_are_the_same_bytes(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/en/people/" + PERSON).data == client.get("/en/people/" + PERSON).data
