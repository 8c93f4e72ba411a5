"""Every change of a factor ends the sessions that were opened before it."""

from contextlib import suppress

import pyotp
import pytest

from biobank.accounts import audit_queries, authentication, second_factor, sessions, users
from biobank.accounts.encryption import SecretBox
from biobank.accounts.models import User
from biobank.errors import AccountRefused
from biobank.store.session import Database
from tests.accounts.conftest import ANONYMOUS, PASSWORD, create_member, identify

SECRET_BOX = SecretBox("a key for tests")


def test_turning_the_second_factor_off_ends_other_sessions(store_on_disk: Database) -> None:
    nigar = create_member(store_on_disk)
    setup = second_factor.start_totp(store_on_disk, nigar.identity, SECRET_BOX, PASSWORD)
    code = pyotp.TOTP(setup.secret).now()
    key = second_factor.confirm_totp(store_on_disk, nigar.identity, SECRET_BOX, code).session_key
    assert key
    with store_on_disk.write() as session:
        other_key = sessions.create_session(session, session.get_one(User, nigar.id), ANONYMOUS, "")
    assert sessions.identify_session(store_on_disk, other_key, "")
    kept = second_factor.disable_totp(store_on_disk, identify(store_on_disk, key), PASSWORD)
    assert kept
    assert sessions.identify_session(store_on_disk, kept, "")
    assert sessions.identify_session(store_on_disk, other_key, "") is None


def test_sign_ins_are_recorded_with_their_factor(store_on_disk: Database) -> None:
    admin = create_member(store_on_disk, "admin@example.az", "admin")
    nigar = create_member(store_on_disk)
    with pytest.raises(AccountRefused):
        authentication.sign_in(store_on_disk, ANONYMOUS, nigar.email, "not the password")
    setup = second_factor.start_totp(store_on_disk, nigar.identity, SECRET_BOX, PASSWORD)
    confirmed = second_factor.confirm_totp(
        store_on_disk, nigar.identity, SECRET_BOX, pyotp.TOTP(setup.secret).now()
    )
    started = authentication.sign_in(store_on_disk, ANONYMOUS, nigar.email, PASSWORD)
    for code in ("000000", confirmed.recovery_codes[0]):
        with suppress(AccountRefused):
            authentication.verify_second_factor(
                store_on_disk, ANONYMOUS, SECRET_BOX, started.session_key, code
            )
    events, _ = audit_queries.list_events(store_on_disk, admin.identity)
    recorded = [(event.what, event.subject, event.address) for event in reversed(events)]
    for action in ("sign_in_failed", "second_factor_on", "password_given", "code_failed", "signed_in"):
        assert (action, nigar.email, ANONYMOUS.ip_address) in recorded, action
    assert events[0].detail == {"factor": "recovery_code"}


def test_an_administrator_ends_the_sessions_of_a_user(store_on_disk: Database) -> None:
    admin = create_member(store_on_disk, "admin@example.az", "admin")
    nigar = create_member(store_on_disk)
    users.sign_out_user(store_on_disk, admin.identity, nigar.id)
    assert sessions.identify_session(store_on_disk, nigar.key, "") is None
