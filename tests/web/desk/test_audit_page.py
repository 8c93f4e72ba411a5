"""The audit page: filters, translated events and exports."""

import html
import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import biobank
from biobank.accounts import audit
from biobank.accounts.identity import OPERATOR, Identity
from biobank.bootstrap import Services
from biobank.web.account.audit_words import ACCOUNTS, RECORDS

PATH = "/en/users/audit"


@pytest.fixture
def happened(own_services: Services, editor: Identity) -> Identity:
    with own_services.database.write() as session:
        audit.note_about(session, editor, "published", "person", "yazili-yazilov", revision=3)
        audit.note_about(session, OPERATOR, "hummed", "tune", "<b>la</b>")
    return editor


def lines(page: str) -> list[str]:
    rows = re.findall(r"<strong>(.*?)</p>", page)
    return [html.unescape(re.sub(r"<[^>]*>", "", row)) for row in rows]


def test_it_tells_what_was_done_in_words_and_the_rest_as_it_stands(
    admins: FlaskClient, happened: Identity
) -> None:
    page = admins.get(PATH).text
    assert lines(page)[:2] == [
        "operator: hummed – tune <b>la</b>",
        f"{happened.email}: published – person yazili-yazilov",
    ]
    assert '<option value="hummed">hummed</option>' in page
    assert '<a href="/en/desk/people/yazili-yazilov">' in page
    az = lines(admins.get("/az/users/audit").text)
    assert az[1] == f"{happened.email}: dərc olunub – şəxs yazili-yazilov"


def test_what_is_noted_beside_is_told_in_words(admins: FlaskClient, own_services: Services) -> None:
    with own_services.database.write() as session:
        audit.note_about(session, OPERATOR, "invited", "account", "x@example.az", role="admin")
        scopes = ["read", "write"]
        audit.note_about(session, OPERATOR, "token_made", "account", "x@example.az", scopes=scopes)
        told = {"about": "correction", "person": "yazili-yazilov"}
        audit.note_about(session, OPERATOR, "message_drafted", "message", "AB12", **told)
    page = admins.get("/ru/users/audit").text
    assert "роль: администратор" in page
    assert "права: чтение, запись" in page
    assert "о чём: Исправление, человек: yazili-yazilov" in page


def test_the_form_narrows_and_keeps_what_it_was_asked(
    admins: FlaskClient, happened: Identity
) -> None:
    page = admins.get(f"{PATH}?kind=person&who=AYG&about=").text
    assert lines(page) == []
    page = admins.get(f"{PATH}?kind=person&who=nigar&since=2020-01-01&until=9999-12-31").text
    assert lines(page) == [f"{happened.email}: published – person yazili-yazilov"]
    assert '<option value="person" selected>' in page
    assert 'name="since" value="2020-01-01"' in page
    file = re.search(r'href="(/en/users/audit\.jsonl[^"]*)"', page)
    assert file
    answer = admins.get(html.unescape(file[1]))
    assert answer.headers["Cache-Control"] == "no-store"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert [json.loads(line)["what"] for line in answer.text.splitlines()] == ["published"]
    assert lines(admins.get(PATH).text)[0].endswith("taken away as a file – audit")


@pytest.mark.parametrize("query", ["since=yesterday", "until=2026-02-30", "page=0"])
def test_what_is_no_day_is_told(admins: FlaskClient, query: str) -> None:
    assert admins.get(f"{PATH}?{query}").status_code == 400


@pytest.mark.parametrize("text", ["\x00", "%00", "'", "%", "a" * 5000, "ə" * 300, "\ud800"])
def test_any_text_may_be_asked_for(admins: FlaskClient, text: str) -> None:
    for field in ("kind", "what", "who", "about"):
        answer = admins.get(PATH, query_string={field: text.encode("utf-8", "replace")})
        assert answer.status_code in (200, 400)


def test_whatever_the_house_notes_has_words() -> None:
    """Check the source code: every recorded event needs a label in three languages."""
    house = Path(biobank.__file__).parent
    sources = [*(house / "editorial").rglob("*.py"), *(house / "accounts").rglob("*.py")]
    said = {
        what
        for source in sources
        for what in re.findall(
            r'note(?:_about|_own)?\(\s*\w+, \w+, "(\w+)"', source.read_text("utf-8")
        )
    }
    assert {"published", "signed_in", "search_kept"} <= said
    assert {what for what in said if what not in {*ACCOUNTS, *RECORDS}} == set()
