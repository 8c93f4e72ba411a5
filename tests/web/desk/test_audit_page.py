"""The audit page: filters, translated events and exports."""

import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import biobank
from biobank.accounts import audit
from biobank.accounts.identity import OPERATOR, Identity
from biobank.bootstrap import Services
from biobank.web.account.labels import ACCOUNT_ACTIONS, RECORD_ACTIONS
from tests.support.pages import attributes, select, text_at, texts

PATH = "/en/users/audit"


@pytest.fixture
def recorded_events(own_services: Services, editor: Identity) -> Identity:
    with own_services.database.write() as session:
        audit.record_for(session, editor, "published", "person", "yazili-yazilov", revision=3)
        audit.record_for(session, OPERATOR, "hummed", "tune", "<b>la</b>")
    return editor


def lines(page: str) -> list[str]:
    return texts(page, ".account-events p:has(strong)")


def test_known_events_are_translated_and_unknown_ones_shown_as_stored(
    admin_client: FlaskClient, recorded_events: Identity
) -> None:
    page = admin_client.get(PATH).text
    assert lines(page)[:2] == [
        "operator: hummed – tune <b>la</b>",
        f"{recorded_events.email}: published – person yazili-yazilov",
    ]
    assert text_at(page, "option[value=hummed]") == "hummed"
    assert select(page, "a[href='/en/desk/people/yazili-yazilov']")
    az = lines(admin_client.get("/az/users/audit").text)
    assert az[1] == f"{recorded_events.email}: dərc olunub – şəxs yazili-yazilov"


def test_event_details_are_translated(admin_client: FlaskClient, own_services: Services) -> None:
    with own_services.database.write() as session:
        audit.record_for(session, OPERATOR, "invited", "account", "x@example.az", role="admin")
        scopes = ["read", "write"]
        audit.record_for(session, OPERATOR, "token_made", "account", "x@example.az", scopes=scopes)
        details = {"about": "correction", "person": "yazili-yazilov"}
        audit.record_for(session, OPERATOR, "message_drafted", "message", "AB12", **details)
    page = admin_client.get("/ru/users/audit").text
    assert "роль: администратор" in page
    assert "права доступа: чтение, запись" in page
    assert "вид сообщения: Исправление, человек: yazili-yazilov" in page


def test_filter_form_keeps_its_values(admin_client: FlaskClient, recorded_events: Identity) -> None:
    page = admin_client.get(f"{PATH}?kind=person&who=AYG&about=").text
    assert lines(page) == []
    page = admin_client.get(f"{PATH}?kind=person&who=nigar&since=2020-01-01&until=9999-12-31").text
    assert lines(page) == [f"{recorded_events.email}: published – person yazili-yazilov"]
    assert select(page, "option[value=person][selected]")
    assert attributes(page, "[name=since]", "value") == ["2020-01-01"]
    (file_url,) = attributes(page, "a[href^='/en/users/audit.jsonl']", "href")
    response = admin_client.get(file_url)
    assert response.headers["Cache-Control"] == "no-store"
    assert "attachment" in response.headers["Content-Disposition"]
    assert [json.loads(line)["what"] for line in response.text.splitlines()] == ["published"]
    assert lines(admin_client.get(PATH).text)[0].endswith("exported to a file – audit log")


@pytest.mark.parametrize("query", ["since=yesterday", "until=2026-02-30", "page=0"])
def test_invalid_dates_are_rejected(admin_client: FlaskClient, query: str) -> None:
    assert admin_client.get(f"{PATH}?{query}").status_code == 400


@pytest.mark.parametrize("text", ["\x00", "%00", "'", "%", "a" * 5000, "ə" * 300, "\ud800"])
def test_any_filter_text_is_answered(admin_client: FlaskClient, text: str) -> None:
    for field in ("kind", "what", "who", "about"):
        response = admin_client.get(PATH, query_string={field: text.encode("utf-8", "replace")})
        assert response.status_code in (200, 400)


def test_every_audit_event_has_a_label() -> None:
    """Check the source code: every recorded event needs a label in three languages."""
    package = Path(biobank.__file__).parent
    sources = [*(package / "editorial").rglob("*.py"), *(package / "accounts").rglob("*.py")]
    events = {
        what
        for source in sources
        for what in re.findall(r'record(?:_for|_self)?\(\s*\w+, \w+, "(\w+)"', source.read_text("utf-8"))
    }
    assert {"published", "signed_in", "search_kept"} <= events
    assert {what for what in events if what not in {*ACCOUNT_ACTIONS, *RECORD_ACTIONS}} == set()
