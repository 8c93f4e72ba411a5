"""A precondition holds until the write is done: no edit slips in between."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from biobank.accounts import tokens
from biobank.accounts.identity import OPERATOR
from biobank.editorial.models import Revision
from biobank.editorial.revisions import drafts
from biobank.editorial.revisions.bulk_save import save_records
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.records.people.models import Person
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.store.session import Database
from tests.api.test_no_lost_update import app
from tests.support.desk_records import NEW_RECORD
from tests.support.users import add_user

__all__ = ["app"]

SINAQ = "sinaq-yoxlamazade"
PERSON = f"/api/v1/people/{SINAQ}"
#: End of the first statement of a write that has to wait: the lock of SQLite, or of the person's
#: row.
LOCK_STATEMENTS = ("BEGIN IMMEDIATE", "FOR NO KEY UPDATE")


@pytest.fixture
def lock_requested(database: Database) -> Iterator[threading.Event]:
    """Yield an event set when the main thread has finished reading and requests the write lock."""
    requested, main = threading.Event(), threading.current_thread()

    def on_execute(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if threading.current_thread() is main and statement.rstrip().endswith(LOCK_STATEMENTS):
            requested.set()

    event.listen(database.engine, "before_cursor_execute", on_execute)
    yield requested
    event.remove(database.engine, "before_cursor_execute", on_execute)


def edit_while_locked(database: Database, lock_requested: threading.Event, locked: threading.Event) -> None:
    """Lock the person, and save once the main thread waits for the lock."""
    with database.write() as session:
        assert drafts.lock_person(session, SINAQ)
        locked.set()
        assert lock_requested.wait(60)
        latest = latest_revision(session, SINAQ)
        assert latest
        record = {**latest.record, "gender": "other"}
        session.add(
            Revision(person_id=SINAQ, number=2, state="draft", record=record, author="a second", at=latest.at)
        )


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("DELETE", f"{PERSON}?reason=mistake", None, 412),
        ("PUT", PERSON, {"gender": "male"}, 412),
        ("POST", f"{PERSON}/state", {"to": "withdrawn", "reason": "mistake", "number": 1}, 409),
    ],
)
def test_an_edit_between_reading_and_writing_is_a_conflict(
    app: Flask,
    database: Database,
    lock_requested: threading.Event,
    method: str,
    path: str,
    body: dict[str, Any] | None,
    status: int,
) -> None:
    record = load_validated(person_schema, {**NEW_RECORD, "id": SINAQ})
    with database.write() as session:
        save_records(session, [record], OPERATOR, "", publish=True)
    user = add_user(database, "Nigar", "editor")
    assert user.user_id is not None
    key = tokens.create_token_for(database, OPERATOR, user.user_id, "t", ["write", "publish"])
    client = app.test_client()
    # The first use of a token is recorded; do that before the test.
    headers = {"Authorization": f"Bearer {key}"}
    assert client.get(f"{PERSON}/draft", headers=headers).headers["ETag"] == '"1"'
    lock_requested.clear()
    locked = threading.Event()
    editor_thread = threading.Thread(target=edit_while_locked, args=(database, lock_requested, locked))
    editor_thread.start()
    assert locked.wait(60)
    headers |= {} if method == "POST" else {"If-Match": '"1"'}
    if method == "PUT":
        body = {**record, **(body or {})}
    response = client.open(path, method=method, json=body, headers=headers)
    editor_thread.join()
    assert response.status_code == status
    assert (response.json["code"], response.json["head"]) == ("edit_conflict", 2)
    with database.read() as session:
        assert session.get_one(Person, SINAQ).published == 1
        assert session.scalars(select(Revision.number)).all() == [1, 2]
