"""Merges of many people run in several transactions; one that is interrupted is finished or undone."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from sqlalchemy import select

from biobank.editorial.reference import merge, service, undo
from biobank.errors import NotFound, RecordRefused, StillUsed, WrongState
from biobank.records.reference.kinds import PLACE_KIND
from biobank.records.reference.models import ReferenceMerge
from biobank.store.session import Database
from tests.editorial.reference import helpers
from tests.editorial.reference.helpers import EDITOR

SURVIVOR, DUPLICATE = helpers.PAIRS[PLACE_KIND]
PEOPLE = 5
BATCH_SIZE = 2


class Interruption(Exception):
    """The process ends here."""


@pytest.fixture
def bank(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Return a bank with more people than a batch holds, one of whom has a draft."""
    helpers.set_batch_size(monkeypatch, BATCH_SIZE)
    helpers.add_test_records(database)
    helpers.publish(database, *(helpers.person(f"person-{number}") for number in range(PEOPLE)))
    helpers.save_draft(database, helpers.person("person-1", gender="male"))
    return database


@contextmanager
def interrupted(module: object, monkeypatch: pytest.MonkeyPatch, *, pauses: int) -> Iterator[None]:
    """End the process at a pause between two transactions of a merge or an undo."""
    done = []

    def pause(_seconds: float) -> None:
        done.append(1)
        if len(done) == pauses:
            raise Interruption

    with monkeypatch.context() as patch, suppress(Interruption):
        patch.setattr(module, "sleep", pause)
        yield
    assert len(done) == pauses


def merge_places(database: Database) -> int:
    return merge.merge_references(database, EDITOR, PLACE_KIND, SURVIVOR, DUPLICATE)


def unfinished_merge(database: Database) -> ReferenceMerge:
    with database.read() as session:
        query = select(ReferenceMerge).where(
            ReferenceMerge.finished_at.is_(None), ReferenceMerge.undone_at.is_(None)
        )
        return session.scalars(query).one()


def test_other_writers_work_between_two_batches(bank: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    edited = []

    def edit(_seconds: float) -> None:
        number = len(edited)
        helpers.publish(bank, helpers.person(f"meanwhile-{number}", professions=["test-bard"]))
        edited.append(f"meanwhile-{number}")

    with monkeypatch.context() as patch:
        patch.setattr(merge, "sleep", edit)
        merge_places(bank)
    assert len(edited) == -(-(PEOPLE + 2) // BATCH_SIZE)
    for person_id in (*edited, "person-0"):
        assert helpers.public_record(bank, person_id)["birth"]["place"] == SURVIVOR


def test_few_people_are_merged_in_one_transaction(bank: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    helpers.set_batch_size(monkeypatch, PEOPLE + 2)
    for module in (merge, undo):
        monkeypatch.setattr(module, "sleep", lambda _seconds: pytest.fail("a second transaction"))
    undo.undo_reference_merge(bank, EDITOR, merge_places(bank))


@pytest.mark.parametrize("pauses", [1, 2, 4])
def test_an_interrupted_merge_is_finished(
    bank: Database, monkeypatch: pytest.MonkeyPatch, pauses: int
) -> None:
    merged = undone_afterwards(bank)
    with interrupted(merge, monkeypatch, pauses=pauses):
        merge_places(bank)
    merge.finish_reference_merge(bank, EDITOR, unfinished_merge(bank).id)
    assert helpers.snapshot(bank) == merged


@pytest.mark.parametrize("pauses", [1, 2, 4])
def test_an_interrupted_merge_is_undone(bank: Database, monkeypatch: pytest.MonkeyPatch, pauses: int) -> None:
    before = helpers.snapshot(bank)
    with interrupted(merge, monkeypatch, pauses=pauses):
        merge_places(bank)
    result = undo.undo_reference_merge(bank, EDITOR, unfinished_merge(bank).id)
    assert result.key == DUPLICATE
    assert not result.people_unchanged
    assert helpers.snapshot(bank) == before


@pytest.mark.parametrize("pauses", [1, 3])
def test_an_interrupted_undo_is_undone_further_or_merged_again(
    bank: Database, monkeypatch: pytest.MonkeyPatch, pauses: int
) -> None:
    before = helpers.snapshot(bank)
    merge_id = merge_places(bank)
    merged = helpers.snapshot(bank)
    with interrupted(undo, monkeypatch, pauses=pauses):
        undo.undo_reference_merge(bank, EDITOR, merge_id)
    merge.finish_reference_merge(bank, EDITOR, merge_id)
    assert helpers.snapshot(bank) == merged
    with interrupted(undo, monkeypatch, pauses=pauses):
        undo.undo_reference_merge(bank, EDITOR, merge_id)
    undo.undo_reference_merge(bank, EDITOR, merge_id)
    assert helpers.snapshot(bank) == before


def test_somebody_edited_between_two_batches_is_rewritten_and_restored_twice(
    bank: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = helpers.snapshot(bank)
    with interrupted(merge, monkeypatch, pauses=1):
        merge_places(bank)
    record = helpers.public_record(bank, "person-0")
    assert record["birth"]["place"] == SURVIVOR
    helpers.publish(bank, {**record, "birth": {**record["birth"], "place": DUPLICATE}})
    merge_id = unfinished_merge(bank).id
    merge.finish_reference_merge(bank, EDITOR, merge_id)
    assert helpers.public_record(bank, "person-0")["birth"]["place"] == SURVIVOR
    assert undo.undo_reference_merge(bank, EDITOR, merge_id).people_unchanged == ()
    assert helpers.snapshot(bank) == before


def test_an_interrupted_rename_is_finished_or_undone(bank: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    before = helpers.snapshot(bank)
    for action in (merge.finish_reference_merge, undo.undo_reference_merge):
        with interrupted(merge, monkeypatch, pauses=1):
            merge.rename_record(bank, EDITOR, PLACE_KIND, DUPLICATE, "renamed-town")
        merge_id = unfinished_merge(bank).id
        action(bank, EDITOR, merge_id)
        if action is merge.finish_reference_merge:
            assert helpers.public_record(bank, "person-4")["birth"]["place"] == "renamed-town"
            undo.undo_reference_merge(bank, EDITOR, merge_id)
        assert helpers.snapshot(bank) == before


def test_records_of_an_interrupted_merge_are_neither_removed_nor_merged(
    bank: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_id = merge.merge_references(bank, EDITOR, PLACE_KIND, SURVIVOR, "test-quarter")
    with interrupted(merge, monkeypatch, pauses=1):
        merge_places(bank)
    for key in (SURVIVOR, DUPLICATE):
        seen_version = service.record_version(helpers.get_record(bank, PLACE_KIND, key) or {})
        with pytest.raises(StillUsed):
            service.remove_record(bank, EDITOR, PLACE_KIND, key, seen_version)
        with pytest.raises(RecordRefused, match="not finished"):
            merge.merge_references(bank, EDITOR, PLACE_KIND, key, "baku")
    with pytest.raises(WrongState, match="not finished"):
        undo.undo_reference_merge(bank, EDITOR, first_id)


def test_a_finished_merge_is_not_finished_again(bank: Database) -> None:
    merge_id = merge_places(bank)
    with pytest.raises(WrongState):
        merge.finish_reference_merge(bank, EDITOR, merge_id)
    undo.undo_reference_merge(bank, EDITOR, merge_id)
    with pytest.raises(WrongState):
        merge.finish_reference_merge(bank, EDITOR, merge_id)
    with pytest.raises(NotFound):
        merge.finish_reference_merge(bank, EDITOR, merge_id + 1)


def undone_afterwards(database: Database) -> dict[str, object]:
    """Return the contents after a merge, which is undone."""
    merge_id = merge_places(database)
    merged = helpers.snapshot(database)
    undo.undo_reference_merge(database, EDITOR, merge_id)
    return merged
