"""The number of database statements does not depend on the length of a list."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, update

from biobank import bootstrap
from biobank.accounts import sessions
from biobank.accounts.identity import OPERATOR
from biobank.app import create_app
from biobank.bootstrap import Services
from biobank.editorial.models import Revision
from biobank.editorial.publishing import save_many
from tests.support import seed
from tests.support.users import add_user, signed_in

LISTS = (
    "/en/",
    "/en/browse/",
    "/en/browse/letter/Ə",
    "/en/browse/profession/composer",
    "/en/browse/place/agcabedi",
    "/en/browse/century/19",
    "/en/search?profession=composer&size=100",
    "/en/search/list?profession=composer",
    "/en/search/map?profession=composer",
    "/en/on-this-day?month=9&day=18",
    "/en/feeds/new.atom",
    "/en/feeds/changed.atom",
    "/en/organisations/",
    "/sitemap.xml",
    "/sitemaps/pages.xml",
    "/api/v1/people?size=100",
    "/api/v1/search?profession=composer&size=100",
    "/api/v1/cards?profession=composer&size=20",
    "/api/v1/changes",
    "/en/desk",
    "/en/desk/people",
    "/en/desk/people?q=making",
    "/en/desk/people?state=published",
    "/en/desk/people?state=draft",
    "/en/desk/reviews",
    "/en/desk/places",
    "/en/desk/places/agcabedi",
    "/en/desk/terms/profession/composer",
    "/en/desk/sources",
    "/en/desk/worklists",
    "/en/desk/worklists/dead-ends",
    "/en/desk/worklists/missing-ru",
)


@pytest.fixture
def app(own_services: Services, monkeypatch: pytest.MonkeyPatch) -> Flask:
    # Otherwise the catalogue would be reloaded between two pages.
    monkeypatch.setattr(bootstrap, "CATALOGUE_KEPT", 3600.0)
    # No other cache may expire meanwhile either.
    monkeypatch.setattr(sessions, "SEEN_EVERY", timedelta(days=1))
    own_services.suspects.kept = float("inf")
    return create_app(own_services)


@pytest.fixture
def admins(app: Flask, own_services: Services) -> FlaskClient:
    who = add_user(own_services.database, "Rəsul", "admin")
    return signed_in(app, own_services.database, who)


@pytest.fixture
def asked(own_services: Services) -> list[str]:
    """Record every statement that the database executes."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        found.append(statement)

    event.listen(own_services.database.engine, "before_cursor_execute", note)
    return found


def test_no_list_asks_the_database_more_often_where_more_people_are(
    own_services: Services, admins: FlaskClient, asked: list[str]
) -> None:
    make(own_services, range(3))
    few = statements(admins, asked)
    make(own_services, range(3, 40))
    many = statements(admins, asked)
    assert {path: (few[path], many[path]) for path in LISTS if many[path] > few[path]} == {}


def make(services: Services, numbers: range) -> None:
    """Create people: as many published, drafts and under review."""
    for way in ("public", "draft", "review"):
        records = [person(f"{way}-making-{number}") for number in numbers]
        with services.database.write() as session:
            save_many(session, records, OPERATOR, "", publish=way == "public")
            made = Revision.person_id.in_([record["id"] for record in records])
            if way == "review":
                session.execute(update(Revision).where(made).values(state=way))
    services.indexer.sync()


def person(id_: str) -> dict[str, Any]:
    """Return a record with all fields that lists show, without relations."""
    facts = seed.alone("uzeyir-hacibeyov")
    left = ("biography", "identifiers", "relations", "media", "sources")
    kept = {name: value for name, value in facts.items() if name not in left}
    return {**kept, "id": id_, "names": [{"text": f"Əli {id_}", "lang": "az", "kind": "preferred"}]}


def statements(client: FlaskClient, asked: list[str]) -> dict[str, int]:
    """Return the number of statements of each list with warm caches."""
    found = {}
    for path in LISTS:
        assert client.get(path).status_code == 200, path
        before = len(asked)
        client.get(path).get_data()
        found[path] = len(asked) - before
    return found
