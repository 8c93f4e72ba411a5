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
from biobank.editorial.merging.merge import merge_people
from biobank.editorial.merging.redirects import find_survivor_id
from biobank.editorial.merging.undo import undo_merge
from biobank.editorial.models import Merge
from biobank.editorial.redaction import service
from biobank.editorial.review import workflow
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.editorial.revisions.publication import find_tombstone
from biobank.errors import BiobankError, NotFound
from biobank.exchange.changes.feed import changes_since
from biobank.records.people import queries
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.store import outbox
from biobank.store.session import Database
from tests.exchange.changes.conftest import EDITOR, apply_pending, save
from tests.support.profiles import scaled

ADMIN = Identity("admin", "session", "an administrator", 3)
#: The first three are public at the start, the last is a draft.
PEOPLE = ("person-a", "person-b", "person-c", "person-d")
ACTIONS = ("change", "draft", "tie", "withdraw", "restore", "merge", "undo", "redact", "read")

Step = tuple[str, int, int]


@dataclass
class Mirror:
    """A copy that follows docs/reference/changes.md literally."""

    position: int = 0
    records: dict[str, Any] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)

    def read(self, store: Database) -> None:
        has_more = True
        while has_more:
            with store.read() as session:
                page = changes_since(session, self.position, 2, with_records=True)
            for change in page.to_dict()["changes"]:
                self._apply(change)
            self.position, has_more = page.next, page.more

    def _apply(self, change: dict[str, Any]) -> None:
        for entries in (self.records, self.redirects):
            entries.pop(change["id"], None)
        self.withdrawn.discard(change["id"])
        if change["state"] == "published":
            self.records[change["id"]] = change["record"]
        elif change["state"] == "merged":
            self.redirects[change["id"]] = change["into"]
        else:
            self.withdrawn.add(change["id"])


def make_record(person_id: str, number: int, *related_ids: str) -> dict[str, Any]:
    record: dict[str, Any] = {
        "id": person_id,
        "names": [{"text": f"Sınaq {person_id}", "lang": "az", "kind": "preferred"}],
        "headline": {"en": f"Number {number}"},
    }
    if related_ids:
        record["relations"] = [{"type": "friend", "person": related_id} for related_id in related_ids]
    return load_validated(person_schema, record)


def perform(store: Database, number: int, action: str, person_id: str, other_id: str) -> None:
    """Apply one editorial action; raise BiobankError if it is not allowed."""
    with store.read() as session:
        if action in ("change", "draft", "tie") and find_survivor_id(session, person_id):
            raise NotFound("Nobody writes under an id that was merged.")
    if action in ("change", "draft"):
        save(store, make_record(person_id, number), publish=action == "change")
    elif action == "tie":
        save(store, make_record(person_id, number, other_id))
    elif action == "withdraw":
        workflow.withdraw(store, EDITOR, person_id, "mistake", "")
    elif action == "restore":
        workflow.reinstate(store, OPERATOR, person_id)
    elif action == "merge":
        merge_people(
            store,
            EDITOR,
            person_id,
            other_id,
            latest_number(store, person_id),
            latest_number(store, other_id),
            {},
        )
    elif action == "undo":
        undo_merge(store, EDITOR, last_merge(store))
    elif action == "redact":
        service.redact(
            store, ADMIN, person_id, max(1, latest_number(store, person_id) - 1), "a court said so"
        )


def latest_number(store: Database, person_id: str) -> int:
    with store.read() as session:
        latest = latest_revision(session, person_id)
        return latest.number if latest else 0


def last_merge(store: Database) -> int:
    with store.read() as session:
        query = select(Merge.id).where(Merge.undone_at.is_(None))
        return session.scalar(query.order_by(Merge.id.desc()).limit(1)) or 0


@contextlib.contextmanager
def bank(template: URL, parent: Path) -> Iterator[Database]:
    with TemporaryDirectory(dir=parent) as folder:
        shutil.copyfile(str(template.database), Path(folder) / "copy.db")
        store = Database(f"sqlite:///{folder}/copy.db")
        save(store, *(make_record(person_id, 0) for person_id in PEOPLE[:3]))
        save(store, make_record(PEOPLE[3], 0), publish=False)
        apply_pending(store)
        yield store
        store.dispose()


ACTION_SEQUENCES = st.lists(
    st.tuples(st.sampled_from(ACTIONS), st.integers(0, 3), st.integers(0, 3)), max_size=14
)
#: A merged person can be restored only by undoing the merge.
RESTORE_AFTER_MERGE = [("merge", 2, 0), ("restore", 0, 0)]
#: A person redirected twice and restored once; a merged draft that is published later.
DOUBLE_MERGE = [("merge", 1, 0), ("merge", 2, 1), ("read", 0, 0), ("undo", 0, 0)]
MERGED_DRAFT_PUBLISHED = [("merge", 0, 3), ("read", 0, 0), ("undo", 0, 0), ("change", 3, 0)]


@settings(max_examples=scaled(15), phases=(Phase.explicit, Phase.generate))
@example(steps=DOUBLE_MERGE)
@example(steps=RESTORE_AFTER_MERGE)
@example(steps=MERGED_DRAFT_PUBLISHED)
@given(steps=ACTION_SEQUENCES)
def test_mirror_equals_the_bank(sqlite_template: URL, tmp_path: Path, steps: list[Step]) -> None:
    mirror = Mirror()
    with bank(sqlite_template, tmp_path) as store:
        for number, (action, first, second) in enumerate(steps):
            if action == "read":
                mirror.read(store)
                continue
            with contextlib.suppress(BiobankError):
                perform(store, number, action, PEOPLE[first], PEOPLE[second])
            apply_pending(store)
        mirror.read(store)
        with store.read() as session:
            assert mirror.position == outbox.latest_number(session)
            public = {id_: record for part in queries.iter_chunks(session) for id_, record in part.items()}
            tombstones = {id_: find_tombstone(session, id_) for id_ in PEOPLE}
    assert mirror.records == public, str(steps)
    assert mirror.redirects == {
        id_: record.new_id for id_, record in tombstones.items() if record and record.new_id
    }
    assert mirror.withdrawn == {id_ for id_, record in tombstones.items() if record and not record.new_id}


def test_every_action_has_an_effect(sqlite_template: URL, tmp_path: Path) -> None:
    with bank(sqlite_template, tmp_path) as store:
        for number, (action, first, second) in enumerate(
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
            perform(store, number, action, PEOPLE[first], PEOPLE[second])
    with pytest.raises(BiobankError), bank(sqlite_template, tmp_path) as store:
        perform(store, 0, "restore", PEOPLE[3], "")
