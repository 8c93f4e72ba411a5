"""Concurrent ends and stops of a run: the first one wins."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from biobank.accounts.identity import Identity
from biobank.editorial.revisions.bulk_save import find_known_ids
from biobank.errors import ImportRefused, StoreUnavailable
from biobank.exchange.imports import runs, service, worker
from biobank.exchange.imports.models import ImportLine, ImportRun
from biobank.exchange.imports.runs import ImportReport
from biobank.exchange.imports.service import SubmittedFile
from biobank.exchange.imports.uploads import MAPPING_SUFFIX, ORPHAN_GRACE_SECONDS, UploadStore
from biobank.store.session import Database
from tests.support.jsonl import stream
from tests.support.users import add_user

PERSON = {"id": "a", "names": [{"text": "Aysu", "lang": "az", "kind": "preferred"}]}
BAD = {"id": "b", "names": []}


@pytest.fixture
def uploads(tmp_path: Path) -> UploadStore:
    return UploadStore(tmp_path / "imports")


@pytest.fixture
def editor(database: Database) -> Identity:
    return add_user(database, "Nigar", "editor")


@pytest.fixture
def run(database: Database, uploads: UploadStore, editor: Identity) -> int:
    """Queue a run to be checked."""
    submitted = SubmittedFile("people.jsonl", stream([PERSON, BAD]).getvalue())
    return service.submit_file(database, uploads, editor, submitted)


def load_current(database: Database, run_id: int) -> ImportRun:
    with database.read() as session:
        return session.get_one(ImportRun, run_id)


def files(uploads: UploadStore) -> list[str]:
    return [path.name for path in uploads.folder.glob("[0-9a-f]*")]


def run_before_finish(monkeypatch: pytest.MonkeyPatch, callback: Callable[[], Any]) -> None:
    """Call `callback` when everything is imported and the run is about to end."""
    finish = runs.finish_run

    def delayed_finish(*args: Any, **more: Any) -> None:
        callback()
        finish(*args, **more)

    monkeypatch.setattr(worker, "finish_run", delayed_finish)


@pytest.mark.parametrize("stores", [False, True], ids=["checking", "keeping"])
@pytest.mark.parametrize("steps", [["stop"], ["stop", "drop"]], ids=" then ".join)
def test_a_run_stopped_at_the_last_moment_stays_stopped(
    database: Database,
    uploads: UploadStore,
    editor: Identity,
    run: int,
    monkeypatch: pytest.MonkeyPatch,
    stores: bool,
    steps: list[str],
) -> None:
    if stores:
        worker.process_pending_runs(database, uploads)
        service.apply_run_action(database, uploads, editor, run, "keep")
    before = load_current(database, run)
    run_before_finish(
        monkeypatch, lambda: [service.apply_run_action(database, uploads, editor, run, do) for do in steps]
    )
    worker.process_pending_runs(database, uploads)
    after = load_current(database, run)
    assert after.state == "stopped"
    assert (after.new, after.refused) == (before.new, before.refused)
    assert bool(files(uploads)) == bool(after.kept_as) == ("drop" not in steps)
    with database.read() as session:
        assert find_known_ids(session) == ({"a"} if stores else set())


def test_a_run_restarted_at_the_last_moment_is_checked_again(
    database: Database, uploads: UploadStore, editor: Identity, run: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = iter(["stop", "again"])
    run_before_finish(
        monkeypatch, lambda: [service.apply_run_action(database, uploads, editor, run, do) for do in steps]
    )
    assert worker.process_pending_runs(database, uploads) == 2
    assert (load_current(database, run).state, load_current(database, run).new) == ("waiting", 1)


@pytest.mark.parametrize("stores", [False, True], ids=["checking", "keeping"])
def test_a_finished_run_cannot_be_stopped(
    database: Database, uploads: UploadStore, editor: Identity, run: int, stores: bool
) -> None:
    worker.process_pending_runs(database, uploads)
    if stores:
        service.apply_run_action(database, uploads, editor, run, "keep")
        worker.process_pending_runs(database, uploads)
    ended = load_current(database, run)
    with pytest.raises(ImportRefused, match="import_state"):
        service.apply_run_action(database, uploads, editor, run, "stop")
    assert load_current(database, run).state == ended.state == ("done" if stores else "waiting")
    assert bool(ended.kept_as) == bool(files(uploads)) == (not stores)


@pytest.mark.parametrize("first", ["the editor", "the run"])
def test_concurrent_state_changes_are_serialised(
    database: Database, uploads: UploadStore, editor: Identity, run: int, first: str
) -> None:
    assert worker._claim_next(database)
    answers: list[str] = []

    def second() -> None:
        try:
            if first == "the editor":
                runs.finish_run(database, run, ImportReport(new=1, metadata={}), "waiting")
            else:
                service.apply_run_action(database, uploads, editor, run, "stop")
        except (runs.ImportStopped, ImportRefused) as error:
            answers.append(error.code)

    thread = threading.Thread(target=second)
    with database.write() as session:
        locked = runs.lock_run(session, run, ("checking",))
        assert locked
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
        locked.state = "stopped" if first == "the editor" else "waiting"
    thread.join()
    assert answers == ["import_stopped" if first == "the editor" else "import_state"]
    assert load_current(database, run).state == ("stopped" if first == "the editor" else "waiting")


def test_a_stopped_run_that_fails_stays_stopped(database: Database, run: int) -> None:
    with database.write() as session:
        session.get_one(ImportRun, run).state = "stopped"
    runs.fail_run(database, run, runs.import_message("file_gone"))
    assert (load_current(database, run).state, load_current(database, run).trouble) == ("stopped", "")
    with database.read() as session:
        assert not session.query(ImportLine).count()


def test_a_run_marked_as_abandoned_still_finishes(database: Database) -> None:
    actor = Identity("admin", "operator", "operator", None)
    with database.write() as session:
        session.query(ImportRun).delete()
    first = runs.create_run(database, actor, file="a.jsonl", state="keeping")
    with runs.run_completion(database, first) as complete:
        runs.create_run(database, actor, file="a.jsonl", state="keeping")
        assert load_current(database, first).state == "stopped"
        complete(ImportReport(new=3, metadata={}))
    assert (load_current(database, first).state, load_current(database, first).new) == ("done", 3)


def test_orphaned_files_are_removed_after_an_hour(database: Database, uploads: UploadStore, run: int) -> None:
    referenced = files(uploads)
    orphan, bare, fresh = (uploads.save(b"{}", b"record: {}") for _ in range(3))
    (uploads.folder / bare).unlink()
    old = time.time() - ORPHAN_GRACE_SECONDS - 60
    for name in (*referenced, orphan, orphan + MAPPING_SUFFIX, bare + MAPPING_SUFFIX):
        os.utime(uploads.folder / name, (old, old))
    assert worker.run_maintenance(database, uploads) == 2
    assert sorted(files(uploads)) == sorted([*referenced, fresh, fresh + MAPPING_SUFFIX])
    assert load_current(database, run).state == "to_check"


def test_a_file_is_removed_if_its_run_cannot_be_created(
    database: Database, uploads: UploadStore, editor: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> int:
        raise StoreUnavailable("the database does not respond")

    monkeypatch.setattr(service, "create_run", fail)
    with pytest.raises(StoreUnavailable):
        service.submit_file(database, uploads, editor, SubmittedFile("people.jsonl", b"{}"))
    assert files(uploads) == []
