"""Public forms, which work without an account or cookie."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from biobank.accounts.models import AttemptCounter
from biobank.accounts.policy import Action
from biobank.bootstrap import Services
from biobank.editorial.inbox.submission import MESSAGE_FORMS
from biobank.editorial.models import InboxMessage
from tests.support import pages
from tests.support.apps import create_app
from tests.support.payloads import PAYLOADS
from tests.support.public_forms import FIELDS, FORM_PATHS, PERSON, form_proof, post_form
from tests.web.core.test_every_page import _Page

PAYLOAD = " ".join(PAYLOADS)


@pytest.fixture
def app(own_services: Services) -> Flask:
    return create_app(own_services)


def messages(services: Services) -> list[InboxMessage]:
    with services.database.read() as session:
        return list(session.scalars(select(InboxMessage).order_by(InboxMessage.id)))


@pytest.mark.parametrize("kind", FORM_PATHS)
@pytest.mark.parametrize("lang", ["az", "en", "ru"])
def test_message_is_stored_and_acknowledged(
    client: FlaskClient, own_services: Services, kind: str, lang: str
) -> None:
    reply = post_form(client, kind, lang)
    assert reply.status_code == 303
    message = messages(own_services)[0]
    assert (message.kind, message.lang, message.state) == (kind, lang, "new")
    thanks = client.get(reply.headers["Location"])
    assert thanks.status_code == 200
    assert message.reference in thanks.text
    for written in (*FIELDS[kind].values(), "@"):
        assert kind == "registration" or written not in _seen(thanks.text), written
    for response in (reply, thanks):
        assert "Set-Cookie" not in response.headers
        assert response.headers["Cache-Control"] == "no-store"


def test_receipt_does_not_reveal_spam_status(client: FlaskClient, own_services: Services) -> None:
    good = client.get(post_form(client, "proposal").headers["Location"]).text
    trapped = client.get(post_form(client, "proposal", subject="x").headers["Location"]).text
    assert [message.state for message in messages(own_services)] == ["new", "spam"]
    numbers = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")
    assert numbers.sub("", good) == numbers.sub("", trapped)


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (-60, "Sent too fast. Check your text and submit it again."),
        (13 * 3600, "This form has expired. Your text has not been lost: submit it again."),
    ],
)
def test_form_submitted_too_fast_or_too_late_keeps_its_input(
    client: FlaskClient, own_services: Services, ago: float, words: str
) -> None:
    response = post_form(client, "proposal", proof=form_proof(client.application, "proposal", ago))
    assert response.status_code == 422
    assert words in response.text
    assert "Sınaq Sınaqlı" in response.text
    assert messages(own_services) == []


def test_form_submitted_too_fast_is_accepted_on_retry(client: FlaskClient) -> None:
    quick = form_proof(client.application, "proposal", -60)
    assert post_form(client, "proposal", proof=quick).status_code == 422
    repeated = _field(post_form(client, "proposal", proof=quick).text, "proof")
    assert repeated == quick


@pytest.mark.parametrize("invalid", ["", "x", "another form", "another key"])
def test_form_without_valid_token_is_rejected(
    client: FlaskClient, own_services: Services, invalid: str
) -> None:
    token = {"another form": form_proof(client.application, "objection")}.get(invalid, invalid)
    if invalid == "another key":
        other_app = create_app(own_services)
        other_app.secret_key = "of another bank"
        token = form_proof(other_app, "proposal")
    response = post_form(client, "proposal", proof=token)
    assert response.status_code == 422
    assert messages(own_services) == []
    fresh = _field(response.text, "proof")
    assert fresh not in ("", token)


def test_form_token_is_accepted_once(client: FlaskClient, own_services: Services) -> None:
    token = form_proof(client.application, "proposal")
    places = {post_form(client, "proposal", proof=token).headers["Location"] for _ in range(3)}
    assert len(places) == 1
    assert len(messages(own_services)) == 1


@pytest.mark.usefixtures("frozen_attempts_clock")
def test_workers_share_one_rate_limit(own_services: Services, client: FlaskClient) -> None:
    second_client = create_app(own_services).test_client()
    statuses = [post_form(target, "proposal").status_code for target in (client, second_client) * 6]
    assert statuses == [303] * 10 + [429] * 2
    refused = post_form(client, "proposal")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 1
    assert "Sınaq Sınaqlı" in refused.text
    with own_services.database.read() as session:
        keys = session.scalars(select(AttemptCounter.key)).all()
    assert keys == ["message network 127.0.0.1"]


def test_only_public_forms_use_form_tokens(app: Flask) -> None:
    for endpoint, view in app.view_functions.items():
        proves = getattr(view, "biobank_proves_itself", False)
        is_public_form = getattr(view, "biobank_action", None) is Action.SUBMIT_MESSAGE
        assert proves == (is_public_form and endpoint.endswith("_post")), endpoint


@pytest.mark.parametrize("kind", FORM_PATHS)
def test_submitted_html_is_escaped(client: FlaskClient, kind: str) -> None:
    for entry in MESSAGE_FORMS[kind]:
        payload = PAYLOAD[: entry.max_chars]
        page = post_form(client, kind, proof="", **{"field": "biography", entry.name: payload}).text
        _harmless(page)
        if entry.kind != "country":
            assert payload in unescape(page), entry.name
    _harmless(client.get(f"/en/people/{PERSON}/suggest", query_string={"field": PAYLOAD}).text)
    _harmless(client.get("/en/propose", query_string={"name": PAYLOAD}).text)


def test_missing_value_is_reported_at_its_field(client: FlaskClient) -> None:
    response = post_form(client, "correction", source="", email="nobody")
    page = _Page(response.text)
    assert response.status_code == 422
    invalid = {attrs["id"] for _, attrs in page.tags if attrs.get("aria-invalid")}
    assert invalid == {"source", "email"}
    assert "1885-09-17" in response.text


def test_control_characters_are_refused(client: FlaskClient, own_services: Services) -> None:
    assert post_form(client, "correction", text="a\x00b").status_code == 422
    assert post_form(client, "correction", name="a\nBcc: b@example.az").status_code == 422
    assert messages(own_services) == []


def test_correction_form_shows_current_value(client: FlaskClient) -> None:
    birth = client.get(f"/en/people/{PERSON}/suggest?field=birth").text
    assert "18 September 1885" in _seen(birth)
    headline = client.get(f"/en/people/{PERSON}/suggest?field=headline").text
    assert _field(headline, "field") == "headline.en"
    assert pages.select(client.get(f"/en/people/{PERSON}/suggest?field=biography").text, "[name=quote]")
    assert pages.select(client.get(f"/en/people/{PERSON}/suggest?field=nothing").text, "select#field")


def test_person_page_links_corrections_but_past_revision_does_not(client: FlaskClient) -> None:
    page = client.get(f"/en/people/{PERSON}").text
    fields = set(re.findall(r"/suggest\?field=(\w+)", page))
    assert {"birth", "death", "names", "biography", "works", "sources", "headline"} <= fields
    assert f"/en/people/{PERSON}/objection" in page
    past = client.get(f"/en/people/{PERSON}/revisions/1").text
    assert "/suggest?" not in past
    assert f"{PERSON}/suggest" not in past
    assert "/objection" not in past


def test_empty_search_links_to_proposal(client: FlaskClient) -> None:
    assert "/az/propose" in client.get("/az/search?q=qqqxyz").text
    assert "/az/propose" in client.get("/az/about").text


def _seen(html: str) -> str:
    return pages.visible_text(pages.select_one(html, "main"))


def _field(html: str, name: str) -> str:
    return str(pages.select_one(html, f"[name='{name}'][value]").attrib["value"])


def _harmless(html: str) -> None:
    for tag, attrs in _Page(html).tags:
        assert tag != "script" or str(attrs.get("src", "")).startswith("/static/")
        assert tag != "img" or str(attrs.get("src", "")).startswith("/")
        assert not str(attrs.get("href") or "").lower().startswith("javascript:")
        assert not [name for name in attrs if name.startswith("on")]
