"""Feeds are valid Atom, list every public person once, and nobody else."""

from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import etree

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.common.clock import as_utc
from biobank.editorial.review import workflow
from biobank.editorial.revisions.bulk_save import save_records
from biobank.records.people import queries
from biobank.records.people.models import Person
from biobank.web.browse import day_page, feeds
from biobank.web.core import social_meta
from tests.support.apps import create_app
from tests.support.pages import attributes
from tests.support.users import add_user

SCHEMA = Path(__file__).parents[2] / "support" / "schemas" / "atom.rng"
SPACE = {"a": "http://www.w3.org/2005/Atom"}
HOST = "http://localhost"
NIZAMI, UZEYIR = "nizami-gencevi", "uzeyir-hacibeyov"
PEOPLE_FEEDS = ("new", "changed")


def read(client: FlaskClient, address: str) -> etree._Element:
    response = client.get(address.removeprefix(HOST))
    assert response.status_code == 200
    assert response.mimetype == "application/atom+xml"
    tree = etree.fromstring(response.data)
    etree.RelaxNG(etree.parse(str(SCHEMA))).assertValid(tree)
    assert link(tree, "self").removeprefix(HOST) == address.removeprefix(HOST)
    return tree


def link(tree: etree._Element, rel: str) -> str:
    hrefs = [part.get("href") for part in tree.findall("a:link", SPACE) if part.get("rel") == rel]
    assert len(hrefs) <= 1
    return hrefs[0] or "" if hrefs else ""


def ids(tree: etree._Element) -> list[str]:
    return [str(part.text) for part in tree.iterfind("a:entry/a:id", SPACE)]


def entry_texts(tree: etree._Element, name: str) -> list[str]:
    return [str(part.text) for part in tree.iterfind(f"a:entry/a:{name}", SPACE)]


def is_today(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    for module in (feeds, day_page):
        monkeypatch.setattr(module, "today_in_baku", lambda: day)


@pytest.fixture
def own_client(own_services: Services) -> FlaskClient:
    return create_app(own_services).test_client()


@pytest.mark.parametrize("lang", ["az", "en", "ru"])
@pytest.mark.parametrize("name", social_meta.FEED_NAMES)
def test_every_feed_is_valid_in_every_language(client: FlaskClient, name: str, lang: str) -> None:
    tree = read(client, f"/{lang}/feeds/{name}.atom")
    assert tree.get("{http://www.w3.org/XML/1998/namespace}lang") == lang
    assert tree.findtext("a:author/a:name", None, SPACE)
    page = link(tree, "alternate").removeprefix(HOST)
    assert client.get(page).status_code == 200
    languages = {part.get("hreflang") for part in tree.iterfind(".//a:link[@rel='alternate']", SPACE)}
    assert languages == {lang}
    # Web-based readers request cross-origin; an empty summary is omitted.
    response = client.get(f"/{lang}/feeds/{name}.atom")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert all(part.text for part in tree.iterfind("a:entry/a:summary", SPACE))


@pytest.mark.parametrize("name", PEOPLE_FEEDS)
def test_feed_pages_list_everyone_once(client: FlaskClient, services: Services, name: str) -> None:
    first = f"{HOST}/ru/feeds/{name}.atom"
    address, before, listed_ids = first, "", []
    while address:
        tree = read(client, address)
        assert link(tree, "first") == first
        assert link(tree, "previous") == before
        assert tree.findtext("a:id", None, SPACE) == first
        listed_ids += ids(tree)
        before, address = address, link(tree, "next")
    assert link(tree, "last") == before
    with services.database.read() as session:
        all_ids = [id_ for chunk in queries.iter_chunks(session) for id_ in chunk]
    assert sorted(listed_ids) == [f"{HOST}/people/{id_}" for id_ in sorted(all_ids)]
    assert client.get(f"/ru/feeds/{name}.atom?page=99").status_code == 404
    assert client.get(f"/ru/feeds/{name}.atom?page=x").status_code == 400


def test_new_people_come_first_and_updates_are_not_new(
    own_services: Services, own_client: FlaskClient
) -> None:
    with own_services.database.read() as session:
        nizami = queries.load_record(session, NIZAMI)
    assert nizami
    newcomer = {"id": "yeni-gelen", "names": [{"text": "Yeni Gələn", "lang": "az", "kind": "preferred"}]}
    for record in (newcomer, {**nizami, "headline": {"en": "A poet"}}):
        with own_services.database.write() as session:
            save_records(session, [record], OPERATOR, "", publish=True)
    new, changed = (read(own_client, f"/en/feeds/{name}.atom") for name in PEOPLE_FEEDS)
    assert ids(new)[0] == f"{HOST}/people/yeni-gelen"
    assert f"{HOST}/people/{NIZAMI}" not in ids(new)[:1]
    assert ids(changed)[:2] == [f"{HOST}/people/{NIZAMI}", f"{HOST}/people/yeni-gelen"]
    assert entry_texts(changed, "summary")[0] == "A poet"
    # Dates of first publication and of the last change.
    assert entry_texts(changed, "published")[0] < entry_texts(changed, "updated")[0]
    for tree in (new, changed):
        timestamps = entry_texts(tree, "published" if tree is new else "updated")
        assert timestamps == sorted(timestamps, reverse=True)


def test_feeds_exclude_drafts_and_withdrawn(
    own_services: Services, own_client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    born = {"date": "1901-09-18"}
    names = [{"text": "Qaralama", "lang": "az", "kind": "preferred"}]
    draft = {"id": "qaralama", "names": names, "birth": born}
    with own_services.database.write() as session:
        save_records(session, [draft], OPERATOR, "", publish=False)
    editor = add_user(own_services.database, "B", "editor")
    workflow.withdraw(own_services.database, editor, "uzeyir-hacibeyov", "wish", "-")
    is_today(monkeypatch, date(2026, 9, 18))
    for name in social_meta.FEED_NAMES:
        text = own_client.get(f"/az/feeds/{name}.atom").text
        assert "qaralama" not in text
        assert "uzeyir-hacibeyov" not in text
    assert "mehemmedhuseyn-sehriyar" in own_client.get("/az/feeds/on-this-day.atom").text


@pytest.mark.parametrize(
    "address", ["search.atom?q=profession:composer", *(f"feeds/{name}.atom" for name in PEOPLE_FEEDS)]
)
def test_feed_date_never_decreases(own_services: Services, own_client: FlaskClient, address: str) -> None:
    def updated() -> str:
        own_services.indexer.sync()
        tree = etree.fromstring(own_client.get(f"/en/{address}").data)
        return str(tree.findtext("a:updated", None, SPACE))

    with own_services.database.write() as session:
        record = queries.load_record(session, UZEYIR)
        assert record
        save_records(session, [{**record, "headline": {"en": "A"}}], OPERATOR, "", publish=True)
    changed = updated()
    editor = add_user(own_services.database, "B", "editor")
    workflow.withdraw(own_services.database, editor, UZEYIR, "mistake", "-")
    with own_services.database.read() as session:
        person = session.get(Person, UZEYIR)
    assert person
    assert person.withdrawn_at
    # The withdrawal counts as the last change.
    assert changed <= updated() == f"{as_utc(person.withdrawn_at):%Y-%m-%dT%H:%M:%SZ}"
    withdrawn = updated()
    workflow.reinstate(own_services.database, editor, UZEYIR)
    assert withdrawn <= updated()


def test_day_feed_lists_births_and_deaths(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    is_today(monkeypatch, date(2026, 9, 18))
    tree = read(client, "/en/feeds/on-this-day.atom")
    uzeyir = f"{HOST}/people/uzeyir-hacibeyov#birth-2026-09-18"
    assert uzeyir in ids(tree)
    summaries = dict(zip(ids(tree), entry_texts(tree, "summary"), strict=True))
    assert summaries[uzeyir].startswith("Born 141 years ago, 18 September 1885.")
    # The day starts at midnight in Baku.
    assert tree.findtext("a:updated", None, SPACE) == "2026-09-17T20:00:00Z"
    is_today(monkeypatch, date(2027, 9, 18))
    assert not set(ids(read(client, "/en/feeds/on-this-day.atom"))) & set(ids(tree))


def test_unchanged_feed_answers_304(client: FlaskClient) -> None:
    response = client.get("/az/feeds/new.atom")
    assert response.headers["X-Robots-Tag"] == "noindex"
    tag = {"If-None-Match": response.headers["ETag"]}
    assert client.get("/az/feeds/new.atom", headers=tag).status_code == 304
    assert client.get("/az/feeds/other.atom").status_code == 404


def test_pages_link_feeds_in_their_language(client: FlaskClient) -> None:
    for path in ("/ru/", f"/ru/people/{NIZAMI}", "/ru/on-this-day"):
        links = attributes(client.get(path).text, "head link[rel=alternate]", "href")
        for name in social_meta.FEED_NAMES:
            assert f"/ru/feeds/{name}.atom" in links
