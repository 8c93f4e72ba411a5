"""Imports at the desk: nothing is kept before somebody said so, and all is kept as drafts."""

import csv
import html
import io
import json
import os
import re
import stat
import time
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from biobank.accounts.identity import Identity
from biobank.accounts.models import AuditEvent, User
from biobank.bootstrap import Services
from biobank.editorial.models import ReviewNote, Revision
from biobank.editorial.saving import save_draft
from biobank.errors import IMPORT_CODES, ImportRefused
from biobank.exchange.importing import desk, runs, working
from biobank.exchange.importing.desk import BYTES_MOST, Sent
from biobank.exchange.importing.models import ImportRun
from biobank.exchange.importing.uploads import DAY, DAYS_MOST, FILES_MOST
from biobank.web.desk.imports.words import REFUSALS
from tests.support.jsonl import stream
from tests.support.users import send

PATH = "/en/desk/imports"
UZEYIR = "uzeyir-hacibeyov"


def person(person_id: str, name: str, **changes: Any) -> dict[str, Any]:
    names = [{"text": name, "lang": "en", "kind": "preferred"}]
    return {"id": person_id, "names": names, **changes}


LINES = [
    person("a-new-person", "Ayten Sadigova", birth={"date": "1901"}),
    person("another", "Uzeyir Hajibeyov", birth={"date": "1885-09-18"}),
    person("bad", "Nobody", birth={"place": "no-such-place"}),
    person("=bad", "Nobody"),
]


def sent(client: FlaskClient, lines: list[Any], name: str = "people.jsonl", **form: Any) -> str:
    """Sends a file; the address of its run."""
    file = (io.BytesIO(stream(lines).getvalue()), name)
    answer = send(client, PATH, file=file, **form)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def work(services: Services) -> int:
    return working.work_through(services.database, services.uploads)


def state(services: Services, address: str) -> str:
    with services.database.read() as session:
        return session.get_one(ImportRun, int(address.rpartition("/")[2])).state


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def heads(services: Services, person_id: str) -> list[Revision]:
    query = select(Revision).where(Revision.person_id == person_id)
    with services.database.read() as session:
        return list(session.scalars(query))


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


def test_the_report_is_taken_away_as_json_and_as_a_table_without_formulas(
    editors: FlaskClient, own_services: Services
) -> None:
    address = sent(editors, LINES)
    work(own_services)
    report = json.loads(editors.get(f"{address}/report.json").text)
    assert (report["new"], report["refused"], report["duplicates_found"]) == (2, 2, 1)
    assert report["duplicates"][0]["like"] == UZEYIR
    table = editors.get(f"{address}/report.csv")
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert [row["kind"] for row in rows] == ["refusal", "refusal", "duplicate"]
    assert rows[1]["id"] == "'=bad"


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


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "people.jsonl", "Choose a file that is not empty."),
        (b"name\nA\n", "people.csv", "A table needs a mapping file"),
        (b"{}", "people.json", "JSON may be several things"),
    ],
    ids=["empty", "unmapped", "ambiguous"],
)
def test_a_file_that_cannot_be_taken_is_told_at_its_field(
    editors: FlaskClient, own_services: Services, content: bytes, name: str, words: str
) -> None:
    answer = send(editors, PATH, file=(io.BytesIO(content), name))
    assert answer.status_code == 422
    assert words in text_of(answer.text)
    assert 'aria-invalid="true"' in answer.text
    assert not list(own_services.settings.imports_dir.glob("[0-9a-f]*"))


def test_what_is_wrong_with_a_mapping_is_told_at_the_mapping(editors: FlaskClient) -> None:
    table = (io.BytesIO(b"name\nA\n"), "people.csv")
    mapping = (io.BytesIO(b"record: {nmaes: []}\n"), "people.map.yaml")
    answer = send(editors, PATH, file=table, map=mapping)
    assert answer.status_code == 422
    told = re.search(r'<p class="wrong" id="map-wrong">(.*?)</p>', answer.text)
    assert told
    assert "people.map.yaml" in told[1]
    assert "record.nmaes" in told[1]
    assert 'id="file-wrong"' not in answer.text


def test_a_file_that_is_too_heavy_is_not_taken(own_services: Services, editor: Identity) -> None:
    heavy = Sent("people.jsonl", b"x" * (BYTES_MOST + 1))
    with pytest.raises(ImportRefused) as refused:
        desk.take(own_services.database, own_services.uploads, editor, heavy)
    assert refused.value.code == "import_heavy"


def test_every_refusal_has_words_of_its_own() -> None:
    assert {*REFUSALS, "import_unreadable", "import_bad_mapping"} == set(IMPORT_CODES)


def test_a_file_that_is_none_of_its_kind_fails_with_the_reason(
    editors: FlaskClient, own_services: Services
) -> None:
    file = (io.BytesIO(b"no workbook"), "people.xlsx")
    rules = b"record: {names: [{text: {from: name}, lang: az, kind: preferred}]}"
    answer = send(editors, PATH, file=file, map=(io.BytesIO(rules), "people.map.yaml"))
    assert answer.status_code == 303
    work(own_services)
    assert state(own_services, answer.headers["Location"]) == "failed"


def test_files_are_their_owners_alone_few_and_not_for_long(
    editors: FlaskClient, own_services: Services
) -> None:
    address = sent(editors, LINES)
    work(own_services)
    folder: Path = own_services.settings.imports_dir
    [file] = folder.glob("[0-9a-f]*")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for number in range(FILES_MOST - 1):
        (folder / f"{number:032x}").touch()
    answer = send(editors, PATH, file=(io.BytesIO(b"{}"), "people.jsonl"))
    assert "Too many files wait already" in text_of(answer.text)
    long_ago = time.time() - (DAYS_MOST + 1) * DAY
    os.utime(file, (long_ago, long_ago))
    assert working.keep_house(own_services.database, own_services.uploads) == 1
    assert state(own_services, address) == "stopped"
    assert not file.exists()


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


def test_what_is_sent_is_text_on_the_page(editors: FlaskClient, own_services: Services) -> None:
    name = "<img src=x>.jsonl"
    line = {"id": "a", "names": [{"text": "<b>x</b>", "lang": "<i>", "kind": "preferred"}]}
    address = sent(editors, [line], name)
    work(own_services)
    for path in (address, PATH):
        page = editors.get(path).text
        assert "<img src=x>" not in page
        assert "<i>" not in page


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
