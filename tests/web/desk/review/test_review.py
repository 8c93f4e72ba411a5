"""Review at the desk: pending work, records, review actions and history."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.accounts.identity import Identity
from biobank.bootstrap import Services
from biobank.editorial.review import workflow
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.records.sources.models import Source
from tests.support import desk_records as records
from tests.support.desk_records import UZEYIR
from tests.support.pages import attributes, select, select_one, text_at
from tests.support.users import submit_form
from tests.web.revisions.test_history_pages import words_of

DESK = "/en/desk"
RECORD = f"{DESK}/people/{UZEYIR}"
NEW = f"{DESK}/people/sinaq-yoxlamazade"


def state_of(services: Services, person_id: str = UZEYIR) -> str:
    with services.database.read() as session:
        latest = latest_revision(session, person_id)
        assert latest is not None
        return latest.state


def test_home_page_lists_pending_work(
    own_services: Services,
    contributor: Identity,
    editor: Identity,
    contributor_client: FlaskClient,
    editor_client: FlaskClient,
) -> None:
    records.save_draft(own_services, contributor)
    number = records.save_edit(own_services, contributor, 1, "Read again", gender="other")
    assert "Your drafts" in words_of(contributor_client.get(DESK).text)
    assert "Read again" in words_of(contributor_client.get(DESK).text)
    assert "Changed: Gender" in words_of(contributor_client.get(DESK).text)
    assert "New biography." in words_of(contributor_client.get(DESK).text)
    workflow.submit(own_services.database, contributor, UZEYIR, number)
    assert "1 in review" in words_of(editor_client.get(DESK).text)
    assert "Submitted by you" in words_of(contributor_client.get(DESK).text)
    workflow.request_changes(own_services.database, editor, UZEYIR, number, "Which source?")
    text = words_of(contributor_client.get(DESK).text)
    assert re.search("Returned for changes .*Nigar: Which source?", text)
    assert "0 in review" in words_of(editor_client.get(DESK).text)


def test_record_goes_through_review(
    own_services: Services, contributor: Identity, contributor_client: FlaskClient, editor_client: FlaskClient
) -> None:
    number = records.save_draft(own_services, contributor)
    page = contributor_client.get(NEW).text
    assert select(page, "button[value=submit]")
    assert not select(page, "button[value=publish]")
    reply = submit_form(contributor_client, NEW, do="submit", number=number, text="Please read")
    assert (reply.status_code, reply.location) == (303, f"{NEW}?done=submit")
    assert not select(contributor_client.get(NEW).text, "button[value=publish]")
    assert "You can publish this." in words_of(editor_client.get(f"{DESK}/reviews").text)
    refused = submit_form(editor_client, NEW, do="give_back", number=number, text=" ")
    assert refused.status_code == 422
    assert select(refused.text, "a[href='#text']")
    assert state_of(own_services, "sinaq-yoxlamazade") == "review"
    assert submit_form(editor_client, NEW, do="give_back", number=number, text="Sources?").status_code == 303
    assert "Sources?" in words_of(contributor_client.get(NEW).text)
    repeated = records.save_draft(own_services, contributor, number, gender="male")
    assert submit_form(contributor_client, NEW, do="submit", number=repeated).status_code == 303
    response = submit_form(editor_client, NEW, do="publish", number=repeated)
    assert "Published. The biography is now visible to everyone." in editor_client.get(response.location).text
    assert editor_client.get("/en/people/sinaq-yoxlamazade").status_code == 200


def test_authors_cannot_publish_their_own_work(
    own_services: Services, editor: Identity, editor_client: FlaskClient, admin_client: FlaskClient
) -> None:
    number = records.save_draft(own_services, editor)
    workflow.submit(own_services.database, editor, "sinaq-yoxlamazade", number)
    page = editor_client.get(NEW).text
    assert not select(page, "button[value=publish]")
    authorship = "You contributed to this version. Authors: Nigar."
    assert f"{authorship} An editor who did not contribute can publish it: Rəsul." in words_of(page)
    refused = submit_form(editor_client, NEW, do="publish", number=number)
    assert refused.status_code == 403
    assert authorship in words_of(refused.text)
    assert authorship not in words_of(admin_client.get(NEW).text)
    assert "Another editor must review this." in words_of(editor_client.get(f"{DESK}/reviews").text)
    assert submit_form(admin_client, NEW, do="publish", number=number).status_code == 303


def test_stale_revision_cannot_be_published(
    own_services: Services, contributor: Identity, editor_client: FlaskClient
) -> None:
    number = records.save_draft(own_services, contributor)
    workflow.submit(own_services.database, contributor, "sinaq-yoxlamazade", number)
    records.save_draft(own_services, contributor, number, gender="male")
    refused = submit_form(editor_client, NEW, do="publish", number=number, text="Well done")
    assert refused.status_code == 409
    assert "Version 2 was saved in the meantime" in words_of(refused.text)
    assert text_at(refused.text, "textarea#text") == "Well done"
    assert state_of(own_services, "sinaq-yoxlamazade") == "draft"


def test_changes_are_expanded_for_the_reviewer(
    own_services: Services, contributor: Identity, editor_client: FlaskClient, contributor_client: FlaskClient
) -> None:
    number = records.save_draft(own_services, contributor)
    workflow.submit(own_services.database, contributor, "sinaq-yoxlamazade", number)
    page = editor_client.get(NEW).text
    assert select(page, "#changes, [value=publish]")[0].attrib.get("id") == "changes"
    assert select(page, "section:has(#changes) details[open]")
    assert text_at(page, "a.button[href='#review']") == "Review"
    # Changes without pending review stay collapsed, and editing comes first.
    page = contributor_client.get(RECORD).text
    assert text_at(page, "a[href='/en/desk/people'][aria-current=page]") == "All records"
    assert select(page, "section:has(#changes) details")
    assert not select(page, "section:has(#changes) details[open]")
    assert text_at(page, f"a.button[href='{RECORD}/edit']") == "Edit"


def test_contributors_get_desk_links_on_the_public_page(app: Flask, contributor_client: FlaskClient) -> None:
    public = f"/en/people/{UZEYIR}"
    links = (f"a[href='{RECORD}/edit']", f"a[href='{RECORD}']")
    for client, seen in ((contributor_client, True), (app.test_client(), False)):
        page = client.get(public).text
        assert [bool(select(page, link)) for link in links] == [seen, seen]
    assert not select(contributor_client.get(f"{public}/revisions/1").text, links[0])


def test_a_comment_is_about_a_field_and_not_about_the_project(editor_client: FlaskClient) -> None:
    page = editor_client.get(RECORD.replace("/en/", "/ru/")).text
    assert text_at(page, "label[for=about]") == "К чему относится"


@pytest.mark.parametrize("form", [{"do": "fly"}, {"do": "submit", "number": "x"}, {"number": "1"}])
def test_invalid_form_is_rejected(editor_client: FlaskClient, form: dict[str, str]) -> None:
    assert submit_form(editor_client, RECORD, **form).status_code == 400


def test_a_field_is_commented_on(
    own_services: Services, contributor: Identity, editor_client: FlaskClient
) -> None:
    number = records.save_edit(own_services, contributor, 1, gender="other")
    page = editor_client.get(f"{RECORD}?field=gender").text
    assert select(page, "a[href='?field=gender#comment']")
    assert select(page, "#about option[value=gender][selected]")
    comment = "Is this <b>so</b>?\nWho says it?"
    assert submit_form(
        editor_client, RECORD, do="comment", number=number, about="gender", text=comment
    ).location
    page = editor_client.get(RECORD).text
    assert text_at(page, ".comments a[href='#gender']") == "Gender"
    assert text_at(page, ".comments .desk-note") == "Is this <b>so</b>? Who says it?"
    assert submit_form(editor_client, RECORD, do="comment", number=number, text="").status_code == 422
    assert submit_form(editor_client, RECORD, do="comment", number=number, text="\x07").status_code == 400


def test_draft_has_a_preview_and_a_change_list(
    own_services: Services, contributor: Identity, editor_client: FlaskClient
) -> None:
    number = records.save_edit(own_services, contributor, 1, headline={"en": "A master of masters"})
    preview = editor_client.get(f"{RECORD}/revisions/{number}").text
    assert "A master of masters" in preview
    assert "Not visible to readers." in words_of(preview)
    assert "How to cite" not in preview
    changes = words_of(editor_client.get(f"{RECORD}/revisions/{number}/changes").text)
    assert "Headline" in changes
    assert "masters" in changes
    assert (
        "There are no differences between these versions."
        in editor_client.get(f"{RECORD}/revisions/2/changes?from=2").text
    )
    assert editor_client.get(f"{RECORD}/revisions/9").status_code == 404
    assert editor_client.get(f"{RECORD}/revisions/2/changes?from=x").status_code == 400
    assert "A master of masters" not in editor_client.get(f"/en/people/{UZEYIR}").text


def test_new_person_is_previewed_before_publication(
    own_services: Services, contributor: Identity, editor_client: FlaskClient
) -> None:
    number = records.save_draft(own_services, contributor)
    assert "Nobody at all" in editor_client.get(f"{NEW}/revisions/{number}").text
    # Values of one revision share its link: two names of text, language and kind.
    assert len(select(editor_client.get(f"{NEW}/blame").text, f"a[href$='/{number}/changes#names']")) == 2
    assert "First version; all content is new." in editor_client.get(f"{NEW}/revisions/{number}/changes").text
    assert editor_client.get("/en/people/sinaq-yoxlamazade").status_code == 404


def test_any_revision_is_restored_as_a_new_draft(
    own_services: Services, contributor: Identity, contributor_client: FlaskClient
) -> None:
    records.save_edit(own_services, contributor, 1, gender="other")
    response = submit_form(contributor_client, RECORD, do="restore", number=1, head=2)
    assert response.location == f"{RECORD}?done=restore"
    with own_services.database.read() as session:
        latest = latest_revision(session, UZEYIR)
    assert latest is not None
    assert (latest.number, latest.state) == (3, "draft")
    assert latest.record == records.published_record(own_services)
    assert "Restored: version 1" in words_of(contributor_client.get(RECORD).text)
    late_response = submit_form(contributor_client, RECORD, do="restore", number=1, head=2)
    assert late_response.status_code == 409


def test_every_value_is_traced_to_its_author(
    own_services: Services, contributor: Identity, editor_client: FlaskClient
) -> None:
    records.save_edit(own_services, contributor, 1, headline={"en": "A master of masters"})
    text = words_of(editor_client.get(f"{RECORD}/blame").text)
    assert re.search(r"English A master of masters Version 2 · Aygün", text)
    assert re.search(r"Birth Version 1 · [^·]+ · [^·]+ Date 18 September 1885", text)


def test_person_is_withdrawn_and_reinstated(editor_client: FlaskClient) -> None:
    refused = submit_form(editor_client, RECORD, do="withdraw", number=1, reason="")
    assert refused.status_code == 422
    assert select(refused.text, "a[href='#reason']")
    assert submit_form(editor_client, RECORD, do="withdraw", number=1, reason="mistake").status_code == 303
    text = words_of(editor_client.get(RECORD).text)
    assert "Withdrawn" in text
    assert "error" in text
    assert editor_client.get(f"/en/people/{UZEYIR}").status_code == 410
    assert submit_form(editor_client, RECORD, do="bring_back", number=1).status_code == 303
    assert editor_client.get(f"/en/people/{UZEYIR}").status_code == 200


def test_a_revision_is_redacted_with_a_reason(
    own_services: Services,
    contributor: Identity,
    editor: Identity,
    editor_client: FlaskClient,
    admin_client: FlaskClient,
) -> None:
    number = records.save_edit(own_services, contributor, 1, headline={"en": "What must go"})
    records.save_edit(own_services, contributor, number, gender="other")
    address = f"{RECORD}/revisions/{number}"
    assert editor_client.get(f"{address}/redaction").status_code == 403
    assert "Redact" not in editor_client.get(RECORD).text
    assert submit_form(admin_client, f"{address}/redaction", reason="").status_code == 422
    in_use = f"{RECORD}/revisions/3/redaction"
    assert "in use" in words_of(admin_client.get(in_use).text)
    refused = submit_form(admin_client, in_use, form=f"{address}/redaction", reason="A court")
    assert refused.status_code == 409
    page = admin_client.get(f"{address}/redaction").text
    ticked = attributes(page, "[name=what][checked]", "value")
    assert len(ticked) == 1
    assert "What must go" in page
    assert "No other places found." in page
    form: dict[str, Any] = {"what": ticked, "seen": select_one(page, "[name=seen]").attrib["value"]}
    response = submit_form(admin_client, f"{address}/redaction", **form, reason="They said: what must go!")
    assert response.status_code == 422
    assert "Enter a reason that does not repeat the content to be redacted." in words_of(response.text)
    workflow.add_comment(own_services.database, editor, UZEYIR, 1, "What must go, I ask", "headline")
    response = submit_form(admin_client, f"{address}/redaction", **form, reason="A court")
    assert response.status_code == 409
    assert "This content now appears in other places too. Check the list again." in words_of(response.text)
    assert "comment on a version uzeyir-hacibeyov, 1: Nigar What must go, I ask" in words_of(response.text)
    preview = submit_form(admin_client, f"{address}/redaction", do="look", reason="A court")
    assert preview.status_code == 200
    assert "I ask" not in preview.text
    form["seen"] = select_one(response.text, "[name=seen]").attrib["value"]
    assert submit_form(admin_client, f"{address}/redaction", **form, reason="A court").status_code == 303
    for path, status in (
        (RECORD, 200),
        (f"{RECORD}/blame", 200),
        (f"{RECORD}/revisions/3/changes", 200),
        (f"{RECORD}/revisions/3/changes?from={number}", 410),
        (address, 410),
        (f"{address}/redaction", 410),
    ):
        response = admin_client.get(path)
        assert response.status_code == status, path
        assert "What must go" not in response.text
    gone_page = admin_client.get(f"/ru{address.removeprefix('/en')}").text
    assert "Эта версия больше недоступна" in gone_page
    assert not select(gone_page, ".error-detail")


def test_shared_records_with_the_content_are_linked(
    own_services: Services, contributor: Identity, admin_client: FlaskClient
) -> None:
    content = "A friend of Zulmira Qaranqushova too"
    number = records.save_edit(own_services, contributor, 1, headline={"en": content})
    records.save_edit(own_services, contributor, number, gender="other")
    with own_services.database.write() as session:
        session.add(Source(id="of-her", csl={"type": "book", "title": f"Letters: {content}"}))
    page = admin_client.get(f"{RECORD}/revisions/{number}/redaction").text
    assert text_at(page, "a[href^='/en/desk/'][href$='/of-her']") == "of-her"


def test_records_are_filtered_by_any_spelling_of_a_name(editor_client: FlaskClient) -> None:
    expected = {
        "?q=hacib": True,
        "?q=Hacıbəyov Üzeyir": True,
        "?q=Гаджибеков": True,
        "?q=hacibzzz": False,
        "?q=hacib&state=draft": False,
        "?q=hacib&state=published": True,
    }
    html = {address: editor_client.get(f"{DESK}/people{address}").text for address in expected}
    link = f".desk-rows a[href='{RECORD}']"
    assert {address: bool(select(page, link)) for address, page in html.items()} == expected


def test_records_are_filtered_by_state(
    own_services: Services, contributor: Identity, editor_client: FlaskClient
) -> None:
    records.save_draft(own_services, contributor)
    drafts = words_of(editor_client.get(f"{DESK}/people?state=draft").text)
    assert "1 record" in drafts
    assert "Sınaq Yoxlamazadə" in drafts
    assert "113 records" in words_of(editor_client.get(f"{DESK}/people?state=published").text)
    assert "Nizami" not in words_of(editor_client.get(f"{DESK}/people?state=withdrawn").text)
    assert editor_client.get(f"{DESK}/people?page=99").status_code == 404
