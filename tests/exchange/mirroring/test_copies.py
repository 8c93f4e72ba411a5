"""A copy that follows the feed equals the bank, whatever editors do meanwhile."""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import URL, select

from biobank.accounts.identity import OPERATOR, Identity
from biobank.editorial import redaction, saving, workflow
from biobank.editorial.absence import absence
from biobank.editorial.merging.leading import merged_into
from biobank.editorial.merging.merge import merge
from biobank.editorial.merging.models import Merge
from biobank.editorial.merging.undo import undo
from biobank.errors import BiobankError, NotFound
from biobank.exchange.mirroring.feed import changes_since
from biobank.records.people import queries
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.store import outbox
from biobank.store.session import Database
from tests.exchange.mirroring.conftest import EDITOR, apply, save

ADMIN = Identity("admin", "session", "an administrator", 3)
#: The first three are public at the start, the last is a draft.
PEOPLE = ("person-a", "person-b", "person-c", "person-d")
ACTS = ("change", "draft", "tie", "withdraw", "restore", "merge", "undo", "redact", "read")

Step = tuple[str, int, int]


@dataclass
class Mirror:
    """A copy that follows docs/changes.md literally."""

    at: int = 0
    records: dict[str, Any] = field(default_factory=dict)
    led: dict[str, str] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)

    def read(self, store: Database) -> None:
        more = True
        while more:
            with store.read() as session:
                step = changes_since(session, self.at, 2, with_records=True)
            for told in step.as_dict()["changes"]:
                self._take(told)
            self.at, more = step.next, step.more

    def _take(self, told: dict[str, Any]) -> None:
        for kept in (self.records, self.led):
            kept.pop(told["id"], None)
        self.withdrawn.discard(told["id"])
        if told["state"] == "published":
            self.records[told["id"]] = told["record"]
        elif told["state"] == "merged":
            self.led[told["id"]] = told["into"]
        else:
            self.withdrawn.add(told["id"])


def record_of(person_id: str, number: int, *ties: str) -> dict[str, Any]:
    record: dict[str, Any] = {
        "id": person_id,
        "names": [{"text": f"Sınaq {person_id}", "lang": "az", "kind": "preferred"}],
        "headline": {"en": f"Number {number}"},
    }
    if ties:
        record["relations"] = [{"type": "friend", "person": tie} for tie in ties]
    return load(person_schema, record)


def act(store: Database, number: int, what: str, one: str, other: str) -> None:
    """Apply one editorial action; raise BiobankError if it is not allowed."""
    with store.read() as session:
        if what in ("change", "draft", "tie") and merged_into(session, one):
            raise NotFound("Nobody writes under an id that was merged.")
    if what in ("change", "draft"):
        save(store, record_of(one, number), publish=what == "change")
    elif what == "tie":
        save(store, record_of(one, number, other))
    elif what == "withdraw":
        workflow.withdraw(store, EDITOR, one, "mistake", "")
    elif what == "restore":
        workflow.bring_back(store, OPERATOR, one)
    elif what == "merge":
        merge(store, EDITOR, one, other, newest(store, one), newest(store, other), {})
    elif what == "undo":
        undo(store, EDITOR, last_merge(store))
    elif what == "redact":
        redaction.redact(store, ADMIN, one, max(1, newest(store, one) - 1), "a court said so")


def newest(store: Database, person_id: str) -> int:
    with store.read() as session:
        found = saving.head(session, person_id)
        return found.number if found else 0


def last_merge(store: Database) -> int:
    with store.read() as session:
        query = select(Merge.id).where(Merge.undone_at.is_(None))
        return session.scalar(query.order_by(Merge.id.desc()).limit(1)) or 0


@contextlib.contextmanager
def bank(template: URL) -> Iterator[Database]:
    with TemporaryDirectory() as folder:
        shutil.copyfile(str(template.database), Path(folder) / "copy.db")
        store = Database(f"sqlite:///{folder}/copy.db")
        save(store, *(record_of(person_id, 0) for person_id in PEOPLE[:3]))
        save(store, record_of(PEOPLE[3], 0), publish=False)
        apply(store)
        yield store
        store.dispose()


STEPS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 3), st.integers(0, 3)), max_size=14
)
#: A merged person can be restored only by undoing the merge.
LED_ON = [("merge", 2, 0), ("restore", 0, 0)]
#: A person redirected twice and restored once; a merged draft that is published later.
LED_TWICE = [("merge", 1, 0), ("merge", 2, 1), ("read", 0, 0), ("undo", 0, 0)]
DRAFT_BACK = [("merge", 0, 3), ("read", 0, 0), ("undo", 0, 0), ("change", 3, 0)]


@settings(max_examples=15, phases=(Phase.explicit, Phase.generate))
@example(steps=LED_TWICE)
@example(steps=LED_ON)
@example(steps=DRAFT_BACK)
@given(steps=STEPS)
def test_a_copy_is_the_bank_once_all_is_read(sqlite_template: URL, steps: list[Step]) -> None:
    mirror = Mirror()
    with bank(sqlite_template) as store:
        for number, (what, one, other) in enumerate(steps):
            if what == "read":
                mirror.read(store)
                continue
            with contextlib.suppress(BiobankError):
                act(store, number, what, PEOPLE[one], PEOPLE[other])
            apply(store)
        mirror.read(store)
        with store.read() as session:
            assert mirror.at == outbox.newest_number(session)
            public = {id_: it for part in queries.walk(session) for id_, it in part.items()}
            gone = {id_: absence(session, id_) for id_ in PEOPLE}
    assert mirror.records == public, str(steps)
    assert mirror.led == {id_: it.new_id for id_, it in gone.items() if it and it.new_id}
    assert mirror.withdrawn == {id_ for id_, it in gone.items() if it and not it.new_id}


def test_the_acts_of_the_property_are_no_empty_ones(sqlite_template: URL) -> None:
    with bank(sqlite_template) as store:
        for number, (what, one, other) in enumerate(
            [
                ("tie", 0, 1),
                ("merge", 2, 1),
                ("undo", 0, 0),
                ("draft", 0, 0),
                ("change", 0, 0),
                ("redact", 0, 0),
                ("withdraw", 1, 0),
                ("restore", 1, 0),
            ]
        ):
            act(store, number, what, PEOPLE[one], PEOPLE[other])
    with pytest.raises(BiobankError), bank(sqlite_template) as store:
        act(store, 0, "restore", PEOPLE[3], "")
