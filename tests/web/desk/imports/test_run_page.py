"""One import run at the desk: saved only on confirmation, and only as drafts."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from biobank.accounts.identity import Identity
from biobank.accounts.models import AuditEvent, User
from biobank.bootstrap import Services
from biobank.editorial.models import ReviewNote, Revision
from biobank.editorial.saving import save_draft
from biobank.exchange.importing import runs, working
from biobank.exchange.importing.models import ImportRun
from tests.support.pages import text_of
from tests.support.users import send
from tests.web.desk.imports.sending import (
    LINES,
    PATH,
    UZEYIR,
    heads,
    person,
    sent,
    state,
    work,
)


def test_a_file_is_checked_then_kept_as_drafts_then_handed_in(
    editors: FlaskClient, own_services: Services, editor: Identity
) -> None:
    address = sent(editors, LINES)
    assert "waits for its turn" in text_of(editors.get(address).text)
    assert work(own_services) == 1
    page = editors.get(address).text
    told = text_of(page)
    assert "Nothing is kept yet" in told
    assert "2 New" in told
    assert "2 Refused" in told
    assert "line 3 bad birth.place The bank knows no “no-such-place”" in told
    assert f'href="/en/people/{UZEYIR}"' in page
    assert heads(own_services, "a-new-person") == []

    assert send(editors, address, do="keep").status_code == 303
    assert work(own_services) == 1
    assert state(own_services, address) == "done"
    revision = heads(own_services, "a-new-person")[0]
    assert (revision.state, revision.author_id) == ("draft", editor.user_id)
    assert editors.get("/en/people/a-new-person").status_code == 404
    listed = editors.get(f"/en/desk/people?run={address.rpartition('/')[2]}").text
    assert "2 records" in text_of(listed)
    assert list(own_services.settings.imports_dir.glob("[0-9a-f]*")) == []

    assert send(editors, address, do="hand_in").status_code == 303
    assert heads(own_services, "a-new-person")[0].state == "review"
    with own_services.database.read() as session:
        done = session.scalars(select(AuditEvent.what).order_by(AuditEvent.id)).all()
    assert [what for what in done if "import" in what][-3:] == [
        "import_keep",
        "imported",
        "import_handed_in",
    ]


def test_how_far_it_is_is_told_to_the_page_with_and_without_its_script(
    editors: FlaskClient, own_services: Services
) -> None:
    first, second = (sent(editors, LINES, name) for name in ("one.jsonl", "two.jsonl"))
    page = editors.get(second).text
    assert '<noscript><meta http-equiv="refresh"' in page
    told = editors.get(f"{second}/progress.json").json
    assert told["running"]
    assert told["line"] == "1 imports come before this one."
    work(own_services)
    assert not editors.get(f"{first}/progress.json").json["running"]
    assert "http-equiv" not in editors.get(second).text


def test_what_was_left_half_done_is_taken_up_again(
    editors: FlaskClient, own_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biobank.exchange.importing.importer.BATCH", 1)
    monkeypatch.setattr(runs, "TELL_EVERY", 0.0)
    address = sent(editors, LINES)
    work(own_services)
    send(editors, address, do="keep")
    looks = iter([False, False, False, False, False, False, True])
    working.work_through(own_services.database, own_services.uploads, lambda: next(looks, True))
    assert state(own_services, address) == "keeping"
    assert [len(heads(own_services, id_)) for id_ in ("a-new-person", "another")] == [1, 0]
    assert working.waits(own_services.database)
    work(own_services)
    assert state(own_services, address) == "done"
    assert [len(heads(own_services, id_)) for id_ in ("a-new-person", "another")] == [1, 1]
    assert "1 The same" in text_of(editors.get(address).text)


def test_only_one_works_at_a_time(editors: FlaskClient, own_services: Services) -> None:
    address = sent(editors, LINES)
    with working._alone(own_services.uploads) as alone:
        assert alone
        assert work(own_services) == 0
    assert state(own_services, address) == "to_check"


def test_a_run_is_stopped_begun_again_and_its_file_thrown_away(
    editors: FlaskClient, own_services: Services
) -> None:
    address = sent(editors, LINES)
    send(editors, address, do="stop")
    assert work(own_services) == 0
    assert state(own_services, address) == "stopped"
    send(editors, address, do="again")
    work(own_services)
    assert state(own_services, address) == "waiting"
    send(editors, address, do="drop")
    assert state(own_services, address) == "stopped"
    assert list(own_services.settings.imports_dir.glob("[0-9a-f]*")) == []
    refused = send(editors, address, form=PATH, do="again")
    assert refused.status_code == 422
    assert "The file is gone" in text_of(refused.text)


def test_nothing_is_published_at_the_desk(editors: FlaskClient, own_services: Services) -> None:
    address = sent(editors, LINES, publish="1")
    work(own_services)
    assert send(editors, address, do="publish").status_code == 422
    send(editors, address, do="keep", publish="1")
    work(own_services)
    assert editors.get("/en/people/a-new-person").status_code == 404


def test_who_may_no_longer_bring_in_has_nothing_kept(
    editors: FlaskClient, own_services: Services, editor: Identity
) -> None:
    address = sent(editors, LINES)
    work(own_services)
    send(editors, address, do="keep")
    with own_services.database.write() as session:
        mine = update(User).where(User.id == editor.user_id)
        session.execute(mine.values(role="contributor"))
    work(own_services)
    assert state(own_services, address) == "failed"
    assert heads(own_services, "a-new-person") == []


def test_what_was_written_on_since_is_neither_handed_in_nor_noted(
    editors: FlaskClient, own_services: Services, editor: Identity
) -> None:
    lines = [person(f"somebody-{number}", f"Somebody {number}") for number in range(3)]
    address = sent(editors, lines)
    work(own_services)
    send(editors, address, do="keep")
    work(own_services)
    head = heads(own_services, "somebody-1")[0]
    save_draft(own_services.database, editor, {**head.record, "gender": "male"}, base=1)
    told = text_of(editors.get(address).text)
    assert "drafts: 2; handed in, public or taken out: 0; written on since" in told
    answer = send(editors, address, do="hand_in")
    told = text_of(editors.get(answer.headers["Location"]).text)
    assert "Handed in: 2. Somebody else reads them now." in told
    assert "drafts: 0; handed in, public or taken out: 2; written on since" in told
    assert [[it.state for it in heads(own_services, line["id"])] for line in lines] == [
        ["review"],
        ["draft", "draft"],
        ["review"],
    ]
    with own_services.database.read() as session:
        noted = select(Revision.person_id).join(ReviewNote).order_by(Revision.person_id)
        assert session.scalars(noted).all() == ["somebody-0", "somebody-2"]
    again = send(editors, address, form=PATH, do="hand_in").headers["Location"]
    assert "Nothing was handed in" in text_of(editors.get(again).text)


def test_the_drafts_of_a_run_that_was_stopped_are_found(
    editors: FlaskClient, own_services: Services
) -> None:
    address = sent(editors, LINES)
    work(own_services)
    send(editors, address, do="keep")
    work(own_services)
    with own_services.database.write() as session:
        session.execute(update(ImportRun).values(state="stopped"))
    assert "2 drafts of this import" in text_of(editors.get(address).text)
    send(editors, address, do="hand_in")
    assert heads(own_services, "another")[0].state == "review"
