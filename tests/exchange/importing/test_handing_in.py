"""Drafts edited during a bulk submission are neither submitted nor annotated."""

import threading

import pytest
from sqlalchemy import select

from biobank.accounts.identity import Identity
from biobank.accounts.models import AuditEvent
from biobank.editorial.models import ReviewNote, Revision
from biobank.editorial.saving import hold
from biobank.exchange.importing import runs
from biobank.exchange.importing.handing_in import Standing, hand_in, standing
from biobank.exchange.importing.importer import import_people
from biobank.exchange.importing.reading import jsonl_items
from biobank.store.session import Database
from tests.support.jsonl import stream
from tests.support.users import add_user

LINES = [
    {"id": id_, "names": [{"text": "Aysu", "lang": "az", "kind": "preferred"}]} for id_ in "abc"
]


@pytest.fixture
def editor(database: Database) -> Identity:
    return add_user(database, "Nigar", "editor")


def test_a_draft_that_somebody_hands_in_at_the_same_moment_is_handed_in_once(
    database: Database, editor: Identity
) -> None:
    run = runs.open_run(database, editor, file="a.jsonl", state="keeping")
    items = jsonl_items(stream(LINES))
    import_people(database, items, file="a.jsonl", who=editor, publish=False, run_id=run)
    assert standing(database, run) == Standing(drafts=3)
    handed: list[int] = []
    other = threading.Thread(target=lambda: handed.append(hand_in(database, editor, run)))
    with database.write() as session:
        hold(session, "b")
        other.start()
        other.join(0.3)
        assert other.is_alive()
        mine = session.scalar(select(Revision).where(Revision.person_id == "b"))
        assert mine
        mine.state = "review"
    other.join()
    assert handed == [2]
    assert standing(database, run) == Standing(handed_in=3)
    with database.read() as session:
        noted = select(Revision.person_id).join(ReviewNote).order_by(Revision.person_id)
        assert session.scalars(noted).all() == ["a", "c"]
        audit = select(AuditEvent.detail).where(AuditEvent.what == "import_handed_in")
        assert [it["people"] for it in session.scalars(audit)] == [2]
