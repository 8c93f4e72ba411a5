"""The register of diaspora organisations follows a merge of two organisations."""

from datetime import date

import pytest

from biobank.editorial.reference import merge, service, undo
from biobank.errors import StillUsed
from biobank.records.organisations.registrations import Registration, list_registrations
from biobank.records.reference.kinds import ORGANISATION_KIND
from biobank.store.session import Database
from tests.editorial.reference import helpers
from tests.editorial.reference.helpers import EDITOR


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
        entries = list_registrations(session)
    return [entry.number for entry in entries if entry.organisation_id == organisation_id]


@pytest.fixture
def two_organisations(database: Database) -> Database:
    for id_ in ("test-union", "test-verein"):
        service.add_record(database, EDITOR, ORGANISATION_KIND, helpers.organisation(id_))
    register(database, "test-verein", 1)
    return database


def test_merge_moves_number_and_undo_restores_it(two_organisations: Database) -> None:
    merged = merge.merge_references(two_organisations, EDITOR, ORGANISATION_KIND, "test-union", "test-verein")
    assert numbers_of(two_organisations, "test-union") == ["AZD-2026-0001"]
    undo.undo_reference_merge(two_organisations, EDITOR, merged)
    assert numbers_of(two_organisations, "test-verein") == ["AZD-2026-0001"]
    assert numbers_of(two_organisations, "test-union") == []


def test_registered_organisation_is_not_removed(two_organisations: Database) -> None:
    verein = helpers.organisation("test-verein")
    with pytest.raises(StillUsed):
        service.remove_record(
            two_organisations, EDITOR, ORGANISATION_KIND, "test-verein", service.record_version(verein)
        )


def test_survivor_has_both_numbers_until_undo(two_organisations: Database) -> None:
    register(two_organisations, "test-union", 2)
    merged = merge.merge_references(two_organisations, EDITOR, ORGANISATION_KIND, "test-union", "test-verein")
    assert numbers_of(two_organisations, "test-union") == ["AZD-2026-0001", "AZD-2026-0002"]
    undo.undo_reference_merge(two_organisations, EDITOR, merged)
    assert numbers_of(two_organisations, "test-union") == ["AZD-2026-0002"]
    assert numbers_of(two_organisations, "test-verein") == ["AZD-2026-0001"]
