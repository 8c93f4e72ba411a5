"""Registration assigns each organisation one number, without gaps."""

import threading

import pytest
from sqlalchemy import select

from biobank.common.clock import now
from biobank.editorial.inbox.queue import get_message_detail
from biobank.editorial.inbox.registration import (
    build_organisation_record,
    register_organisation,
    set_struck_off,
)
from biobank.editorial.reference import merge
from biobank.errors import RecordRefused, WrongState
from biobank.records.organisations.models import Organisation
from biobank.records.organisations.registrations import get_registration, list_registrations
from biobank.records.reference.kinds import ORGANISATION_KIND
from biobank.store.session import Database
from tests.editorial.inbox.helpers import EDITOR, REGISTRATION, submit


def submit_registration(
    database: Database, name: str = "Society of Testers"
) -> tuple[int, dict[str, object]]:
    message = submit(database, "registration", {**REGISTRATION, "name_en": name})
    return message.id, {**build_organisation_record(message), "kind": "diaspora"}


def test_registration_adds_organisation_with_number_and_date(bank: Database) -> None:
    before = now().date()
    entry = register_organisation(bank, EDITOR, *submit_registration(bank))
    assert entry.number == f"AZD-{entry.registered_on.year}-0001"
    assert before <= entry.registered_on <= now().date()
    with bank.read() as session:
        organisation = session.get(Organisation, "society-of-testers")
        assert organisation is not None
        assert (organisation.kind, organisation.country) == ("diaspora", "DE")
        assert organisation.summary == {"en": "It tests."}
    assert (
        register_organisation(bank, EDITOR, *submit_registration(bank)).organisation_id
        == "society-of-testers-2"
    )


def test_concurrent_registrations_get_consecutive_numbers(bank: Database) -> None:
    ready = [submit_registration(bank, f"Society {number}") for number in range(8)]
    failed: list[BaseException] = []

    def enter(message_id: int, record: dict[str, object]) -> None:
        try:
            register_organisation(bank, EDITOR, message_id, record)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=enter, args=pair) for pair in ready]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with bank.read() as session:
        entries = list_registrations(session)
    year = entries[0].registered_on.year
    assert [entry.number for entry in entries] == [f"AZD-{year}-{serial:04}" for serial in range(1, 9)]


def test_refused_registration_uses_no_number_and_stays_open(bank: Database) -> None:
    message_id, record = submit_registration(bank)
    for invalid in ({**record, "place": "nowhere"}, {**record, "founded": "?"}, {}):
        with pytest.raises(RecordRefused):
            register_organisation(bank, EDITOR, message_id, invalid)
    assert get_message_detail(bank, EDITOR, message_id)[0].state == "new"
    assert register_organisation(bank, EDITOR, message_id, record).serial == 1
    with pytest.raises(WrongState):
        register_organisation(bank, EDITOR, message_id, record)


def test_existing_organisation_is_registered_once(small_bank: Database) -> None:
    with small_bank.read() as session:
        known = session.scalars(select(Organisation.id).limit(1)).one()
    entry = register_organisation(small_bank, EDITOR, *submit_registration(small_bank), known)
    assert entry.organisation_id == known
    repeated = submit_registration(small_bank, "The same")
    for other in (known, "no-such-organisation"):
        with pytest.raises(RecordRefused):
            register_organisation(small_bank, EDITOR, *repeated, other)


def test_struck_off_organisation_keeps_number(small_bank: Database) -> None:
    entry = register_organisation(small_bank, EDITOR, *submit_registration(small_bank))
    set_struck_off(small_bank, EDITOR, entry.organisation_id, struck=True)
    assert register_organisation(small_bank, EDITOR, *submit_registration(small_bank, "Another")).serial == 2
    set_struck_off(small_bank, EDITOR, entry.organisation_id, struck=False)
    with small_bank.read() as session:
        registration = get_registration(session, entry.organisation_id)
    assert registration is not None
    assert (registration.number, registration.state) == (entry.number, "registered")


def test_generated_id_avoids_reserved_ids(small_bank: Database) -> None:
    assert register_organisation(
        small_bank, EDITOR, *submit_registration(small_bank, "Register")
    ).organisation_id == ("register-2")


def test_merged_organisations_keep_both_numbers(bank: Database) -> None:
    first, second = (
        register_organisation(bank, EDITOR, *submit_registration(bank, name)) for name in ("One", "Two")
    )
    merge.merge_references(bank, EDITOR, ORGANISATION_KIND, first.organisation_id, second.organisation_id)
    with bank.read() as session:
        numbers = {(entry.number, entry.organisation_id) for entry in list_registrations(session)}
    assert numbers == {(first.number, "one"), (second.number, "one")}
    # The old id redirects and cannot be taken.
    assert register_organisation(bank, EDITOR, *submit_registration(bank, "Two")).organisation_id == "two-2"
