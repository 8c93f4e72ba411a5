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
from biobank.bootstrap import Services
from biobank.editorial.models import Revision
from biobank.editorial.revisions.bulk_save import save_records
from tests.support import seed
from tests.support.apps import create_app
from tests.support.users import add_user, signed_in_client

LISTS = (
    "/en/",
    "/en/browse/",
    "/en/browse/letter/E",
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
    monkeypatch.setattr(bootstrap, "CATALOGUE_CACHE_SECONDS", 3600.0)
    # No other cache may expire meanwhile either.
    monkeypatch.setattr(sessions, "SESSION_TOUCH_INTERVAL", timedelta(days=1))
    own_services.duplicate_scans.cache_seconds = float("inf")
    return create_app(own_services)


@pytest.fixture
def admins(app: Flask, own_services: Services) -> FlaskClient:
    admin = add_user(own_services.database, "Rəsul", "admin")
    return signed_in_client(app, own_services.database, admin)


@pytest.fixture
def executed_statements(own_services: Services) -> list[str]:
    """Record every statement that the database executes."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(own_services.database.engine, "before_cursor_execute", note)
    return statements


def test_query_count_is_independent_of_list_length(
    own_services: Services, admins: FlaskClient, executed_statements: list[str]
) -> None:
    create_people(own_services, range(3))
    few = count_statements(admins, executed_statements)
    create_people(own_services, range(3, 40))
    counts_of_many = count_statements(admins, executed_statements)
    assert {
        path: (few[path], counts_of_many[path]) for path in LISTS if counts_of_many[path] > few[path]
    } == {}


def create_people(services: Services, numbers: range) -> None:
    """Create people: as many published, drafts and under review."""
    for state in ("public", "draft", "review"):
        records = [person(f"{state}-making-{number}") for number in numbers]
        with services.database.write() as session:
            save_records(session, records, OPERATOR, "", publish=state == "public")
            created = Revision.person_id.in_([record["id"] for record in records])
            if state == "review":
                session.execute(update(Revision).where(created).values(state=state))
    services.indexer.sync()


def person(id_: str) -> dict[str, Any]:
    """Return a record with all fields that lists show, without relations."""
    facts = seed.person_without_relations("uzeyir-hacibeyov")
    left = ("biography", "identifiers", "relations", "media", "sources")
    selected_facts = {name: value for name, value in facts.items() if name not in left}
    return {**selected_facts, "id": id_, "names": [{"text": f"Əli {id_}", "lang": "az", "kind": "preferred"}]}


def count_statements(client: FlaskClient, executed_statements: list[str]) -> dict[str, int]:
    """Return the number of statements of each list with warm caches."""
    counts = {}
    for path in LISTS:
        assert client.get(path).status_code == 200, path
        before = len(executed_statements)
        client.get(path).get_data()
        counts[path] = len(executed_statements) - before
    return counts
