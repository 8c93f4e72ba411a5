"""Conflicting edits of one record: shown field by field, without loss of input."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from biobank.accounts.identity import Identity
from biobank.bootstrap import Services
from biobank.editorial import saving, working_copies
from biobank.editorial.models import Revision
from tests.support import desk_records as records
from tests.support.desk_records import UZEYIR
from tests.support.forms import Form
from tests.web.test_history_pages import words_of

EDIT = f"/en/desk/people/{UZEYIR}/edit"


def opened(client: FlaskClient) -> dict[str, str]:
    """Return the fields of the writing form."""
    return dict(Form(client.get(EDIT).text, "writing").fields)


def saved(client: FlaskClient, form: dict[str, str], **typed: str) -> TestResponse:
    changed = {name.replace("__", "-"): text for name, text in typed.items()}
    return client.post(EDIT, data={**form, **changed, "do": "save"})


def met(client: FlaskClient, answer: TestResponse) -> tuple[str, dict[str, str]]:
    """Follow a rejected save to the conflict page; return the page and its hidden fields."""
    assert answer.status_code == 303
    assert f"/desk/people/{UZEYIR}/conflict?copy=" in answer.location
    html = client.get(answer.location).text
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html)
    return html, dict(hidden)


def joined(client: FlaskClient, form: dict[str, str], **choices: str) -> TestResponse:
    chosen = {name.replace("__", "-"): text for name, text in choices.items()}
    return client.post(f"/en/desk/people/{UZEYIR}/conflict", data={**form, **chosen})


def newest(services: Services) -> Revision:
    with services.database.read() as session:
        found = saving.head(session, UZEYIR)
    assert found is not None
    return found


@pytest.fixture
def forms(contributors: FlaskClient, editors: FlaskClient) -> tuple[dict[str, str], dict[str, str]]:
    """Return the form of one record, opened by both users before either saves."""
    return opened(contributors), opened(editors)


def test_edits_of_different_fields_are_both_kept(
    own_services: Services, contributors: FlaskClient, editors: FlaskClient, forms: Any
) -> None:
    assert saved(contributors, forms[0], gender="other").status_code == 303
    html, form = met(editors, saved(editors, forms[1], headline__en="A master"))
    text = words_of(html)
    assert "While you wrote upon revision 1, Aygün saved revision 2." in text
    assert "The two edits do not meet in any field." in text
    assert re.search("Headline, English yours", text)
    assert re.search("Gender theirs", text)
    assert joined(editors, form).location.endswith("?done=saved")
    record = newest(own_services).record
    assert (record["gender"], record["headline"]["en"]) == ("other", "A master")
    assert newest(own_services).base == 2


@pytest.mark.parametrize(
    ("choice", "kept"), [("mine", "A master"), ("theirs", "A teacher"), ("text", "Both & more")]
)
def test_where_they_meet_one_is_chosen_or_both_written_into_one(
    own_services: Services,
    editor: Identity,
    contributors: FlaskClient,
    editors: FlaskClient,
    forms: Any,
    choice: str,
    kept: str,
) -> None:
    saved(contributors, forms[0], headline__en="A teacher", gender="other")
    html, form = met(editors, saved(editors, forms[1], headline__en="A master"))
    assert "<del> teacher</del><ins> master</ins>" in html
    unsaid = joined(editors, form)
    assert unsaid.status_code == 422
    assert 'href="#choice-headline.en"' in unsaid.text
    assert newest(own_services).number == 2
    assert len(working_copies.own(own_services.database, editor, UZEYIR)) == 1
    chosen = {"choice-headline.en": choice, "text-headline.en": " Both & more "}
    assert joined(editors, form, **chosen).status_code == 303
    record = newest(own_services).record
    assert (record["headline"]["en"], record["gender"]) == (kept, "other")
    assert working_copies.own(own_services.database, editor, UZEYIR) == []


def test_a_third_save_meanwhile_is_told_and_what_was_typed_stands(
    own_services: Services,
    contributor: Identity,
    contributors: FlaskClient,
    editors: FlaskClient,
    forms: Any,
) -> None:
    saved(contributors, forms[0], headline__en="A teacher")
    _html, form = met(editors, saved(editors, forms[1], headline__en="A master"))
    records.edit(own_services, contributor, 2, headline={"en": "A third one"})
    chosen = {"choice-headline.en": "text", "text-headline.en": "Both </textarea> of them"}
    again = joined(editors, form, **chosen)
    assert again.status_code == 422
    assert "Revision 3 was saved meanwhile" in words_of(again.text)
    assert "A third one" in words_of(again.text)
    assert "Both &lt;/textarea&gt; of them</textarea>" in again.text
    assert newest(own_services).number == 3
    assert joined(editors, {**form, "theirs": "3"}, **chosen).status_code == 303
    assert newest(own_services).record["headline"]["en"] == "Both </textarea> of them"


def test_a_field_that_one_removed_and_the_other_changed_is_chosen(
    own_services: Services, contributors: FlaskClient, editors: FlaskClient, forms: Any
) -> None:
    saved(contributors, forms[0], birth__date="1885-09-19")
    html, form = met(editors, saved(editors, forms[1], birth__date="1885", birth__place=""))
    assert "19 September 1885" in words_of(html)
    assert joined(editors, form, **{"choice-birth": "text"}).status_code == 422
    assert joined(editors, form, **{"choice-birth": "mine"}).status_code == 303
    assert newest(own_services).record["birth"]["date"] == "1885"
    assert "place" not in newest(own_services).record["birth"]


def test_a_working_copy_is_nobody_elses(
    contributors: FlaskClient, editors: FlaskClient, forms: Any
) -> None:
    saved(contributors, forms[0], gender="other")
    address = saved(editors, forms[1], headline__en="A master").location
    assert contributors.get(address).status_code == 404
    elsewhere = address.replace(UZEYIR, "nizami-gencevi")
    assert editors.get(elsewhere).status_code == 404


def test_a_copy_that_meets_nothing_is_written_on(
    own_services: Services, editor: Identity, editors: FlaskClient
) -> None:
    form = opened(editors)
    fields = [(name, text) for name, text in form.items() if name != "csrf_token"]
    copy = working_copies.keep(own_services.database, editor, fields, person_id=UZEYIR, base=1)
    answer = editors.get(f"/en/desk/people/{UZEYIR}/conflict?copy={copy.key}")
    assert (answer.status_code, answer.location) == (303, f"/en/desk/working-copies/{copy.key}")
