"""A precondition holds until the write is done: no edit slips in between."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from biobank.accounts import tokens
from biobank.accounts.identity import OPERATOR
from biobank.editorial import saving
from biobank.editorial.models import Revision
from biobank.editorial.publishing import save_many
from biobank.records.people.models import Person
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.store.session import Database
from tests.api.test_no_lost_update import app
from tests.support.desk_records import NEW
from tests.support.users import add_user

__all__ = ["app"]

SINAQ = "sinaq-yoxlamazade"
PERSON = f"/api/v1/people/{SINAQ}"
#: End of the first statement of a write that has to wait: the lock of SQLite, or of the person's
#: row.
WAITS = ("BEGIN IMMEDIATE", "FOR NO KEY UPDATE")


@pytest.fixture
def asks(database: Database) -> Iterator[threading.Event]:
    """Yield an event set when the main thread has finished reading and requests the write lock."""
    asked, main = threading.Event(), threading.current_thread()

    def heard(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if threading.current_thread() is main and statement.rstrip().endswith(WAITS):
            asked.set()

    event.listen(database.engine, "before_cursor_execute", heard)
    yield asked
    event.remove(database.engine, "before_cursor_execute", heard)


def edit_when(database: Database, asks: threading.Event, holds: threading.Event) -> None:
    """Lock the person, and save once the main thread waits for the lock."""
    with database.write() as session:
        assert saving.hold(session, SINAQ)
        holds.set()
        assert asks.wait(60)
        newest = saving.head(session, SINAQ)
        assert newest
        record = {**newest.record, "gender": "other"}
        session.add(
            Revision(
                person_id=SINAQ,
                number=2,
                state="draft",
                record=record,
                author="a second",
                at=newest.at,
            )
        )


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("DELETE", f"{PERSON}?reason=mistake", None, 412),
        ("PUT", PERSON, {"gender": "male"}, 412),
        ("POST", f"{PERSON}/state", {"to": "withdrawn", "reason": "mistake", "number": 1}, 409),
    ],
)
def test_an_edit_that_comes_between_reading_and_writing_is_not_passed_over(
    app: Flask,
    database: Database,
    asks: threading.Event,
    method: str,
    path: str,
    body: dict[str, Any] | None,
    status: int,
) -> None:
    record = load(person_schema, {**NEW, "id": SINAQ})
    with database.write() as session:
        save_many(session, [record], OPERATOR, "", publish=True)
    who = add_user(database, "Nigar", "editor")
    assert who.user_id is not None
    key = tokens.make_token_for(database, OPERATOR, who.user_id, "t", ["write", "publish"])
    client = app.test_client()
    # The first use of a token is recorded; do that before the test.
    headers = {"Authorization": f"Bearer {key}"}
    assert client.get(f"{PERSON}/draft", headers=headers).headers["ETag"] == '"1"'
    asks.clear()
    holds = threading.Event()
    other = threading.Thread(target=edit_when, args=(database, asks, holds))
    other.start()
    assert holds.wait(60)
    headers |= {} if method == "POST" else {"If-Match": '"1"'}
    if method == "PUT":
        body = {**record, **(body or {})}
    answer = client.open(path, method=method, json=body, headers=headers)
    other.join()
    assert answer.status_code == status
    assert (answer.json["code"], answer.json["head"]) == ("edit_conflict", 2)
    with database.read() as session:
        assert session.get_one(Person, SINAQ).published == 1
        assert session.scalars(select(Revision.number)).all() == [1, 2]
