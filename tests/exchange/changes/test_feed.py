"""The feed lists everyone once, in order, with tombstones and without drafts."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biobank.accounts.identity import OPERATOR
from biobank.common.clock import now
from biobank.editorial.merging.merge import merge_people
from biobank.editorial.review import workflow
from biobank.editorial.revisions.bulk_save import save_records
from biobank.errors import BadQuery
from biobank.exchange import seeding
from biobank.exchange.changes.feed import ChangePage, change_number_before, changes_since
from biobank.records.people import queries
from biobank.store import outbox, schema
from biobank.store.outbox import OutboxRow
from biobank.store.session import Database
from tests.conftest import SEED
from tests.exchange.changes.conftest import EDITOR, FIRST, SECOND, apply_pending, save
from tests.support import seed
from tests.support.profiles import scaled


def read_feed(database: Database, since: int = 0, size: int = 100, **options: Any) -> ChangePage:
    with database.read() as session:
        return changes_since(session, since, size, **options)


def states(step: ChangePage) -> dict[str, str]:
    return {change.id: change.state for change in step.changes}


def test_feed_lists_each_person_once_in_order(store: Database) -> None:
    save(store, seed.person_without_relations(FIRST) | {"headline": {"en": "Another"}})
    apply_pending(store)
    step = read_feed(store)
    assert [(change.id, change.revision) for change in step.changes] == [(SECOND, 1), (FIRST, 2)]
    assert not step.more
    assert step.next == step.changes[-1].number


def test_reading_on_returns_only_new_changes(store: Database) -> None:
    seen = read_feed(store).next
    assert read_feed(store, seen) == ChangePage((), seen)
    save(store, seed.person_without_relations(FIRST) | {"headline": {"en": "Another"}})
    assert read_feed(store, seen).changes == (), "told before it was applied"
    apply_pending(store)
    assert states(read_feed(store, seen)) == {FIRST: "published"}


def test_pages_of_one_cover_the_feed(store: Database) -> None:
    first = read_feed(store, size=1)
    assert [change.id for change in first.changes] == [FIRST]
    assert first.more
    second = read_feed(store, first.next, size=1)
    assert [change.id for change in second.changes] == [SECOND]
    assert not second.more


def test_records_are_included_on_request(store: Database) -> None:
    records = {change.id: change.record for change in read_feed(store, with_records=True).changes}
    with store.read() as session:
        assert records == queries.load_records(session, [FIRST, SECOND])
    assert "record" not in read_feed(store).changes[0].to_dict()


def test_withdrawn_people_are_tombstones_without_names(store: Database) -> None:
    seen = read_feed(store).next
    workflow.withdraw(store, EDITOR, FIRST, "wish", "")
    apply_pending(store)
    (change,) = read_feed(store, seen, with_records=True).changes
    assert change.to_dict().keys() == {"number", "id", "at", "state"}
    assert (change.id, change.state) == (FIRST, "withdrawn")
    workflow.reinstate(store, OPERATOR, FIRST)
    apply_pending(store)
    assert states(read_feed(store, seen)) == {FIRST: "published"}


def test_merged_people_name_their_target(store: Database) -> None:
    seen = read_feed(store).next
    merge_people(store, EDITOR, FIRST, SECOND, 1, 1, {})
    apply_pending(store)
    changes = {change.id: change for change in read_feed(store, seen).changes}
    assert changes[SECOND].state == "merged"
    assert changes[SECOND].merged_into == FIRST
    assert changes[FIRST].revision == 2


def test_drafts_are_omitted(store: Database) -> None:
    seen = read_feed(store).next
    hidden = seed.person_without_relations("bulbul")
    save(store, hidden, publish=False)
    related = seed.person_without_relations(FIRST) | {
        "relations": [{"type": "student", "person": hidden["id"]}]
    }
    save(store, related)
    with store.write() as session:
        outbox.add(session, [hidden["id"]])
    apply_pending(store)
    step = read_feed(store, seen)
    assert states(step) == {FIRST: "published"}
    with store.read() as session:
        assert step.next == outbox.latest_number(session), "read on behind what is not told"


def test_merged_drafts_are_omitted(store: Database) -> None:
    seen = read_feed(store).next
    save(
        store,
        seed.person_without_relations("bulbul"),
        seed.person_without_relations("nizami-gencevi"),
        publish=False,
    )
    merge_people(store, EDITOR, "nizami-gencevi", "bulbul", 1, 1, {})
    merge_people(store, EDITOR, FIRST, "nizami-gencevi", 1, 2, {})
    apply_pending(store)
    assert states(read_feed(store, seen)) == {FIRST: "published"}


def test_unknown_position_is_rejected(store: Database) -> None:
    with pytest.raises(BadQuery) as refused:
        read_feed(store, 10**17)
    assert refused.value.code == "unknown_position"
    assert "since=0" in refused.value.message


def test_position_of_a_timestamp(store: Database) -> None:
    before = now()
    save(store, seed.person_without_relations(FIRST) | {"headline": {"en": "Another"}})
    apply_pending(store)
    with store.read() as session:
        assert states(changes_since(session, change_number_before(session, before))) == {FIRST: "published"}
        assert change_number_before(session, datetime(1900, 1, 1, tzinfo=UTC)) == 0


def test_reapplied_changes_keep_their_number(store: Database) -> None:
    with store.read() as session:
        before = {row.id: row.number for row in session.query(OutboxRow)}
    with store.write() as session:
        outbox.mark_applied(session, list(before))
    with store.read() as session:
        assert {row.id: row.number for row in session.query(OutboxRow)} == before


def test_numbers_are_unique_under_concurrency(empty_database: Database) -> None:
    schema.upgrade(empty_database)

    def add_and_apply(person: int) -> None:
        for _ in range(10):
            with empty_database.write() as session:
                outbox.add(session, [f"person-{person}"])
            apply_pending(empty_database)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add_and_apply, range(4)))
    with empty_database.read() as session:
        numbers = [row.number for row in session.query(OutboxRow)]
    assert sorted(numbers) == list(range(1, 41))


@given(steps=st.lists(st.sampled_from(("change", "withdraw", "restore", "read")), max_size=12))
@settings(max_examples=scaled(40))
def test_copy_by_feed_equals_the_bank(sqlite_store: Database, steps: list[str]) -> None:
    """A copy equals the bank after reading, whatever happens in between."""
    copy: dict[str, Any] = {}
    at = 0
    for number, step in enumerate((*steps, "read")):
        if step == "change" and not _is_withdrawn(sqlite_store):
            changed = seed.person_without_relations(FIRST) | {"headline": {"en": f"Number {number}"}}
            save(sqlite_store, changed)
        elif step == "withdraw" and not _is_withdrawn(sqlite_store):
            workflow.withdraw(sqlite_store, EDITOR, FIRST, "mistake", "")
        elif step == "restore" and _is_withdrawn(sqlite_store):
            workflow.reinstate(sqlite_store, EDITOR, FIRST)
        apply_pending(sqlite_store)
        if step == "read":
            at = _follow(sqlite_store, copy, at)
    with sqlite_store.read() as session:
        assert copy == {id_: record for part in queries.iter_chunks(session) for id_, record in part.items()}


def _is_withdrawn(store: Database) -> bool:
    with store.read() as session:
        return queries.load_record(session, FIRST) is None


def _follow(store: Database, copy: dict[str, Any], at: int) -> int:
    counts: Counter[str] = Counter()
    while True:
        step = read_feed(store, at, 1, with_records=True)
        for change in step.changes:
            counts[change.id] += 1
            if change.record is not None:
                copy[change.id] = change.record
            else:
                copy.pop(change.id, None)
        at = step.next
        if not step.more:
            assert not counts or max(counts.values()) == 1
            return at


@pytest.fixture(scope="module")
def sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> Database:
    store = Database(f"sqlite:///{tmp_path_factory.mktemp('feed')}/biobank.db")
    schema.upgrade(store)
    with store.write() as session:
        for kind in seeding.REFERENCE_KINDS:
            seeding.load_kind(session, kind, SEED)
    with store.write() as session:
        save_records(
            session,
            [seed.person_without_relations(FIRST), seed.person_without_relations(SECOND)],
            EDITOR,
            "",
            publish=True,
        )
    apply_pending(store)
    return store
