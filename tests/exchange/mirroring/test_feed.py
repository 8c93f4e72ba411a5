"""The feed lists everyone once, in order, with tombstones and without drafts."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biobank.accounts.identity import OPERATOR
from biobank.editorial import workflow
from biobank.editorial.merging.merge import merge
from biobank.editorial.publishing import save_many
from biobank.errors import BadQuery
from biobank.exchange import seeding
from biobank.exchange.mirroring.feed import Changes, changes_since, number_at
from biobank.records.people import queries
from biobank.store import outbox, schema
from biobank.store.outbox import OutboxRow
from biobank.store.session import Database
from tests.conftest import SEED
from tests.exchange.mirroring.conftest import EDITOR, FIRST, SECOND, apply, save
from tests.support import seed


def read(database: Database, since: int = 0, size: int = 100, **how: Any) -> Changes:
    with database.read() as session:
        return changes_since(session, since, size, **how)


def states(step: Changes) -> dict[str, str]:
    return {change.id: change.state for change in step.changes}


def test_from_the_beginning_everybody_stands_there_once_in_the_order_of_numbers(
    store: Database,
) -> None:
    save(store, seed.alone(FIRST) | {"headline": {"en": "Another"}})
    apply(store)
    step = read(store)
    assert [(change.id, change.revision) for change in step.changes] == [(SECOND, 1), (FIRST, 2)]
    assert not step.more
    assert step.next == step.changes[-1].number


def test_read_on_there_is_only_what_changed_since(store: Database) -> None:
    seen = read(store).next
    assert read(store, seen) == Changes((), seen)
    save(store, seed.alone(FIRST) | {"headline": {"en": "Another"}})
    assert read(store, seen).changes == (), "told before it was applied"
    apply(store)
    assert states(read(store, seen)) == {FIRST: "published"}


def test_steps_of_one_lead_through_all_of_it(store: Database) -> None:
    first = read(store, size=1)
    assert [change.id for change in first.changes] == [FIRST]
    assert first.more
    second = read(store, first.next, size=1)
    assert [change.id for change in second.changes] == [SECOND]
    assert not second.more


def test_the_record_stands_with_it_where_it_is_asked_for(store: Database) -> None:
    told = {change.id: change.record for change in read(store, with_records=True).changes}
    with store.read() as session:
        assert told == queries.records(session, [FIRST, SECOND])
    assert "record" not in read(store).changes[0].as_dict()


def test_who_is_withdrawn_stands_as_a_tombstone_without_a_name(store: Database) -> None:
    seen = read(store).next
    workflow.withdraw(store, EDITOR, FIRST, "wish", "")
    apply(store)
    (change,) = read(store, seen, with_records=True).changes
    assert change.as_dict().keys() == {"number", "id", "at", "state"}
    assert (change.id, change.state) == (FIRST, "withdrawn")
    workflow.bring_back(store, OPERATOR, FIRST)
    apply(store)
    assert states(read(store, seen)) == {FIRST: "published"}


def test_who_was_merged_leads_to_whom(store: Database) -> None:
    seen = read(store).next
    merge(store, EDITOR, FIRST, SECOND, 1, 1, {})
    apply(store)
    told = {change.id: change for change in read(store, seen).changes}
    assert told[SECOND].state == "merged"
    assert told[SECOND].into == FIRST
    assert told[FIRST].revision == 2


def test_drafts_and_people_who_are_only_pointed_at_are_nobodys_business(store: Database) -> None:
    seen = read(store).next
    hidden = seed.alone("bulbul")
    save(store, hidden, publish=False)
    tied = seed.alone(FIRST) | {"relations": [{"type": "student", "person": hidden["id"]}]}
    save(store, tied)
    with store.write() as session:
        outbox.add(session, [hidden["id"]])
    apply(store)
    step = read(store, seen)
    assert states(step) == {FIRST: "published"}
    with store.read() as session:
        assert step.next == outbox.newest_number(session), "read on behind what is not told"


def test_a_draft_that_was_merged_is_nobodys_business_either(store: Database) -> None:
    seen = read(store).next
    save(store, seed.alone("bulbul"), seed.alone("nizami-gencevi"), publish=False)
    merge(store, EDITOR, "nizami-gencevi", "bulbul", 1, 1, {})
    merge(store, EDITOR, FIRST, "nizami-gencevi", 1, 2, {})
    apply(store)
    assert states(read(store, seen)) == {FIRST: "published"}


def test_a_place_in_the_feed_that_never_was_is_refused(store: Database) -> None:
    with pytest.raises(BadQuery) as refused:
        read(store, 10**17)
    assert refused.value.code == "unknown_position"
    assert "since=0" in refused.value.message


def test_a_moment_leads_to_what_became_public_after_it(store: Database) -> None:
    before = outbox.now()
    save(store, seed.alone(FIRST) | {"headline": {"en": "Another"}})
    apply(store)
    with store.read() as session:
        assert states(changes_since(session, number_at(session, before))) == {FIRST: "published"}
        assert number_at(session, datetime(1900, 1, 1, tzinfo=UTC)) == 0


def test_what_is_applied_again_keeps_its_number(store: Database) -> None:
    with store.read() as session:
        before = {row.id: row.number for row in session.query(OutboxRow)}
    with store.write() as session:
        outbox.mark_done(session, list(before))
    with store.read() as session:
        assert {row.id: row.number for row in session.query(OutboxRow)} == before


def test_numbers_are_given_once_however_many_apply_at_the_same_time(
    empty_database: Database,
) -> None:
    schema.upgrade(empty_database)

    def tell_and_apply(person: int) -> None:
        for _ in range(10):
            with empty_database.write() as session:
                outbox.add(session, [f"person-{person}"])
            apply(empty_database)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(tell_and_apply, range(4)))
    with empty_database.read() as session:
        numbers = [row.number for row in session.query(OutboxRow)]
    assert sorted(numbers) == list(range(1, 41))


@given(steps=st.lists(st.sampled_from(("change", "withdraw", "restore", "read")), max_size=12))
@settings(max_examples=40)
def test_whoever_keeps_a_copy_by_the_feed_has_what_is_public(
    sqlite_store: Database, steps: list[str]
) -> None:
    """A copy equals the bank after reading, whatever happens in between."""
    copy: dict[str, Any] = {}
    at = 0
    for number, step in enumerate((*steps, "read")):
        if step == "change" and not _is_withdrawn(sqlite_store):
            changed = seed.alone(FIRST) | {"headline": {"en": f"Number {number}"}}
            save(sqlite_store, changed)
        elif step == "withdraw" and not _is_withdrawn(sqlite_store):
            workflow.withdraw(sqlite_store, EDITOR, FIRST, "mistake", "")
        elif step == "restore" and _is_withdrawn(sqlite_store):
            workflow.bring_back(sqlite_store, EDITOR, FIRST)
        apply(sqlite_store)
        if step == "read":
            at = _follow(sqlite_store, copy, at)
    with sqlite_store.read() as session:
        assert copy == {id_: it for part in queries.walk(session) for id_, it in part.items()}


def _is_withdrawn(store: Database) -> bool:
    with store.read() as session:
        return queries.record(session, FIRST) is None


def _follow(store: Database, copy: dict[str, Any], at: int) -> int:
    told: Counter[str] = Counter()
    while True:
        step = read(store, at, 1, with_records=True)
        for change in step.changes:
            told[change.id] += 1
            if change.record is not None:
                copy[change.id] = change.record
            else:
                copy.pop(change.id, None)
        at = step.next
        if not step.more:
            assert not told or max(told.values()) == 1
            return at


@pytest.fixture(scope="module")
def sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> Database:
    store = Database(f"sqlite:///{tmp_path_factory.mktemp('feed')}/biobank.db")
    schema.upgrade(store)
    with store.write() as session:
        for kind in seeding.KINDS:
            seeding.load_kind(session, kind, SEED)
    with store.write() as session:
        save_many(session, [seed.alone(FIRST), seed.alone(SECOND)], EDITOR, "", publish=True)
    apply(store)
    return store
