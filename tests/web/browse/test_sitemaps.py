"""Sitemaps list exactly the indexable pages, in all languages."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.robotparser import RobotFileParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree
from sqlalchemy import delete

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial import pictures
from biobank.editorial.pictures import PictureDetails
from biobank.editorial.review import workflow
from biobank.editorial.revisions.bulk_save import save_records
from biobank.records.media.urls import picture_path
from biobank.records.people import queries, sitemap_queries
from biobank.records.people.models import Person
from biobank.store.session import Database
from biobank.web.browse import sitemaps
from tests.support import pages
from tests.support.apps import create_app
from tests.support.pictures import DETAILS, encode
from tests.support.users import add_user

SCHEMAS = Path(__file__).parents[2] / "support" / "schemas"
SPACES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
    "i": "http://www.google.com/schemas/sitemap-image/1.1",
}
NIZAMI = "nizami-gencevi"
HOST = "http://localhost"


def valid(content: bytes, schema: str) -> etree._Element:
    """Parse a document and validate it against its schema."""
    tree = etree.fromstring(content)
    etree.XMLSchema(etree.parse(str(SCHEMAS / schema))).assertValid(tree)
    return tree


def texts(tree: etree._Element, path: str) -> list[str]:
    return [str(part.text) for part in tree.iterfind(path, SPACES)]


def files(client: FlaskClient) -> Iterator[tuple[str, etree._Element]]:
    index = valid(client.get("/sitemap.xml").data, "siteindex.xsd")
    for address in texts(index, "s:sitemap/s:loc"):
        response = client.get(address.removeprefix(HOST))
        assert response.mimetype == "application/xml"
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert len(response.data) < 50_000_000
        yield address, valid(response.data, "sitemap.xsd")


@pytest.fixture
def own_client(own_services: Services) -> FlaskClient:
    return create_app(own_services).test_client()


def test_every_file_of_the_index_is_valid_and_names_every_public_person(
    client: FlaskClient, services: Services
) -> None:
    named = [loc for _, tree in files(client) for loc in texts(tree, "s:url/s:loc")]
    assert len(named) == len(set(named))
    with services.database.read() as session:
        ids = [id_ for chunk in queries.iter_chunks(session) for id_ in chunk]
    for lang in ("az", "en", "ru"):
        people = {url for url in named if url.startswith(f"{HOST}/{lang}/people/")}
        assert people == {f"{HOST}/{lang}/people/{id_}" for id_ in ids}
        assert f"{HOST}/{lang}/organisations/baku-music-academy" in named
        assert f"{HOST}/{lang}/browse/profession/poet" in named
        assert f"{HOST}/{lang}/" in named


def test_alternates_are_those_of_the_page_itself(client: FlaskClient) -> None:
    for _address, tree in files(client):
        for url in tree.findall("s:url", SPACES)[::97]:
            alternates = {(link.get("hreflang"), link.get("href")) for link in url.iterfind("x:link", SPACES)}
            loc = str(url.findtext("s:loc", None, SPACES))
            response = client.get(loc.removeprefix(HOST))
            assert response.status_code == 200, loc
            links = pages.select(response.text, "head link[rel=alternate][hreflang]")
            page_alternates = {(link.attrib["hreflang"], link.attrib["href"]) for link in links}
            assert alternates == page_alternates, loc
            assert loc in dict(page_alternates).values()
            assert pages.attributes(response.text, "head link[rel=canonical]", "href") == [loc]
            assert not pages.select(response.text, "meta[name=robots]")


def test_the_last_change_is_that_of_the_record(client: FlaskClient, services: Services) -> None:
    tree = valid(client.get("/sitemaps/people-1.xml").data, "sitemap.xsd")
    for url in tree.findall("s:url", SPACES)[::50]:
        id_ = str(url.findtext("s:loc", None, SPACES)).rpartition("/")[2]
        last_modified = datetime.fromisoformat(str(url.findtext("s:lastmod", None, SPACES)))
        with services.database.read() as session:
            person = session.get(sitemap_queries.m.Person, id_)
        assert person
        assert person.updated_at
        changed = sitemap_queries.as_utc(person.updated_at)
        assert last_modified == changed.replace(microsecond=0)


def test_withdrawal_changes_lastmod_of_the_sitemap(database: Database) -> None:
    """Check the last person and one between two files; people never published do not count."""
    day = datetime(2026, 1, 1, tzinfo=UTC)

    def people(*withdrawn: str) -> list[datetime | None]:
        with database.write() as session:
            session.execute(delete(Person))
            for number, id_ in enumerate("abcdefg"):
                at = day + timedelta(days=10 if id_ in withdrawn else number)
                public = None if id_ in withdrawn else 1
                session.add(Person(id=f"person-{id_}", published=public, updated_at=at))
            session.add(Person(id="person-bb", withdrawn_at=day + timedelta(days=20)))
        with database.read() as session:
            return [at and (at - day).days for at in sitemap_queries.last_changes(session, 3)]

    assert people() == [2, 5, 6]
    assert people("b") == [10, 6]
    assert people("d") == [10, 6]
    assert people("g") == [2, 10]
    assert people("a") == [10, 6]
    assert people(*"abcdefg") == []


def test_sitemap_chunks_lose_nobody(
    app: Flask, services: Services, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_urls = texts(valid(client.get("/sitemaps/people-1.xml").data, "sitemap.xsd"), "s:url/s:loc")
    monkeypatch.setattr(sitemaps, "MAX_PEOPLE_PER_SITEMAP", 20)
    monkeypatch.setattr(sitemaps, "SITEMAP_CHUNK_ROWS", 7)
    parts = []
    for address, tree in files(client):
        if "people" in address:
            urls = texts(tree, "s:url/s:loc")
            assert len(urls) <= 60
            parts += urls
    assert parts == all_urls
    number = -(-len(all_urls) // 60)
    assert client.get(f"/sitemaps/people-{number}.xml").status_code == 200
    assert client.get(f"/sitemaps/people-{number + 1}.xml").status_code == 404


def test_non_public_people_are_excluded(own_services: Services, own_client: FlaskClient) -> None:
    record = {"id": "qaralama", "names": [{"text": "Q", "lang": "az", "kind": "preferred"}]}
    with own_services.database.write() as session:
        save_records(session, [record], OPERATOR, "", publish=False)
    editor = add_user(own_services.database, "B", "editor")
    workflow.withdraw(own_services.database, editor, NIZAMI, "wish", "-")
    text = own_client.get("/sitemaps/people-1.xml").text
    assert "qaralama" not in text
    assert NIZAMI not in text
    assert "uzeyir-hacibeyov" in text


def test_portraits_are_named_with_their_licence(own_services: Services, own_client: FlaskClient) -> None:
    details = PictureDetails(**DETAILS)  # type: ignore[arg-type]
    sha = pictures.add_picture(own_services.database, own_services.media, OPERATOR, encode(), details).sha
    media = [
        {"type": "image", "url": picture_path(sha), **DETAILS},
        {"type": "image", "url": picture_path("0" * 64), **DETAILS},
        {"type": "image", "url": "https://pictures.example/1.jpg", **DETAILS},
    ]
    with own_services.database.read() as session:
        record = queries.load_record(session, NIZAMI)
    assert record
    with own_services.database.write() as session:
        save_records(session, [{**record, "media": media}], OPERATOR, "", publish=True)
    tree = valid(own_client.get("/sitemaps/people-1.xml").data, "sitemap.xsd")
    # In each of the three languages; external and missing pictures are not listed.
    assert texts(tree, ".//i:loc") == [f"{HOST}{picture_path(sha)}"] * 3
    assert set(texts(tree, ".//i:license")) == {"https://creativecommons.org/licenses/by/4.0/"}


def test_robots_lists_sitemap_and_exclusions(client: FlaskClient) -> None:
    text = client.get("/robots.txt").text
    assert f"Sitemap: {HOST}/sitemap.xml" in text.splitlines()
    robots = RobotFileParser()
    robots.parse(text.splitlines())
    for lang in ("az", "en", "ru"):
        for path in ("desk", "account", "search?q=a", "embed/search", f"embed/people/{NIZAMI}"):
            assert not robots.can_fetch("any", f"{HOST}/{lang}/{path}"), path
        for path in (
            "",
            "embed",
            "browse/",
            "on-this-day",
            "card.png",
            "feeds/new.atom",
            f"people/{NIZAMI}",
            f"people/{NIZAMI}/card.png",
        ):
            assert robots.can_fetch("any", f"{HOST}/{lang}/{path}"), path
    for path in ("/static/site.css", "/media/a", f"/medallion/{NIZAMI}.svg", "/sitemap.xml"):
        assert robots.can_fetch("any", f"{HOST}{path}"), path
