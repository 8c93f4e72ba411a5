"""Public forms, which work without an account or cookie."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from biobank.accounts.models import Attempts
from biobank.accounts.policy import Action
from biobank.app import create_app
from biobank.bootstrap import Services
from biobank.editorial.inbox.forms import FORMS
from biobank.editorial.inbox.models import Message
from tests.support.payloads import PAYLOADS
from tests.support.sending import FIELDS, PATHS, PERSON, post, proof
from tests.web.test_every_page import _Page

PAYLOAD = " ".join(PAYLOADS)


@pytest.fixture
def app(own_services: Services) -> Flask:
    return create_app(own_services)


def messages(services: Services) -> list[Message]:
    with services.database.read() as session:
        return list(session.scalars(select(Message).order_by(Message.id)))


@pytest.mark.parametrize("kind", PATHS)
@pytest.mark.parametrize("lang", ["az", "en", "ru"])
def test_a_message_is_taken_and_thanked_for(
    client: FlaskClient, own_services: Services, kind: str, lang: str
) -> None:
    answer = post(client, kind, lang)
    assert answer.status_code == 303
    kept = messages(own_services)[0]
    assert (kept.kind, kept.lang, kept.state) == (kind, lang, "new")
    thanks = client.get(answer.headers["Location"])
    assert thanks.status_code == 200
    assert kept.reference in thanks.text
    for written in (*FIELDS[kind].values(), "@"):
        assert kind == "registration" or written not in _seen(thanks.text), written
    for response in (answer, thanks):
        assert "Set-Cookie" not in response.headers
        assert response.headers["Cache-Control"] == "no-store"


def test_the_thanks_tell_a_sender_of_spam_nothing_else(
    client: FlaskClient, own_services: Services
) -> None:
    good = client.get(post(client, "proposal").headers["Location"]).text
    trapped = client.get(post(client, "proposal", subject="x").headers["Location"]).text
    assert [it.state for it in messages(own_services)] == ["new", "spam"]
    numbers = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")
    assert numbers.sub("", good) == numbers.sub("", trapped)


@pytest.mark.parametrize(("ago", "words"), [(-60, "very quick"), (13 * 3600, "open too long")])
def test_a_form_too_quick_or_too_old_is_shown_again_with_all_that_was_typed(
    client: FlaskClient, own_services: Services, ago: float, words: str
) -> None:
    answer = post(client, "proposal", proof=proof(client.application, "proposal", ago))
    assert answer.status_code == 422
    assert words in answer.text
    assert "Sınaq Sınaqlı" in answer.text
    assert messages(own_services) == []


def test_what_was_too_quick_is_taken_when_it_is_sent_again(client: FlaskClient) -> None:
    quick = proof(client.application, "proposal", -60)
    assert post(client, "proposal", proof=quick).status_code == 422
    again = _field(post(client, "proposal", proof=quick).text, "proof")
    assert again == quick


@pytest.mark.parametrize("wrong", ["", "x", "another form", "another key"])
def test_a_form_without_its_proof_is_not_taken(
    client: FlaskClient, own_services: Services, wrong: str
) -> None:
    sent = {"another form": proof(client.application, "objection")}.get(wrong, wrong)
    if wrong == "another key":
        other = create_app(own_services)
        other.secret_key = "of another bank"
        sent = proof(other, "proposal")
    answer = post(client, "proposal", proof=sent)
    assert answer.status_code == 422
    assert messages(own_services) == []
    fresh = _field(answer.text, "proof")
    assert fresh not in ("", sent)


def test_one_form_makes_one_message(client: FlaskClient, own_services: Services) -> None:
    once = proof(client.application, "proposal")
    places = {post(client, "proposal", proof=once).headers["Location"] for _ in range(3)}
    assert len(places) == 1
    assert len(messages(own_services)) == 1


@pytest.mark.usefixtures("one_moment")
def test_two_workers_share_one_limit(own_services: Services, client: FlaskClient) -> None:
    others = create_app(own_services).test_client()
    statuses = [post(it, "proposal").status_code for it in (client, others) * 6]
    assert statuses == [303] * 10 + [429] * 2
    refused = post(client, "proposal")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 1
    assert "Sınaq Sınaqlı" in refused.text
    with own_services.database.read() as session:
        keys = session.scalars(select(Attempts.key)).all()
    assert keys == ["message network 127.0.0.1"]


def test_only_forms_of_everybody_prove_themselves(app: Flask) -> None:
    for endpoint, view in app.view_functions.items():
        proves = getattr(view, "biobank_proves_itself", False)
        sends = getattr(view, "biobank_action", None) is Action.SEND
        assert proves == (sends and endpoint.endswith("_send")), endpoint


@pytest.mark.parametrize("kind", PATHS)
def test_no_script_of_any_field_comes_out_of_a_form(client: FlaskClient, kind: str) -> None:
    for entry in FORMS[kind]:
        sent = PAYLOAD[: entry.most]
        page = post(client, kind, proof="", **{"field": "biography", entry.name: sent}).text
        _harmless(page)
        if entry.kind != "country":
            assert sent in unescape(page), entry.name
    _harmless(client.get(f"/en/people/{PERSON}/suggest", query_string={"field": PAYLOAD}).text)
    _harmless(client.get("/en/propose", query_string={"name": PAYLOAD}).text)


def test_what_is_missing_is_said_at_its_field(client: FlaskClient) -> None:
    answer = post(client, "correction", source="", email="nobody")
    page = _Page(answer.text)
    assert answer.status_code == 422
    invalid = {attrs["id"] for _, attrs in page.tags if attrs.get("aria-invalid")}
    assert invalid == {"source", "email"}
    assert "1885-09-17" in answer.text


def test_control_characters_are_refused(client: FlaskClient, own_services: Services) -> None:
    assert post(client, "correction", text="a\x00b").status_code == 422
    assert post(client, "correction", name="a\nBcc: b@example.az").status_code == 422
    assert messages(own_services) == []


def test_a_form_shows_what_stands_there_now(client: FlaskClient) -> None:
    birth = client.get(f"/en/people/{PERSON}/suggest?field=birth").text
    assert "18 September 1885" in _seen(birth)
    headline = client.get(f"/en/people/{PERSON}/suggest?field=headline").text
    assert _field(headline, "field") == "headline.en"
    assert 'name="quote"' in client.get(f"/en/people/{PERSON}/suggest?field=biography").text
    assert '<select id="field"' in client.get(f"/en/people/{PERSON}/suggest?field=nothing").text


def test_a_person_has_ways_to_correct_each_part_and_a_past_revision_has_none(
    client: FlaskClient,
) -> None:
    page = client.get(f"/en/people/{PERSON}").text
    fields = set(re.findall(r"/suggest\?field=(\w+)", page))
    assert {"birth", "death", "names", "biography", "works", "sources", "headline"} <= fields
    assert f"/en/people/{PERSON}/objection" in page
    past = client.get(f"/en/people/{PERSON}/revisions/1").text
    assert "/suggest?" not in past
    assert f"{PERSON}/suggest" not in past
    assert "/objection" not in past


def test_one_is_led_to_propose_who_is_missing(client: FlaskClient) -> None:
    assert "/az/propose" in client.get("/az/search?q=qqqxyz").text
    assert "/az/propose" in client.get("/az/about").text


def _seen(html: str) -> str:
    main = re.search(r"<main.*?</main>", html, re.DOTALL)
    assert main
    return unescape(re.sub(r"<[^>]*>", " ", main[0]))


def _field(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found
    return unescape(found[1])


def _harmless(html: str) -> None:
    for tag, attrs in _Page(html).tags:
        assert tag != "script" or str(attrs.get("src", "")).startswith("/static/")
        assert tag != "img" or str(attrs.get("src", "")).startswith("/")
        assert not str(attrs.get("href") or "").lower().startswith("javascript:")
        assert not [name for name in attrs if name.startswith("on")]
