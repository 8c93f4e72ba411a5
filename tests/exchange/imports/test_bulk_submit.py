"""Drafts edited during a bulk submission are neither submitted nor annotated."""

import threading

import pytest
from sqlalchemy import select

from biobank.accounts.identity import Identity
from biobank.accounts.models import AuditEvent
from biobank.editorial.models import ReviewNote, Revision
from biobank.editorial.revisions.drafts import lock_person
from biobank.exchange.formats.jsonl import read_jsonl
from biobank.exchange.imports import runs
from biobank.exchange.imports.importer import import_people
from biobank.exchange.imports.service import DraftCounts, count_drafts, submit_drafts
from biobank.store.session import Database
from tests.support.jsonl import stream
from tests.support.users import add_user

LINES = [{"id": id_, "names": [{"text": "Aysu", "lang": "az", "kind": "preferred"}]} for id_ in "abc"]


@pytest.fixture
def editor(database: Database) -> Identity:
    return add_user(database, "Nigar", "editor")


def test_a_concurrently_submitted_draft_is_submitted_once(database: Database, editor: Identity) -> None:
    run = runs.create_run(database, editor, file="a.jsonl", state="keeping")
    items = read_jsonl(stream(LINES))
    import_people(database, items, file="a.jsonl", actor=editor, publish=False, run_id=run)
    assert count_drafts(database, run) == DraftCounts(drafts=3)
    submitted: list[int] = []
    thread = threading.Thread(target=lambda: submitted.append(submit_drafts(database, editor, run)))
    with database.write() as session:
        lock_person(session, "b")
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
        revision = session.scalar(select(Revision).where(Revision.person_id == "b"))
        assert revision
        revision.state = "review"
    thread.join()
    assert submitted == [2]
    assert count_drafts(database, run) == DraftCounts(handed_in=3)
    with database.read() as session:
        query = select(Revision.person_id).join(ReviewNote).order_by(Revision.person_id)
        assert session.scalars(query).all() == ["a", "c"]
        audit = select(AuditEvent.detail).where(AuditEvent.what == "import_handed_in")
        assert [details["people"] for details in session.scalars(audit)] == [2]
