"""Conflicting edits of one record: shown field by field, without loss of input."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from biobank.accounts.identity import Identity
from biobank.bootstrap import Services
from biobank.editorial.models import Revision
from biobank.editorial.revisions import working_copies
from biobank.editorial.revisions.latest_revisions import latest_revision
from tests.support import desk_records as records
from tests.support.desk_records import UZEYIR
from tests.support.forms import HtmlForm
from tests.support.pages import select, texts
from tests.web.revisions.test_history_pages import words_of

EDIT = f"/en/desk/people/{UZEYIR}/edit"


def open_form(client: FlaskClient) -> dict[str, str]:
    """Return the fields of the writing form."""
    return dict(HtmlForm(client.get(EDIT).text, "writing").fields)


def save_form(client: FlaskClient, form: dict[str, str], **typed: str) -> TestResponse:
    changed = {name.replace("__", "-"): text for name, text in typed.items()}
    return client.post(EDIT, data={**form, **changed, "do": "save"})


def follow_to_conflict(client: FlaskClient, response: TestResponse) -> tuple[str, dict[str, str]]:
    """Follow a rejected save to the conflict page; return the page and its hidden fields."""
    assert response.status_code == 303
    assert f"/desk/people/{UZEYIR}/conflict?copy=" in response.location
    html = client.get(response.location).text
    hidden = select(html, "form[method=post] input[type=hidden]")
    return html, {element.attrib["name"]: element.attrib["value"] for element in hidden}


def resolve(client: FlaskClient, form: dict[str, str], **choices: str) -> TestResponse:
    chosen = {name.replace("__", "-"): text for name, text in choices.items()}
    return client.post(f"/en/desk/people/{UZEYIR}/conflict", data={**form, **chosen})


def stored_revision(services: Services) -> Revision:
    with services.database.read() as session:
        revision = latest_revision(session, UZEYIR)
    assert revision is not None
    return revision


@pytest.fixture
def forms(
    contributor_client: FlaskClient, editor_client: FlaskClient
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the form of one record, opened by both users before either saves."""
    return open_form(contributor_client), open_form(editor_client)


def test_edits_of_different_fields_are_merged(
    own_services: Services, contributor_client: FlaskClient, editor_client: FlaskClient, forms: Any
) -> None:
    assert save_form(contributor_client, forms[0], gender="other").status_code == 303
    html, form = follow_to_conflict(
        editor_client, save_form(editor_client, forms[1], headline__en="A master")
    )
    text = words_of(html)
    assert "While you were editing version 1, Aygün saved version 2." in text
    assert "The two edits do not conflict." in text
    assert re.search("Headline, English your edit", text)
    assert re.search("Gender other edit", text)
    assert resolve(editor_client, form).location.endswith("?done=saved")
    record = stored_revision(own_services).record
    assert (record["gender"], record["headline"]["en"]) == ("other", "A master")
    assert stored_revision(own_services).base == 2


@pytest.mark.parametrize(
    ("choice", "kept"), [("mine", "A master"), ("theirs", "A teacher"), ("text", "Both & more")]
)
def test_conflicting_field_is_resolved_by_choice_or_text(
    own_services: Services,
    editor: Identity,
    contributor_client: FlaskClient,
    editor_client: FlaskClient,
    forms: Any,
    choice: str,
    kept: str,
) -> None:
    save_form(contributor_client, forms[0], headline__en="A teacher", gender="other")
    html, form = follow_to_conflict(
        editor_client, save_form(editor_client, forms[1], headline__en="A master")
    )
    assert "master" in texts(html, "del + ins")
    unresolved = resolve(editor_client, form)
    assert unresolved.status_code == 422
    assert select(unresolved.text, "a[href='#choice-headline.en']")
    assert stored_revision(own_services).number == 2
    assert len(working_copies.list_copies(own_services.database, editor, UZEYIR)) == 1
    chosen = {"choice-headline.en": choice, "text-headline.en": " Both & more "}
    assert resolve(editor_client, form, **chosen).status_code == 303
    record = stored_revision(own_services).record
    assert (record["headline"]["en"], record["gender"]) == (kept, "other")
    assert working_copies.list_copies(own_services.database, editor, UZEYIR) == []


def test_third_save_is_reported_and_input_is_preserved(
    own_services: Services,
    contributor: Identity,
    contributor_client: FlaskClient,
    editor_client: FlaskClient,
    forms: Any,
) -> None:
    save_form(contributor_client, forms[0], headline__en="A teacher")
    _html, form = follow_to_conflict(
        editor_client, save_form(editor_client, forms[1], headline__en="A master")
    )
    records.save_edit(own_services, contributor, 2, headline={"en": "A third one"})
    chosen = {"choice-headline.en": "text", "text-headline.en": "Both </textarea> of them"}
    repeated = resolve(editor_client, form, **chosen)
    assert repeated.status_code == 422
    assert "Version 3 was saved in the meantime" in words_of(repeated.text)
    assert "A third one" in words_of(repeated.text)
    assert "Both </textarea> of them" in texts(repeated.text, "textarea")
    assert stored_revision(own_services).number == 3
    assert resolve(editor_client, {**form, "theirs": "3"}, **chosen).status_code == 303
    assert stored_revision(own_services).record["headline"]["en"] == "Both </textarea> of them"


def test_removed_and_changed_field_needs_a_choice(
    own_services: Services, contributor_client: FlaskClient, editor_client: FlaskClient, forms: Any
) -> None:
    save_form(contributor_client, forms[0], birth__date="1885-09-19")
    html, form = follow_to_conflict(
        editor_client, save_form(editor_client, forms[1], birth__date="1885", birth__place="")
    )
    assert "19 September 1885" in words_of(html)
    assert resolve(editor_client, form, **{"choice-birth": "text"}).status_code == 422
    assert resolve(editor_client, form, **{"choice-birth": "mine"}).status_code == 303
    assert stored_revision(own_services).record["birth"]["date"] == "1885"
    assert "place" not in stored_revision(own_services).record["birth"]


def test_working_copy_is_private(
    contributor_client: FlaskClient, editor_client: FlaskClient, forms: Any
) -> None:
    save_form(contributor_client, forms[0], gender="other")
    address = save_form(editor_client, forms[1], headline__en="A master").location
    assert contributor_client.get(address).status_code == 404
    elsewhere = address.replace(UZEYIR, "nizami-gencevi")
    assert editor_client.get(elsewhere).status_code == 404


def test_copy_without_conflict_returns_to_the_form(
    own_services: Services, editor: Identity, editor_client: FlaskClient
) -> None:
    form = open_form(editor_client)
    fields = [(name, text) for name, text in form.items() if name != "csrf_token"]
    copy = working_copies.save_copy(own_services.database, editor, fields, person_id=UZEYIR, base=1)
    response = editor_client.get(f"/en/desk/people/{UZEYIR}/conflict?copy={copy.key}")
    assert (response.status_code, response.location) == (303, f"/en/desk/working-copies/{copy.key}")
