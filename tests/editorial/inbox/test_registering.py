"""Registration assigns each organisation one number, without gaps."""

import threading

import pytest
from sqlalchemy import select

from biobank.accounts.clock import now
from biobank.editorial.inbox.queue import one
from biobank.editorial.inbox.registering import record_of, register, strike
from biobank.editorial.reference import merging
from biobank.errors import RecordRefused, WrongState
from biobank.records.organisations.models import Organisation
from biobank.records.organisations.registrations import registered, registration_of
from biobank.records.reference.kinds import ORGANISATION
from biobank.store.session import Database
from tests.editorial.inbox.letterbox import EDITOR, REGISTRATION, post


def asked(database: Database, name: str = "Society of Testers") -> tuple[int, dict[str, object]]:
    message = post(database, "registration", {**REGISTRATION, "name_en": name})
    return message.id, {**record_of(message), "kind": "diaspora"}


def test_an_organisation_comes_into_the_bank_with_a_number_and_a_date(bank: Database) -> None:
    before = now().date()
    entry = register(bank, EDITOR, *asked(bank))
    assert entry.number == f"AZD-{entry.registered_on.year}-0001"
    assert before <= entry.registered_on <= now().date()
    with bank.read() as session:
        organisation = session.get(Organisation, "society-of-testers")
        assert organisation is not None
        assert (organisation.kind, organisation.country) == ("diaspora", "DE")
        assert organisation.summary == {"en": "It tests."}
    assert register(bank, EDITOR, *asked(bank)).organisation_id == "society-of-testers-2"


def test_numbers_rise_without_gaps_whoever_enters_at_once(bank: Database) -> None:
    ready = [asked(bank, f"Society {number}") for number in range(8)]
    failed: list[BaseException] = []

    def enter(message_id: int, record: dict[str, object]) -> None:
        try:
            register(bank, EDITOR, message_id, record)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=enter, args=pair) for pair in ready]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with bank.read() as session:
        entries = registered(session)
    year = entries[0].registered_on.year
    assert [it.number for it in entries] == [f"AZD-{year}-{serial:04}" for serial in range(1, 9)]


def test_what_is_refused_takes_no_number_and_decides_nothing(bank: Database) -> None:
    message_id, record = asked(bank)
    for wrong in ({**record, "place": "nowhere"}, {**record, "founded": "?"}, {}):
        with pytest.raises(RecordRefused):
            register(bank, EDITOR, message_id, wrong)
    assert one(bank, EDITOR, message_id)[0].state == "new"
    assert register(bank, EDITOR, message_id, record).serial == 1
    with pytest.raises(WrongState):
        register(bank, EDITOR, message_id, record)


def test_an_organisation_of_the_bank_is_registered_once(small_bank: Database) -> None:
    with small_bank.read() as session:
        known = session.scalars(select(Organisation.id).limit(1)).one()
    entry = register(small_bank, EDITOR, *asked(small_bank), known)
    assert entry.organisation_id == known
    again = asked(small_bank, "The same")
    for other in (known, "no-such-organisation"):
        with pytest.raises(RecordRefused):
            register(small_bank, EDITOR, *again, other)


def test_who_is_struck_off_keeps_the_number(small_bank: Database) -> None:
    entry = register(small_bank, EDITOR, *asked(small_bank))
    strike(small_bank, EDITOR, entry.organisation_id, off=True)
    assert register(small_bank, EDITOR, *asked(small_bank, "Another")).serial == 2
    strike(small_bank, EDITOR, entry.organisation_id, off=False)
    with small_bank.read() as session:
        found = registration_of(session, entry.organisation_id)
    assert found is not None
    assert (found.number, found.state) == (entry.number, "registered")


def test_an_organisation_never_takes_the_address_of_a_page(small_bank: Database) -> None:
    assert register(small_bank, EDITOR, *asked(small_bank, "Register")).organisation_id == (
        "register-2"
    )


def test_two_organisations_that_become_one_keep_both_numbers(bank: Database) -> None:
    first, second = (register(bank, EDITOR, *asked(bank, name)) for name in ("One", "Two"))
    merging.merge(bank, EDITOR, ORGANISATION, first.organisation_id, second.organisation_id)
    with bank.read() as session:
        kept = {(entry.number, entry.organisation_id) for entry in registered(session)}
    assert kept == {(first.number, "one"), (second.number, "one")}
    # The old id redirects and cannot be taken.
    assert register(bank, EDITOR, *asked(bank, "Two")).organisation_id == "two-2"
