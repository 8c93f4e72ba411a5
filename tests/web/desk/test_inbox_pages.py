"""The inbox, from the submission of a message to its result."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from biobank.bootstrap import Services
from biobank.editorial import saving, workflow
from biobank.editorial.inbox.forms import FORMS
from biobank.editorial.inbox.models import Message
from biobank.records.organisations.models import Organisation
from tests.support.forms import writing
from tests.support.sending import PATHS, PERSON, post
from tests.support.users import add_user, send, signed_in
from tests.web.public.test_sending_pages import PAYLOAD, _harmless


@pytest.fixture
def sender(app: Flask) -> FlaskClient:
    """Return the browser of a visitor without an account."""
    return app.test_client()


def only(services: Services) -> Message:
    with services.database.read() as session:
        return session.scalars(select(Message)).one()


def test_a_correction_of_the_public_is_published_with_thanks(
    app: Flask, own_services: Services, sender: FlaskClient, editors: FlaskClient
) -> None:
    post(sender, "correction", name="Diqqətli Oxucu")
    here = f"/en/desk/inbox/{only(own_services).id}"
    assert "Diqqətli Oxucu" in editors.get(here).text
    assert send(editors, here, do="apply", value="17 sentyabr 1885").status_code == 422
    assert send(editors, here, do="apply", value="1885-09-17").status_code == 303
    number = only(own_services).revision
    assert number == 2
    second = add_user(own_services.database, "Rəsul", "editor")
    first = add_user(own_services.database, "Aygün", "contributor")
    workflow.submit(own_services.database, first, PERSON, number)
    workflow.publish(own_services.database, second, PERSON, number)
    assert "17 September 1885" in sender.get(f"/en/people/{PERSON}").text


def test_a_correction_is_worked_in_with_the_form_beside_it(
    own_services: Services, sender: FlaskClient, editors: FlaskClient
) -> None:
    post(sender, "correction", field="works", text="A work is missing", name="Diqqətli Oxucu")
    here = f"/en/desk/inbox/{only(own_services).id}"
    to_form = send(editors, here, do="accept").headers["Location"]
    assert only(own_services).state == "accepted"
    page = editors.get(to_form)
    assert "A work is missing" in page.text
    saved = writing(page).fill(headline_en="A composer of works").press(editors, "save")
    assert saved.status_code == 303
    assert only(own_services).revision == 2
    with own_services.database.read() as session:
        newest = saving.head(session, PERSON)
    assert newest is not None
    assert newest.credit == "Diqqətli Oxucu"
    told = editors.get(here).text
    assert "/desk/people/uzeyir-hacibeyov/revisions/2" in told
    # The draft is submitted on that page.
    assert '<a href="/en/desk/people/uzeyir-hacibeyov">Review and history</a>' in told


def test_a_proposal_becomes_a_person(
    own_services: Services, sender: FlaskClient, editors: FlaskClient
) -> None:
    post(sender, "proposal")
    to_form = send(editors, "/en/desk/inbox/1", do="accept").headers["Location"]
    form = writing(editors.get(to_form)).fill(names_0_text="Sınaq Sınaqlı")
    assert form.press(editors, "save").status_code == 303
    message = only(own_services)
    assert (message.person_id, message.revision) == ("sinaq-sinaqli", 1)


def test_a_message_stands_beside_no_form_but_its_own_and_for_editors_alone(
    app: Flask, own_services: Services, sender: FlaskClient, editors: FlaskClient
) -> None:
    post(sender, "correction", text="For editors only")
    asked = f"suggestion={only(own_services).id}"
    aygun = add_user(own_services.database, "Aygün", "contributor")
    writers = signed_in(app, own_services.database, aygun)
    for client, path in (
        (writers, f"people/{PERSON}/edit?{asked}"),
        (editors, f"people/nizami-gencevi/edit?{asked}"),
        (editors, f"people/new?{asked}"),
        (editors, f"people/{PERSON}/edit?suggestion=99999999999"),
    ):
        answer = client.get(f"/en/desk/{path}")
        assert answer.status_code == 200
        assert "For editors only" not in answer.text


def test_objections_stand_first_and_spam_is_hidden(
    sender: FlaskClient, editors: FlaskClient
) -> None:
    post(sender, "proposal")
    post(sender, "objection")
    post(sender, "registration", subject="filled in")
    assert "<strong>2</strong> <span>in the inbox</span>" in editors.get("/en/desk").text
    page = editors.get("/en/desk/inbox").text
    heads = re.findall(r"<h2><a href=[^>]*>([^<:]*)", page)
    assert heads == ["Objection", "Proposal of a person"]
    spam = editors.get("/en/desk/inbox?state=spam").text
    assert re.findall(r"<h2><a href=[^>]*>([^<:]*)", spam) == ["Registration"]
    assert "filled in by a program" in spam
    # Unknown filter values are ignored.
    assert editors.get("/en/desk/inbox?state=x&kind=y&age=z").status_code == 200


def test_an_objection_takes_the_person_out(
    own_services: Services, sender: FlaskClient, editors: FlaskClient
) -> None:
    post(sender, "objection")
    here = f"/en/desk/inbox/{only(own_services).id}"
    assert send(editors, here, do="withdraw").status_code == 422
    assert send(editors, here, do="withdraw", reason="They asked").status_code == 303
    assert sender.get(f"/en/people/{PERSON}").status_code in (404, 410)
    assert "They asked" in editors.get(here).text


def test_an_organisation_comes_into_the_public_register(
    own_services: Services, sender: FlaskClient, editors: FlaskClient
) -> None:
    post(sender, "registration", founded="1998", website="https://example.org/")
    here = f"/en/desk/inbox/{only(own_services).id}"
    page = editors.get(here).text
    assert 'value="Society of Testers"' in page
    assert "Its name (English)" in page
    fields = {"kind": "diaspora", "country": "DE", "name-en": "Society of Testers"}
    fields["place"] = "Bakı (baku)"
    wrong = send(editors, here, do="register", **{**fields, "founded": "long ago"})
    assert wrong.status_code == 422
    assert 'value="long ago"' in wrong.text
    assert send(editors, here, do="register", **fields).status_code == 303
    with own_services.database.read() as session:
        registered = session.get_one(Organisation, "society-of-testers")
        assert registered.place_id == "baku"
    own_services._catalogue_at = 0.0  # ten seconds later
    register = sender.get("/en/organisations/").text
    assert "Germany" in register
    number = re.search(r"AZD-\d{4}-0001", register)
    assert number
    assert number[0] in sender.get("/en/organisations/society-of-testers").text
    assert send(editors, here, do="strike").status_code == 303
    assert "struck off" in sender.get("/en/organisations/").text


def test_who_is_proposed_and_what_is_registered_is_told_by_name(
    sender: FlaskClient, editors: FlaskClient
) -> None:
    post(sender, "proposal", names="Sınaq Sınaqlı\nSinag Sinagli")
    post(sender, "registration")
    inbox = editors.get("/en/desk/inbox").text
    assert "Proposal of a person: Sınaq Sınaqlı</a>" in inbox
    assert "Registration: Society of Testers</a>" in inbox
    assert "<h1>Proposal of a person: Sınaq Sınaqlı</h1>" in editors.get("/en/desk/inbox/1").text


def test_an_answer_without_mail_is_kept_to_be_copied(
    own_services: Services, sender: FlaskClient, editors: FlaskClient
) -> None:
    post(sender, "objection")
    here = f"/en/desk/inbox/{only(own_services).id}"
    assert send(editors, here, do="reply", reply="We look into it.").status_code == 303
    page = editors.get(here).text
    assert "We look into it." in page
    assert "Not sent by mail" in page


def test_a_decision_that_is_not_possible_any_more_is_told_on_the_page(
    own_services: Services, sender: FlaskClient, editors: FlaskClient
) -> None:
    post(sender, "proposal")
    here = f"/en/desk/inbox/{only(own_services).id}"
    assert send(editors, here, do="spam").status_code == 303
    late = send(editors, here, do="decline", reason="no")
    assert late.status_code == 409
    assert "not possible any more" in late.text
    assert send(editors, here, do="delete", form="/en/desk/inbox/1").status_code == 303
    assert editors.get(here).status_code == 404


def test_who_only_writes_sees_no_message(
    own_services: Services, sender: FlaskClient, contributors: FlaskClient
) -> None:
    post(sender, "objection")
    here = f"/en/desk/inbox/{only(own_services).id}"
    assert contributors.get(here).status_code == 403
    assert contributors.get("/en/desk/inbox").status_code == 403


@pytest.mark.parametrize("kind", PATHS)
def test_no_script_of_the_public_comes_out_at_the_desk(
    own_services: Services, sender: FlaskClient, editors: FlaskClient, kind: str
) -> None:
    texts = {
        entry.name: PAYLOAD[: entry.most]
        for entry in FORMS[kind]
        if entry.kind == "text" and entry.name != "source"
    }
    assert post(sender, kind, field="headline", **texts).status_code == 303
    here = f"/en/desk/inbox/{only(own_services).id}"
    for path in (here, "/en/desk/inbox"):
        _harmless(editors.get(path).text)
    wrong = send(editors, here, do="reply", reply=PAYLOAD, reason=PAYLOAD, value=PAYLOAD)
    _harmless(wrong.text)
    send(editors, here, do="reply", reply=PAYLOAD)
    send(editors, here, do="close", reason=PAYLOAD)
    page = editors.get(here).text
    _harmless(page)
    assert "&lt;script&gt;" in page
