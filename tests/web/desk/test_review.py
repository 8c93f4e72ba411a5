"""Review at the desk: pending work, records, review actions and history."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.accounts.identity import Identity
from biobank.bootstrap import Services
from biobank.editorial import saving, workflow
from biobank.records.sources.models import Source
from tests.support import desk_records as records
from tests.support.desk_records import UZEYIR
from tests.support.users import send
from tests.web.test_history_pages import words_of

DESK = "/en/desk"
RECORD = f"{DESK}/people/{UZEYIR}"
NEW = f"{DESK}/people/sinaq-yoxlamazade"


def state_of(services: Services, person_id: str = UZEYIR) -> str:
    with services.database.read() as session:
        newest = saving.head(session, person_id)
        assert newest is not None
        return newest.state


def test_the_first_page_tells_what_waits_for_whom(
    own_services: Services,
    contributor: Identity,
    editor: Identity,
    contributors: FlaskClient,
    editors: FlaskClient,
) -> None:
    records.write(own_services, contributor)
    number = records.edit(own_services, contributor, 1, "Read again", gender="other")
    assert "Your drafts" in words_of(contributors.get(DESK).text)
    assert "Read again" in words_of(contributors.get(DESK).text)
    assert "Changed: Gender" in words_of(contributors.get(DESK).text)
    assert "A new person." in words_of(contributors.get(DESK).text)
    workflow.submit(own_services.database, contributor, UZEYIR, number)
    assert "1 in review" in words_of(editors.get(DESK).text)
    assert "Handed in by you" in words_of(contributors.get(DESK).text)
    workflow.give_back(own_services.database, editor, UZEYIR, number, "Which source?")
    text = words_of(contributors.get(DESK).text)
    assert re.search("Given back to you .*Nigar: Which source?", text)
    assert "0 in review" in words_of(editors.get(DESK).text)


def test_a_record_goes_through_review_by_its_buttons(
    own_services: Services,
    contributor: Identity,
    contributors: FlaskClient,
    editors: FlaskClient,
) -> None:
    number = records.write(own_services, contributor)
    page = contributors.get(NEW).text
    assert 'value="submit"' in page
    assert 'value="publish"' not in page
    answer = send(contributors, NEW, do="submit", number=number, text="Please read")
    assert (answer.status_code, answer.location) == (303, f"{NEW}?done=submit")
    assert 'value="publish"' not in contributors.get(NEW).text
    assert "You may publish it." in words_of(editors.get(f"{DESK}/reviews").text)
    refused = send(editors, NEW, do="give_back", number=number, text=" ")
    assert refused.status_code == 422
    assert 'href="#text"' in refused.text
    assert state_of(own_services, "sinaq-yoxlamazade") == "review"
    assert send(editors, NEW, do="give_back", number=number, text="Sources?").status_code == 303
    assert "Sources?" in words_of(contributors.get(NEW).text)
    again = records.write(own_services, contributor, number, gender="male")
    assert send(contributors, NEW, do="submit", number=again).status_code == 303
    done = send(editors, NEW, do="publish", number=again)
    assert "It is public now." in editors.get(done.location).text
    assert editors.get("/en/people/sinaq-yoxlamazade").status_code == 200


def test_nobody_publishes_what_they_wrote(
    own_services: Services, editor: Identity, editors: FlaskClient, admins: FlaskClient
) -> None:
    number = records.write(own_services, editor)
    workflow.submit(own_services.database, editor, "sinaq-yoxlamazade", number)
    page = editors.get(NEW).text
    assert 'value="publish"' not in page
    whose = "You wrote some of this: it is the work of Nigar."
    assert f"{whose} An editor who wrote none of it publishes it: Rəsul." in words_of(page)
    refused = send(editors, NEW, do="publish", number=number)
    assert refused.status_code == 403
    assert whose in words_of(refused.text)
    assert whose not in words_of(admins.get(NEW).text)
    assert "Somebody else has to read it." in words_of(editors.get(f"{DESK}/reviews").text)
    assert send(admins, NEW, do="publish", number=number).status_code == 303


def test_what_was_not_seen_is_not_decided_on(
    own_services: Services, contributor: Identity, editors: FlaskClient
) -> None:
    number = records.write(own_services, contributor)
    workflow.submit(own_services.database, contributor, "sinaq-yoxlamazade", number)
    records.write(own_services, contributor, number, gender="male")
    refused = send(editors, NEW, do="publish", number=number, text="Well done")
    assert refused.status_code == 409
    assert "Revision 2 was saved meanwhile" in words_of(refused.text)
    assert "Well done</textarea>" in refused.text
    assert state_of(own_services, "sinaq-yoxlamazade") == "draft"


def test_what_a_reviewer_decides_on_stands_open_before_the_decision(
    own_services: Services, contributor: Identity, editors: FlaskClient, contributors: FlaskClient
) -> None:
    number = records.write(own_services, contributor)
    workflow.submit(own_services.database, contributor, "sinaq-yoxlamazade", number)
    page = editors.get(NEW).text
    assert page.index('id="changes"') < page.index('value="publish"')
    said = page[page.index('id="changes"') : page.index('id="talk"')]
    assert "<details open>" in said
    assert '<a class="button" href="#talk">Review</a>' in page
    # Changes without pending review stay collapsed, and editing comes first.
    page = contributors.get(RECORD).text
    assert '<a href="/en/desk/people" aria-current="page">All records</a>' in page
    said = page[page.index('id="changes"') : page.index('id="talk"')]
    assert "<details>" in said
    assert f'<a class="button" href="{RECORD}/edit">Edit</a>' in page


def test_who_writes_is_led_from_the_public_page_to_the_desk(
    app: Flask, contributors: FlaskClient
) -> None:
    public = f"/en/people/{UZEYIR}"
    ways = (f'href="{RECORD}/edit"', f'href="{RECORD}"')
    for client, seen in ((contributors, True), (app.test_client(), False)):
        page = client.get(public).text
        assert [way in page for way in ways] == [seen, seen]
    assert ways[0] not in contributors.get(f"{public}/revisions/1").text


def test_a_comment_is_about_a_field_and_not_about_the_project(editors: FlaskClient) -> None:
    page = editors.get(RECORD.replace("/en/", "/ru/")).text
    assert re.search('<label for="about">О чём речь[?]</label>', page)


@pytest.mark.parametrize("form", [{"do": "fly"}, {"do": "submit", "number": "x"}, {"number": "1"}])
def test_a_form_that_is_not_ours_is_refused(editors: FlaskClient, form: dict[str, str]) -> None:
    assert send(editors, RECORD, **form).status_code == 400


def test_a_field_is_commented_on(
    own_services: Services, contributor: Identity, editors: FlaskClient
) -> None:
    number = records.edit(own_services, contributor, 1, gender="other")
    page = editors.get(f"{RECORD}?field=gender").text
    assert 'href="?field=gender#say"' in page
    assert '<option value="gender" selected>' in page
    said = "Is this <b>so</b>?\nWho says it?"
    assert send(editors, RECORD, do="comment", number=number, about="gender", text=said).location
    page = editors.get(RECORD).text
    assert '<a href="#gender">Gender</a>' in page
    assert "Is this &lt;b&gt;so&lt;/b&gt;?" in page
    assert send(editors, RECORD, do="comment", number=number, text="").status_code == 422
    assert send(editors, RECORD, do="comment", number=number, text="\x07").status_code == 400


def test_a_draft_is_seen_as_it_would_be_and_by_what_it_changes(
    own_services: Services, contributor: Identity, editors: FlaskClient
) -> None:
    number = records.edit(own_services, contributor, 1, headline={"en": "A master of masters"})
    preview = editors.get(f"{RECORD}/revisions/{number}").text
    assert "A master of masters" in preview
    assert "Readers do not see this." in words_of(preview)
    assert "How to cite" not in preview
    changes = words_of(editors.get(f"{RECORD}/revisions/{number}/changes").text)
    assert "Headline" in changes
    assert "masters" in changes
    assert "Nothing differs" in editors.get(f"{RECORD}/revisions/2/changes?from=2").text
    assert editors.get(f"{RECORD}/revisions/9").status_code == 404
    assert editors.get(f"{RECORD}/revisions/2/changes?from=x").status_code == 400
    assert "A master of masters" not in editors.get(f"/en/people/{UZEYIR}").text


def test_a_new_person_is_previewed_though_nobody_is_public(
    own_services: Services, contributor: Identity, editors: FlaskClient
) -> None:
    number = records.write(own_services, contributor)
    assert "Nobody at all" in editors.get(f"{NEW}/revisions/{number}").text
    # Values of one revision share its link: two names of text, language and kind.
    assert editors.get(f"{NEW}/blame").text.count(f"/revisions/{number}/changes#names") == 2
    assert "all of it is new" in editors.get(f"{NEW}/revisions/{number}/changes").text
    assert editors.get("/en/people/sinaq-yoxlamazade").status_code == 404


def test_any_revision_comes_back_as_a_new_draft(
    own_services: Services, contributor: Identity, contributors: FlaskClient
) -> None:
    records.edit(own_services, contributor, 1, gender="other")
    answer = send(contributors, RECORD, do="restore", number=1, head=2)
    assert answer.location == f"{RECORD}?done=restore"
    with own_services.database.read() as session:
        newest = saving.head(session, UZEYIR)
    assert newest is not None
    assert (newest.number, newest.state) == (3, "draft")
    assert newest.record == records.public(own_services)
    assert "Restored: revision 1" in words_of(contributors.get(RECORD).text)
    late = send(contributors, RECORD, do="restore", number=1, head=2)
    assert late.status_code == 409


def test_every_value_is_traced_to_whoever_wrote_it(
    own_services: Services, contributor: Identity, editors: FlaskClient
) -> None:
    records.edit(own_services, contributor, 1, headline={"en": "A master of masters"})
    text = words_of(editors.get(f"{RECORD}/blame").text)
    assert re.search(r"English A master of masters Revision 2 · Aygün", text)
    assert re.search(r"Birth Revision 1 · [^·]+ · [^·]+ Date 18 September 1885", text)


def test_a_person_is_withdrawn_and_comes_back(editors: FlaskClient) -> None:
    refused = send(editors, RECORD, do="withdraw", number=1, reason="")
    assert refused.status_code == 422
    assert 'href="#reason"' in refused.text
    assert send(editors, RECORD, do="withdraw", number=1, reason="mistake").status_code == 303
    text = words_of(editors.get(RECORD).text)
    assert "Withdrawn" in text
    assert "a mistake" in text
    assert editors.get(f"/en/people/{UZEYIR}").status_code == 410
    assert send(editors, RECORD, do="bring_back", number=1).status_code == 303
    assert editors.get(f"/en/people/{UZEYIR}").status_code == 200


def test_a_revision_is_redacted_with_a_reason(
    own_services: Services,
    contributor: Identity,
    editor: Identity,
    editors: FlaskClient,
    admins: FlaskClient,
) -> None:
    number = records.edit(own_services, contributor, 1, headline={"en": "What must go"})
    records.edit(own_services, contributor, number, gender="other")
    address = f"{RECORD}/revisions/{number}"
    assert editors.get(f"{address}/redaction").status_code == 403
    assert "Redact" not in editors.get(RECORD).text
    assert send(admins, f"{address}/redaction", reason="").status_code == 422
    in_use = f"{RECORD}/revisions/3/redaction"
    assert "in use" in words_of(admins.get(in_use).text)
    refused = send(admins, in_use, form=f"{address}/redaction", reason="A court")
    assert refused.status_code == 409
    page = admins.get(f"{address}/redaction").text
    ticked = re.findall(r'name="what" value="(\w+)" checked', page)
    assert len(ticked) == 1
    assert "What must go" in page
    assert "Nothing else." in page
    form = {"what": ticked, "seen": re.findall(r'name="seen" value="(\w+)"', page)[0]}
    answer = send(admins, f"{address}/redaction", **form, reason="They said: what must go!")
    assert answer.status_code == 422
    assert "Give the reason without the words" in words_of(answer.text)
    workflow.comment(own_services.database, editor, UZEYIR, 1, "What must go, I ask", "headline")
    answer = send(admins, f"{address}/redaction", **form, reason="A court")
    assert answer.status_code == 409
    assert "Something else holds the words" in words_of(answer.text)
    assert "said of a revision uzeyir-hacibeyov, 1: Nigar What must go, I ask" in words_of(
        answer.text
    )
    looked = send(admins, f"{address}/redaction", do="look", reason="A court")
    assert looked.status_code == 200
    assert "I ask" not in looked.text
    form["seen"] = re.findall(r'name="seen" value="(\w+)"', answer.text)[0]
    assert send(admins, f"{address}/redaction", **form, reason="A court").status_code == 303
    for path, status in (
        (RECORD, 200),
        (f"{RECORD}/blame", 200),
        (f"{RECORD}/revisions/3/changes", 200),
        (f"{RECORD}/revisions/3/changes?from={number}", 410),
        (address, 410),
        (f"{address}/redaction", 410),
    ):
        answer = admins.get(path)
        assert answer.status_code == status, path
        assert "What must go" not in answer.text
    told = admins.get(f"/ru{address.removeprefix('/en')}").text
    assert "Этой версии здесь больше нет" in told
    assert "error-detail" not in told


def test_what_only_names_somebody_is_ticked_and_what_stays_leads_to_its_desk(
    own_services: Services, contributor: Identity, editor: Identity, admins: FlaskClient
) -> None:
    name = "Zulmira Qaranqushova"
    number = records.edit(own_services, contributor, 1, headline={"en": f"A friend of {name} too"})
    records.edit(own_services, contributor, number, gender="other")
    workflow.comment(own_services.database, editor, UZEYIR, 1, "Qaranqushova, I ask", "headline")
    with own_services.database.write() as session:
        session.add(Source(id="of-her", csl={"type": "book", "title": f"The friend of {name}"}))
    address = f"{RECORD}/revisions/{number}/redaction"
    page = admins.get(address).text
    (also,) = re.findall(r'name="also" value="([\w:]+)"', page)
    assert re.search(r'href="/en/desk/[\w/]+/of-her">of-her</a>', page)
    form = {
        "what": re.findall(r'name="what" value="(\w+)" checked', page),
        "seen": re.findall(r'name="seen" value="(\w+)"', page)[0],
        "also": also,
    }
    assert (
        "checked" in send(admins, address, **form, do="look").text.split(f'value="{also}"')[1][:20]
    )
    assert send(admins, address, **form, reason="A court").status_code == 303
    assert "I ask" not in admins.get(RECORD).text


def test_records_are_sought_by_a_name_in_any_spelling_of_theirs(editors: FlaskClient) -> None:
    found = {
        "?q=hacib": True,
        "?q=Hacıbəyov Üzeyir": True,
        "?q=Гаджибеков": True,
        "?q=hacibzzz": False,
        "?q=hacib&state=draft": False,
        "?q=hacib&state=published": True,
    }
    html = {address: editors.get(f"{DESK}/people{address}").text for address in found}
    assert {address: f'href="{RECORD}"' in page for address, page in html.items()} == found


def test_records_are_told_apart_by_state(
    own_services: Services, contributor: Identity, editors: FlaskClient
) -> None:
    records.write(own_services, contributor)
    drafts = words_of(editors.get(f"{DESK}/people?state=draft").text)
    assert "1 record" in drafts
    assert "Sınaq Yoxlamazadə" in drafts
    assert "113 records" in words_of(editors.get(f"{DESK}/people?state=published").text)
    assert "Nizami" not in words_of(editors.get(f"{DESK}/people?state=withdrawn").text)
    assert editors.get(f"{DESK}/people?page=99").status_code == 404
