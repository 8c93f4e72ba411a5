"""Concurrent writes to one record: every acknowledged edit is kept, all others are rejected."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import make_server

from biobank.accounts import tokens
from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.conflicts import merge_records
from biobank.editorial.models import Revision
from biobank.search.whoosh_engine import WhooshEngine
from biobank.settings import Settings
from biobank.store.session import Database
from tests.support.apps import create_app
from tests.support.desk_records import NEW_RECORD
from tests.support.profiles import scaled
from tests.support.users import add_user

EDITORS, EDITS = 8, scaled(50)
#: How often a rejected edit is merged and retried before its editor gives up.
TRIES = 2
PERSON = "/api/v1/people/sinaq-yoxlamazade"


@dataclass
class EditorLog:
    """The results of one editor: marks of accepted edits, and the number of rejected ones."""

    accepted: list[str] = field(default_factory=list)
    rejected: int = 0
    other_statuses: list[int] = field(default_factory=list)


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Flask:
    settings = Settings(index_dir=tmp_path / "index", secret_key="a key for tests")
    return create_app(Services(settings, database, WhooshEngine(settings.index_dir)))


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def fetch(port: int, key: str, method: str, path: str, body: Any = None, tag: str = "") -> Any:
    """Return status, ETag and JSON of a request over a new connection."""
    connection = HTTPConnection("127.0.0.1", port, timeout=180)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    if tag:
        headers["If-Match"] = tag
    connection.request(method, path, json.dumps(body) if body else None, headers)
    response = connection.getresponse()
    text = response.read()
    connection.close()
    return response.status, response.headers.get("ETag", ""), json.loads(text)


def edit(port: int, key: str, number: int, log: EditorLog, start: threading.Barrier) -> None:
    """Add one identifier per edit; on a conflict, merge and retry. All begin with the same revision."""
    for count in range(EDITS):
        mark = f"e{number}-{count}"
        _, tag, base = fetch(port, key, "GET", f"{PERSON}/draft")
        ours = {**base, "identifiers": {**base.get("identifiers", {}), mark: "x"}}
        if count == 0:
            start.wait()
        for _try in range(TRIES):
            status, _, _answer = fetch(port, key, "PUT", f"{PERSON}?message={count}", ours, tag)
            if status == 200:
                log.accepted.append(mark)
                break
            if status != 412:
                log.other_statuses.append(status)
                break
            log.rejected += 1
            _, tag, theirs = fetch(port, key, "GET", f"{PERSON}/draft")
            merged = merge_records(base, ours, theirs)
            assert not merged.conflicts
            base, ours = theirs, merged.record


def test_concurrent_edits_of_eight_editors_are_kept_or_rejected(database: Database, port: int) -> None:
    keys = []
    for number in range(EDITORS):
        user = add_user(database, f"Redaktor{number}", "editor")
        assert user.user_id is not None
        keys.append(tokens.create_token_for(database, OPERATOR, user.user_id, "t", ["write"]))
    assert fetch(port, keys[0], "POST", "/api/v1/people", NEW_RECORD)[0] == 201
    logs = [EditorLog() for _ in keys]
    start = threading.Barrier(EDITORS)
    threads = [
        threading.Thread(target=edit, args=(port, key, number, logs[number], start))
        for number, key in enumerate(keys)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry.other_statuses for entry in logs] == [[]] * EDITORS
    accepted = {mark for entry in logs for mark in entry.accepted}
    with database.read() as session:
        revisions = list(session.scalars(select(Revision).order_by(Revision.number)))
    # Exactly one revision per acknowledged edit, each based on the previous one.
    assert [entry.number for entry in revisions] == list(range(1, len(accepted) + 2))
    assert [entry.base for entry in revisions[1:]] == [entry.number for entry in revisions[:-1]]
    assert set(revisions[-1].record["identifiers"]) == accepted
    # Of the first edits, which are based on one revision, all but one are rejected. An accepted edit
    # rejects at most one try of each other editor, so more are accepted than one editor makes.
    assert sum(entry.rejected for entry in logs) >= EDITORS - 1
    assert len(accepted) > EDITS


def test_concurrent_creation_of_one_person_succeeds_once(database: Database, port: int) -> None:
    user = add_user(database, "Redaktor", "editor")
    assert user.user_id is not None
    key = tokens.create_token_for(database, OPERATOR, user.user_id, "t", ["write"])
    record = {**NEW_RECORD, "id": "sinaq-yoxlamazade"}
    statuses: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: statuses.append(fetch(port, key, "POST", "/api/v1/people", record)[0])
        )
        for _ in range(EDITORS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201] + [409] * (EDITORS - 1)
