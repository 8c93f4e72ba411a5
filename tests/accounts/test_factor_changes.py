"""Every change of a factor ends the sessions that were opened before it."""

import pyotp

from biobank.accounts import second_factor, sessions
from biobank.accounts.encryption import SecretBox
from biobank.store.session import Database
from tests.accounts.conftest import PASSWORD, create_member, identify, sign_in

SECRET_BOX = SecretBox("a key for tests")


def test_turning_the_second_factor_off_ends_other_sessions(store_on_disk: Database) -> None:
    nigar = create_member(store_on_disk)
    setup = second_factor.start_totp(store_on_disk, nigar.identity, SECRET_BOX, PASSWORD)
    code = pyotp.TOTP(setup.secret).now()
    key = second_factor.confirm_totp(store_on_disk, nigar.identity, SECRET_BOX, code).session_key
    assert key
    current = identify(store_on_disk, key)
    second_factor.disable_totp(store_on_disk, current, PASSWORD)
    other_key = sign_in(store_on_disk)
    setup = second_factor.start_totp(store_on_disk, identify(store_on_disk, other_key), SECRET_BOX, PASSWORD)
    with store_on_disk.read() as session:
        assert sessions.find_session(session, other_key)
    third_key = sign_in(store_on_disk)
    kept = second_factor.disable_totp(store_on_disk, identify(store_on_disk, third_key), PASSWORD)
    assert kept
    assert sessions.identify_session(store_on_disk, kept, "")
    assert sessions.identify_session(store_on_disk, other_key, "") is None
