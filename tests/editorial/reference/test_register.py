"""The register of diaspora organisations follows a merge of two organisations."""

from datetime import date

import pytest

from biobank.editorial.reference import keeping, merging, undoing
from biobank.errors import StillUsed
from biobank.records.organisations.registrations import Registration, registered
from biobank.records.reference.kinds import ORGANISATION
from biobank.store.session import Database
from tests.editorial.reference import bank
from tests.editorial.reference.bank import EDITOR


def register(database: Database, organisation_id: str, serial: int) -> None:
    with database.write() as session:
        session.add(
            Registration(
                organisation_id=organisation_id,
                number=f"AZD-2026-{serial:04}",
                year=2026,
                serial=serial,
                registered_on=date(2026, 11, 1),
                country="DE",
            )
        )


def numbers_of(database: Database, organisation_id: str) -> list[str]:
    with database.read() as session:
        entries = registered(session)
    return [entry.number for entry in entries if entry.organisation_id == organisation_id]


@pytest.fixture
def two(database: Database) -> Database:
    for id_ in ("test-union", "test-verein"):
        keeping.add(database, EDITOR, ORGANISATION, bank.organisation(id_))
    register(database, "test-verein", 1)
    return database


def test_a_number_goes_with_the_merge_and_comes_back_with_its_undoing(two: Database) -> None:
    merged = merging.merge(two, EDITOR, ORGANISATION, "test-union", "test-verein")
    assert numbers_of(two, "test-union") == ["AZD-2026-0001"]
    undoing.undo(two, EDITOR, merged)
    assert numbers_of(two, "test-verein") == ["AZD-2026-0001"]
    assert numbers_of(two, "test-union") == []


def test_what_is_registered_is_not_removed(two: Database) -> None:
    verein = bank.organisation("test-verein")
    with pytest.raises(StillUsed):
        keeping.remove(two, EDITOR, ORGANISATION, "test-verein", keeping.version(verein))


def test_one_of_two_registered_has_both_numbers_until_the_merge_is_undone(two: Database) -> None:
    register(two, "test-union", 2)
    merged = merging.merge(two, EDITOR, ORGANISATION, "test-union", "test-verein")
    assert numbers_of(two, "test-union") == ["AZD-2026-0001", "AZD-2026-0002"]
    undoing.undo(two, EDITOR, merged)
    assert numbers_of(two, "test-union") == ["AZD-2026-0002"]
    assert numbers_of(two, "test-verein") == ["AZD-2026-0001"]
