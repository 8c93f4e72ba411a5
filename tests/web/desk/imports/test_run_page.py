"""One import run at the desk: saved only on confirmation, and only as drafts."""

import pytest
from filelock import FileLock
from flask.testing import FlaskClient
from sqlalchemy import select, update

from biobank.accounts.identity import Identity
from biobank.accounts.models import AuditEvent, User
from biobank.bootstrap import Services
from biobank.editorial.models import ReviewNote, Revision
from biobank.editorial.revisions.drafts import save_draft
from biobank.exchange.imports import runs, worker
from biobank.exchange.imports.models import ImportRun
from tests.support import pages
from tests.support.users import submit_form
from tests.web.desk.imports.uploads import (
    LINES,
    PATH,
    UZEYIR,
    person,
    process_imports,
    revisions_of,
    run_state,
    upload,
)


def test_file_is_checked_saved_as_drafts_and_submitted(
    editor_client: FlaskClient, own_services: Services, editor: Identity
) -> None:
    address = upload(editor_client, LINES)
    assert "queued" in pages.text_of(editor_client.get(address).text)
    assert process_imports(own_services) == 1
    page = editor_client.get(address).text
    text = pages.text_of(page)
    assert "Nothing has been saved yet. Result of the check:" in text
    assert "2 New" in text
    assert "2 Rejected" in text
    assert "line 3 bad birth.place “no-such-place” was not found" in text
    assert pages.select(page, f"a[href='/en/people/{UZEYIR}']")
    assert revisions_of(own_services, "a-new-person") == []

    assert submit_form(editor_client, address, do="keep").status_code == 303
    assert process_imports(own_services) == 1
    assert run_state(own_services, address) == "done"
    revision = revisions_of(own_services, "a-new-person")[0]
    assert (revision.state, revision.author_id) == ("draft", editor.user_id)
    assert editor_client.get("/en/people/a-new-person").status_code == 404
    listed = editor_client.get(f"/en/desk/people?run={address.rpartition('/')[2]}").text
    assert "2 records" in pages.text_of(listed)
    assert list(own_services.settings.imports_dir.glob("[0-9a-f]*")) == []

    assert submit_form(editor_client, address, do="hand_in").status_code == 303
    assert revisions_of(own_services, "a-new-person")[0].state == "review"
    with own_services.database.read() as session:
        events = session.scalars(select(AuditEvent.what).order_by(AuditEvent.id)).all()
    assert [what for what in events if "import" in what][-3:] == [
        "import_keep",
        "imported",
        "import_handed_in",
    ]


def test_progress_is_shown_with_and_without_script(
    editor_client: FlaskClient, own_services: Services
) -> None:
    first, second = (upload(editor_client, LINES, name) for name in ("one.jsonl", "two.jsonl"))
    page = editor_client.get(second).text
    assert pages.select(page, "noscript meta[http-equiv=refresh]")
    progress = editor_client.get(f"{second}/progress.json").json
    assert progress["running"]
    assert progress["line"] == "Imports ahead in the queue: 1."
    process_imports(own_services)
    assert not editor_client.get(f"{first}/progress.json").json["running"]
    assert "http-equiv" not in editor_client.get(second).text


def test_interrupted_run_is_resumed(
    editor_client: FlaskClient, own_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biobank.exchange.imports.importer.IMPORT_BATCH_RECORDS", 1)
    monkeypatch.setattr(runs, "PROGRESS_INTERVAL_SECONDS", 0.0)
    address = upload(editor_client, LINES)
    process_imports(own_services)
    submit_form(editor_client, address, do="keep")
    stop_answers = iter([False, False, False, False, False, False, True])
    worker.process_pending_runs(own_services.database, own_services.uploads, lambda: next(stop_answers, True))
    assert run_state(own_services, address) == "keeping"
    assert [len(revisions_of(own_services, id_)) for id_ in ("a-new-person", "another")] == [1, 0]
    assert worker.has_pending_runs(own_services.database)
    process_imports(own_services)
    assert run_state(own_services, address) == "done"
    assert [len(revisions_of(own_services, id_)) for id_ in ("a-new-person", "another")] == [1, 1]
    assert "1 Unchanged" in pages.text_of(editor_client.get(address).text)


def test_only_one_worker_runs_at_a_time(editor_client: FlaskClient, own_services: Services) -> None:
    address = upload(editor_client, LINES)
    with FileLock(own_services.uploads.folder / worker.WORKER_LOCK_FILENAME, timeout=0):
        assert process_imports(own_services) == 0
    assert run_state(own_services, address) == "to_check"


def test_run_is_stopped_restarted_and_dropped(editor_client: FlaskClient, own_services: Services) -> None:
    address = upload(editor_client, LINES)
    submit_form(editor_client, address, do="stop")
    assert process_imports(own_services) == 0
    assert run_state(own_services, address) == "stopped"
    submit_form(editor_client, address, do="again")
    process_imports(own_services)
    assert run_state(own_services, address) == "waiting"
    submit_form(editor_client, address, do="drop")
    assert run_state(own_services, address) == "stopped"
    assert list(own_services.settings.imports_dir.glob("[0-9a-f]*")) == []
    refused = submit_form(editor_client, address, form=PATH, do="again")
    assert refused.status_code == 422
    assert "The file is no longer available. Upload it again." in pages.text_of(refused.text)


def test_imports_at_the_desk_publish_nothing(editor_client: FlaskClient, own_services: Services) -> None:
    address = upload(editor_client, LINES, publish="1")
    process_imports(own_services)
    assert submit_form(editor_client, address, do="publish").status_code == 422
    submit_form(editor_client, address, do="keep", publish="1")
    process_imports(own_services)
    assert editor_client.get("/en/people/a-new-person").status_code == 404


def test_run_fails_when_its_author_lost_the_right_to_import(
    editor_client: FlaskClient, own_services: Services, editor: Identity
) -> None:
    address = upload(editor_client, LINES)
    process_imports(own_services)
    submit_form(editor_client, address, do="keep")
    with own_services.database.write() as session:
        author = update(User).where(User.id == editor.user_id)
        session.execute(author.values(role="contributor"))
    process_imports(own_services)
    assert run_state(own_services, address) == "failed"
    assert revisions_of(own_services, "a-new-person") == []


def test_drafts_edited_since_are_not_submitted(
    editor_client: FlaskClient, own_services: Services, editor: Identity
) -> None:
    lines = [person(f"somebody-{number}", f"Somebody {number}") for number in range(3)]
    address = upload(editor_client, lines)
    process_imports(own_services)
    submit_form(editor_client, address, do="keep")
    process_imports(own_services)
    latest = revisions_of(own_services, "somebody-1")[0]
    save_draft(own_services.database, editor, {**latest.record, "gender": "male"}, base=1)
    text = pages.text_of(editor_client.get(address).text)
    assert "2 in draft; 0 submitted, published or withdrawn;" in text
    response = submit_form(editor_client, address, do="hand_in")
    text = pages.text_of(editor_client.get(response.headers["Location"]).text)
    assert "Drafts submitted for review: 2. Another editor will review them." in text
    assert "0 in draft; 2 submitted, published or withdrawn;" in text
    assert [[revision.state for revision in revisions_of(own_services, line["id"])] for line in lines] == [
        ["review"],
        ["draft", "draft"],
        ["review"],
    ]
    with own_services.database.read() as session:
        query = select(Revision.person_id).join(ReviewNote).order_by(Revision.person_id)
        assert session.scalars(query).all() == ["somebody-0", "somebody-2"]
    repeated = submit_form(editor_client, address, form=PATH, do="hand_in").headers["Location"]
    assert "No drafts were submitted: this import has no drafts left." in pages.text_of(
        editor_client.get(repeated).text
    )


def test_drafts_of_a_stopped_run_can_be_submitted(editor_client: FlaskClient, own_services: Services) -> None:
    address = upload(editor_client, LINES)
    process_imports(own_services)
    submit_form(editor_client, address, do="keep")
    process_imports(own_services)
    with own_services.database.write() as session:
        session.execute(update(ImportRun).values(state="stopped"))
    assert "2 drafts from this import" in pages.text_of(editor_client.get(address).text)
    submit_form(editor_client, address, do="hand_in")
    assert revisions_of(own_services, "another")[0].state == "review"
