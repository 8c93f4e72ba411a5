"""The inbox, from the submission of a message to its result."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from biobank.bootstrap import Services
from biobank.editorial.inbox.submission import MESSAGE_FORMS
from biobank.editorial.models import InboxMessage
from biobank.editorial.review import workflow
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.records.organisations.models import Organisation
from tests.support import pages
from tests.support.forms import writing_form
from tests.support.public_forms import FORM_PATHS, PERSON, post_form
from tests.support.users import add_user, signed_in_client, submit_form
from tests.web.public.test_public_forms import PAYLOAD, _harmless


@pytest.fixture
def anonymous_client(app: Flask) -> FlaskClient:
    """Return the browser of a visitor without an account."""
    return app.test_client()


def only_message(services: Services) -> InboxMessage:
    with services.database.read() as session:
        return session.scalars(select(InboxMessage)).one()


def test_a_correction_of_the_public_is_published_with_thanks(
    app: Flask, own_services: Services, anonymous_client: FlaskClient, editor_client: FlaskClient
) -> None:
    post_form(anonymous_client, "correction", name="Diqqətli Oxucu")
    message_url = f"/en/desk/inbox/{only_message(own_services).id}"
    assert "Diqqətli Oxucu" in editor_client.get(message_url).text
    assert submit_form(editor_client, message_url, do="apply", value="17 sentyabr 1885").status_code == 422
    assert submit_form(editor_client, message_url, do="apply", value="1885-09-17").status_code == 303
    number = only_message(own_services).revision
    assert number == 2
    second = add_user(own_services.database, "Rəsul", "editor")
    first = add_user(own_services.database, "Aygün", "contributor")
    workflow.submit(own_services.database, first, PERSON, number)
    workflow.publish(own_services.database, second, PERSON, number)
    assert "17 September 1885" in anonymous_client.get(f"/en/people/{PERSON}").text


def test_accepted_correction_is_shown_beside_the_form(
    own_services: Services, anonymous_client: FlaskClient, editor_client: FlaskClient
) -> None:
    post_form(anonymous_client, "correction", field="works", text="A work is missing", name="Diqqətli Oxucu")
    message_url = f"/en/desk/inbox/{only_message(own_services).id}"
    to_form = submit_form(editor_client, message_url, do="accept").headers["Location"]
    assert only_message(own_services).state == "accepted"
    page = editor_client.get(to_form)
    assert "A work is missing" in page.text
    saved = writing_form(page).fill(headline_en="A composer of works").press(editor_client, "save")
    assert saved.status_code == 303
    assert only_message(own_services).revision == 2
    with own_services.database.read() as session:
        latest = latest_revision(session, PERSON)
    assert latest is not None
    assert latest.credit == "Diqqətli Oxucu"
    page_text = editor_client.get(message_url).text
    assert "/desk/people/uzeyir-hacibeyov/revisions/2" in page_text
    # The draft is submitted on that page.
    links = pages.texts(page_text, "a[href='/en/desk/people/uzeyir-hacibeyov']")
    assert "Review and history" in links


def test_a_proposal_becomes_a_person(
    own_services: Services, anonymous_client: FlaskClient, editor_client: FlaskClient
) -> None:
    post_form(anonymous_client, "proposal")
    to_form = submit_form(editor_client, "/en/desk/inbox/1", do="accept").headers["Location"]
    form = writing_form(editor_client.get(to_form)).fill(names_0_text="Sınaq Sınaqlı")
    assert form.press(editor_client, "save").status_code == 303
    message = only_message(own_services)
    assert (message.person_id, message.revision) == ("sinaq-sinaqli", 1)


def test_message_is_shown_only_beside_its_own_form_and_to_editors(
    app: Flask, own_services: Services, anonymous_client: FlaskClient, editor_client: FlaskClient
) -> None:
    post_form(anonymous_client, "correction", text="For editors only")
    query = f"suggestion={only_message(own_services).id}"
    aygun = add_user(own_services.database, "Aygün", "contributor")
    writers = signed_in_client(app, own_services.database, aygun)
    for client, path in (
        (writers, f"people/{PERSON}/edit?{query}"),
        (editor_client, f"people/nizami-gencevi/edit?{query}"),
        (editor_client, f"people/new?{query}"),
        (editor_client, f"people/{PERSON}/edit?suggestion=99999999999"),
    ):
        response = client.get(f"/en/desk/{path}")
        assert response.status_code == 200
        assert "For editors only" not in response.text


def test_objections_are_listed_first_and_spam_is_hidden(
    anonymous_client: FlaskClient, editor_client: FlaskClient
) -> None:
    post_form(anonymous_client, "proposal")
    post_form(anonymous_client, "objection")
    post_form(anonymous_client, "registration", subject="filled in")
    assert "2 in the inbox" in pages.texts(editor_client.get("/en/desk").text, "li a")
    headings = pages.texts(editor_client.get("/en/desk/inbox").text, "h2 a")
    assert [heading.partition(":")[0] for heading in headings] == ["Objection", "Suggested person"]
    spam = editor_client.get("/en/desk/inbox?state=spam").text
    assert pages.text_at(spam, "h2 a").startswith("Registration")
    assert "filled in by a bot" in spam
    # Unknown filter values are ignored.
    assert editor_client.get("/en/desk/inbox?state=x&kind=y&age=z").status_code == 200


def test_accepted_objection_withdraws_the_person(
    own_services: Services, anonymous_client: FlaskClient, editor_client: FlaskClient
) -> None:
    post_form(anonymous_client, "objection")
    message_url = f"/en/desk/inbox/{only_message(own_services).id}"
    assert submit_form(editor_client, message_url, do="withdraw").status_code == 422
    assert submit_form(editor_client, message_url, do="withdraw", reason="They asked").status_code == 303
    assert anonymous_client.get(f"/en/people/{PERSON}").status_code in (404, 410)
    assert "They asked" in editor_client.get(message_url).text


def test_registration_adds_an_organisation(
    own_services: Services, anonymous_client: FlaskClient, editor_client: FlaskClient
) -> None:
    post_form(anonymous_client, "registration", founded="1998", website="https://example.org/")
    message_url = f"/en/desk/inbox/{only_message(own_services).id}"
    page = editor_client.get(message_url).text
    assert pages.select(page, "[value='Society of Testers']")
    assert "Name (English)" in page
    fields = {"kind": "diaspora", "country": "DE", "name-en": "Society of Testers"}
    fields["place"] = "Bakı (baku)"
    response = submit_form(editor_client, message_url, do="register", **{**fields, "founded": "long ago"})
    assert response.status_code == 422
    assert pages.select(response.text, "[value='long ago']")
    assert submit_form(editor_client, message_url, do="register", **fields).status_code == 303
    with own_services.database.read() as session:
        registered = session.get_one(Organisation, "society-of-testers")
        assert registered.place_id == "baku"
    own_services._catalogue_loaded_at = 0.0  # ten seconds later
    register = anonymous_client.get("/en/organisations/").text
    assert "Germany" in register
    number = re.search(r"AZD-\d{4}-0001", register)
    assert number
    assert number[0] in anonymous_client.get("/en/organisations/society-of-testers").text
    assert submit_form(editor_client, message_url, do="strike").status_code == 303
    assert "removed from the register" in anonymous_client.get("/en/organisations/").text


def test_messages_are_titled_by_their_subject(
    anonymous_client: FlaskClient, editor_client: FlaskClient
) -> None:
    post_form(anonymous_client, "proposal", names="Sınaq Sınaqlı\nSinag Sinagli")
    post_form(anonymous_client, "registration")
    titles = pages.texts(editor_client.get("/en/desk/inbox").text, "h2 a")
    assert "Suggested person: Sınaq Sınaqlı" in titles
    assert "Registration: Society of Testers" in titles
    message_page = editor_client.get("/en/desk/inbox/1").text
    assert pages.text_at(message_page, "h1") == "Suggested person: Sınaq Sınaqlı"


def test_reply_without_mailer_is_stored(
    own_services: Services, anonymous_client: FlaskClient, editor_client: FlaskClient
) -> None:
    post_form(anonymous_client, "objection")
    message_url = f"/en/desk/inbox/{only_message(own_services).id}"
    assert submit_form(editor_client, message_url, do="reply", reply="We look into it.").status_code == 303
    page = editor_client.get(message_url).text
    assert "We look into it." in page
    assert "Not sent by e-mail. Copy the text and send it yourself." in page


def test_outdated_decision_is_rejected_on_the_page(
    own_services: Services, anonymous_client: FlaskClient, editor_client: FlaskClient
) -> None:
    post_form(anonymous_client, "proposal")
    message_url = f"/en/desk/inbox/{only_message(own_services).id}"
    assert submit_form(editor_client, message_url, do="spam").status_code == 303
    response = submit_form(editor_client, message_url, do="decline", reason="no")
    assert response.status_code == 409
    assert "Another editor has already handled this message. Check its current status." in response.text
    assert submit_form(editor_client, message_url, do="delete", form="/en/desk/inbox/1").status_code == 303
    assert editor_client.get(message_url).status_code == 404


def test_contributors_cannot_see_the_inbox(
    own_services: Services, anonymous_client: FlaskClient, contributor_client: FlaskClient
) -> None:
    post_form(anonymous_client, "objection")
    message_url = f"/en/desk/inbox/{only_message(own_services).id}"
    assert contributor_client.get(message_url).status_code == 403
    assert contributor_client.get("/en/desk/inbox").status_code == 403


@pytest.mark.parametrize("kind", FORM_PATHS)
def test_public_input_is_escaped_at_the_desk(
    own_services: Services, anonymous_client: FlaskClient, editor_client: FlaskClient, kind: str
) -> None:
    texts = {
        entry.name: PAYLOAD[: entry.max_chars]
        for entry in MESSAGE_FORMS[kind]
        if entry.kind == "text" and entry.name != "source"
    }
    assert post_form(anonymous_client, kind, field="headline", **texts).status_code == 303
    message_url = f"/en/desk/inbox/{only_message(own_services).id}"
    for path in (message_url, "/en/desk/inbox"):
        _harmless(editor_client.get(path).text)
    response = submit_form(
        editor_client, message_url, do="reply", reply=PAYLOAD, reason=PAYLOAD, value=PAYLOAD
    )
    _harmless(response.text)
    submit_form(editor_client, message_url, do="reply", reply=PAYLOAD)
    submit_form(editor_client, message_url, do="close", reason=PAYLOAD)
    page = editor_client.get(message_url).text
    _harmless(page)
    assert "&lt;script&gt;" in page
