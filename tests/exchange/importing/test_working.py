"""Concurrent ends and stops of a run: the first one wins."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from biobank.accounts.identity import Identity
from biobank.editorial.publishing import known_people
from biobank.errors import ImportRefused, StoreUnavailable
from biobank.exchange.importing import desk, runs, working
from biobank.exchange.importing.desk import Sent
from biobank.exchange.importing.models import ImportLine, ImportRun
from biobank.exchange.importing.report import Report
from biobank.exchange.importing.uploads import LEFT_MOST, MAPPING, Uploads
from biobank.store.session import Database
from tests.support.jsonl import stream
from tests.support.users import add_user

PERSON = {"id": "a", "names": [{"text": "Aysu", "lang": "az", "kind": "preferred"}]}
BAD = {"id": "b", "names": []}


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path / "imports")


@pytest.fixture
def editor(database: Database) -> Identity:
    return add_user(database, "Nigar", "editor")


@pytest.fixture
def run(database: Database, uploads: Uploads, editor: Identity) -> int:
    """Queue a run to be checked."""
    sent = Sent("people.jsonl", stream([PERSON, BAD]).getvalue())
    return desk.take(database, uploads, editor, sent)


def now(database: Database, run_id: int) -> ImportRun:
    with database.read() as session:
        return session.get_one(ImportRun, run_id)


def files(uploads: Uploads) -> list[str]:
    return [path.name for path in uploads.folder.glob("[0-9a-f]*")]


def in_the_last_moment(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]) -> None:
    """Call `callback` when everything is imported and the run is about to end."""
    finish = runs.finish

    def late(*args: Any, **more: Any) -> None:
        act()
        finish(*args, **more)

    monkeypatch.setattr(working, "finish", late)


@pytest.mark.parametrize("keeps", [False, True], ids=["checking", "keeping"])
@pytest.mark.parametrize("steps", [["stop"], ["stop", "drop"]], ids=" then ".join)
def test_what_is_stopped_in_its_last_moment_stays_stopped(
    database: Database,
    uploads: Uploads,
    editor: Identity,
    run: int,
    monkeypatch: pytest.MonkeyPatch,
    keeps: bool,
    steps: list[str],
) -> None:
    if keeps:
        working.work_through(database, uploads)
        desk.act(database, uploads, editor, run, "keep")
    before = now(database, run)
    in_the_last_moment(
        monkeypatch, lambda: [desk.act(database, uploads, editor, run, do) for do in steps]
    )
    working.work_through(database, uploads)
    after = now(database, run)
    assert after.state == "stopped"
    assert (after.new, after.refused) == (before.new, before.refused)
    assert bool(files(uploads)) == bool(after.kept_as) == ("drop" not in steps)
    with database.read() as session:
        assert known_people(session) == ({"a"} if keeps else set())


def test_what_is_stopped_and_begun_again_in_its_last_moment_is_checked_again(
    database: Database,
    uploads: Uploads,
    editor: Identity,
    run: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps = iter(["stop", "again"])
    in_the_last_moment(
        monkeypatch,
        lambda: [desk.act(database, uploads, editor, run, do) for do in steps],
    )
    assert working.work_through(database, uploads) == 2
    assert (now(database, run).state, now(database, run).new) == ("waiting", 1)


@pytest.mark.parametrize("keeps", [False, True], ids=["checking", "keeping"])
def test_what_has_ended_is_not_stopped_any_more(
    database: Database, uploads: Uploads, editor: Identity, run: int, keeps: bool
) -> None:
    working.work_through(database, uploads)
    if keeps:
        desk.act(database, uploads, editor, run, "keep")
        working.work_through(database, uploads)
    ended = now(database, run)
    with pytest.raises(ImportRefused, match="import_state"):
        desk.act(database, uploads, editor, run, "stop")
    assert now(database, run).state == ended.state == ("done" if keeps else "waiting")
    assert bool(ended.kept_as) == bool(files(uploads)) == (not keeps)


@pytest.mark.parametrize("first", ["the editor", "the run"])
def test_of_two_at_once_the_second_waits_and_sees_what_the_first_did(
    database: Database, uploads: Uploads, editor: Identity, run: int, first: str
) -> None:
    assert working._next(database)
    answers: list[str] = []

    def second() -> None:
        try:
            if first == "the editor":
                runs.finish(database, run, Report(new=1, about={}), "waiting")
            else:
                desk.act(database, uploads, editor, run, "stop")
        except (runs.Stopped, ImportRefused) as error:
            answers.append(error.code)

    other = threading.Thread(target=second)
    with database.write() as session:
        held = runs.held(session, run, ("checking",))
        assert held
        other.start()
        other.join(0.3)
        assert other.is_alive()
        held.state = "stopped" if first == "the editor" else "waiting"
    other.join()
    assert answers == ["import_stopped" if first == "the editor" else "import_state"]
    assert now(database, run).state == ("stopped" if first == "the editor" else "waiting")


def test_what_fails_after_it_was_stopped_stays_stopped(database: Database, run: int) -> None:
    with database.write() as session:
        session.get_one(ImportRun, run).state = "stopped"
    runs.fail(database, run, runs.say("file_gone"))
    assert (now(database, run).state, now(database, run).trouble) == ("stopped", "")
    with database.read() as session:
        assert not session.query(ImportLine).count()


def test_a_command_over_a_file_that_another_takes_for_dead_still_ends_as_done(
    database: Database,
) -> None:
    who = Identity("admin", "operator", "operator", None)
    with database.write() as session:
        session.query(ImportRun).delete()
    first = runs.open_run(database, who, file="a.jsonl", state="keeping")
    with runs.ending(database, first) as end:
        runs.open_run(database, who, file="a.jsonl", state="keeping")
        assert now(database, first).state == "stopped"
        end(Report(new=3, about={}))
    assert (now(database, first).state, now(database, first).new) == ("done", 3)


def test_a_file_that_no_run_points_at_goes_within_the_hour(
    database: Database, uploads: Uploads, run: int
) -> None:
    ours = files(uploads)
    left, bare, fresh = (uploads.keep(b"{}", b"record: {}") for _ in range(3))
    (uploads.folder / bare).unlink()
    old = time.time() - LEFT_MOST - 60
    for name in (*ours, left, left + MAPPING, bare + MAPPING):
        os.utime(uploads.folder / name, (old, old))
    assert working.keep_house(database, uploads) == 2
    assert sorted(files(uploads)) == sorted([*ours, fresh, fresh + MAPPING])
    assert now(database, run).state == "to_check"


def test_a_file_whose_run_cannot_be_made_goes_at_once(
    database: Database, uploads: Uploads, editor: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any, **__: Any) -> int:
        raise StoreUnavailable("the database does not answer")

    monkeypatch.setattr(desk, "open_run", away)
    with pytest.raises(StoreUnavailable):
        desk.take(database, uploads, editor, Sent("people.jsonl", b"{}"))
    assert files(uploads) == []
