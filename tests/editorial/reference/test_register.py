"""The register of diaspora organisations follows a merge of two organisations."""

from datetime import date

import pytest

from biobank.editorial.reference import keeping, merging, undoing
from biobank.errors import RecordRefused, StillUsed
from biobank.records.organisations.registrations import Registration, registration_of
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


def number_of(database: Database, organisation_id: str) -> str | None:
    with database.read() as session:
        entry = registration_of(session, organisation_id)
    return entry.number if entry else None


@pytest.fixture
def two(database: Database) -> Database:
    for id_ in ("test-union", "test-verein"):
        keeping.add(database, EDITOR, ORGANISATION, bank.organisation(id_))
    register(database, "test-verein", 1)
    return database


def test_a_number_goes_with_the_merge_and_comes_back_with_its_undoing(two: Database) -> None:
    merged = merging.merge(two, EDITOR, ORGANISATION, "test-union", "test-verein")
    assert number_of(two, "test-union") == "AZD-2026-0001"
    undoing.undo(two, EDITOR, merged)
    assert number_of(two, "test-verein") == "AZD-2026-0001"
    assert number_of(two, "test-union") is None


def test_what_is_registered_is_not_removed_and_two_numbers_are_not_merged(two: Database) -> None:
    verein = bank.organisation("test-verein")
    with pytest.raises(StillUsed):
        keeping.remove(two, EDITOR, ORGANISATION, "test-verein", keeping.version(verein))
    register(two, "test-union", 2)
    with pytest.raises(RecordRefused, match="registrations"):
        merging.merge(two, EDITOR, ORGANISATION, "test-union", "test-verein")
