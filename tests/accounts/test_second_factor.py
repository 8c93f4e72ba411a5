"""The second factor: TOTP codes, recovery codes and encrypted secrets."""

import time

import pyotp
import pytest
from sqlalchemy import select, update

from biobank.accounts import authentication, second_factor, sessions, users
from biobank.accounts.encryption import FORMAT_PREFIX, SecretBox, encrypt_all
from biobank.accounts.identity import OPERATOR
from biobank.accounts.models import User
from biobank.errors import AccountRefused, BiobankError, TooManyAttempts
from biobank.store.session import Database
from tests.accounts.conftest import ANONYMOUS, PASSWORD, Member, clear_waits, create_member, identify

SECRET_BOX = SecretBox("a key for tests")


def enable_second_factor(store: Database) -> tuple[Member, pyotp.TOTP, tuple[str, ...]]:
    nigar = create_member(store)
    setup = second_factor.start_totp(store, nigar.identity, SECRET_BOX, PASSWORD)
    totp = pyotp.TOTP(setup.secret)
    confirmed = second_factor.confirm_totp(store, nigar.identity, SECRET_BOX, totp.now())
    assert confirmed.session_key
    allow_code_reuse(store)
    signed_in = Member(nigar.id, nigar.email, confirmed.session_key, identify(store, confirmed.session_key))
    return signed_in, totp, confirmed.recovery_codes


def allow_code_reuse(store: Database) -> None:
    """Accept the current codes again, as after one time step."""
    with store.write() as session:
        session.execute(update(User).values(totp_step=0))


def start_login(store: Database) -> str:
    started = authentication.sign_in(store, ANONYMOUS, "nigar@example.az", PASSWORD)
    assert started.needs_second_factor
    return started.session_key


def finish_login(store: Database, key: str, code: str) -> str:
    return authentication.verify_second_factor(store, ANONYMOUS, SECRET_BOX, key, code).session_key


def test_the_password_alone_is_not_enough(store: Database) -> None:
    _, totp, _ = enable_second_factor(store)
    key = start_login(store)
    assert sessions.identify_session(store, key, "") is None
    session_key = finish_login(store, key, totp.now())
    assert session_key != key
    assert identify(store, session_key).role == "editor"
    assert sessions.identify_session(store, key, "") is None
    with pytest.raises(AccountRefused):
        finish_login(store, key, totp.now())


def test_setup_returns_a_provisioning_uri_and_ends_other_sessions(store_on_disk: Database) -> None:
    nigar = create_member(store_on_disk)
    other_key = authentication.sign_in(store_on_disk, ANONYMOUS, nigar.email, PASSWORD).session_key
    setup = second_factor.start_totp(store_on_disk, nigar.identity, SECRET_BOX, PASSWORD)
    assert second_factor.start_totp(store_on_disk, nigar.identity, SECRET_BOX, PASSWORD) == setup
    assert second_factor.get_pending_setup(store_on_disk, nigar.identity, SECRET_BOX) == setup
    with pytest.raises(AccountRefused) as exc_info:
        second_factor.start_totp(store_on_disk, nigar.identity, SECRET_BOX, "not the password")
    assert exc_info.value.code == "wrong_password"
    assert setup.uri.startswith("otpauth://totp/Biobank:nigar%40example.az?secret=")
    with pytest.raises(AccountRefused) as exc_info:
        second_factor.confirm_totp(store_on_disk, nigar.identity, SECRET_BOX, "000000")
    assert exc_info.value.code == "wrong_code"
    assert not authentication.sign_in(store_on_disk, ANONYMOUS, nigar.email, PASSWORD).needs_second_factor
    confirmation = second_factor.confirm_totp(
        store_on_disk, nigar.identity, SECRET_BOX, pyotp.TOTP(setup.secret).now()
    )
    assert confirmation.session_key
    assert sessions.identify_session(store_on_disk, other_key, "") is None
    assert sessions.identify_session(store_on_disk, nigar.key, "") is None
    assert (
        len(set(confirmation.recovery_codes))
        == second_factor.count_unused_codes(store_on_disk, identify(store_on_disk, confirmation.session_key))
        == 10
    )


def test_a_code_is_not_accepted_twice(store: Database) -> None:
    _, totp, _ = enable_second_factor(store)
    code = totp.now()
    finish_login(store, start_login(store), code)
    with pytest.raises(AccountRefused) as exc_info:
        finish_login(store, start_login(store), code)
    assert exc_info.value.code == "wrong_code"


def test_the_code_of_the_setup_is_not_accepted_at_sign_in(store_on_disk: Database) -> None:
    nigar = create_member(store_on_disk)
    totp = pyotp.TOTP(second_factor.start_totp(store_on_disk, nigar.identity, SECRET_BOX, PASSWORD).secret)
    code = totp.now()
    second_factor.confirm_totp(store_on_disk, nigar.identity, SECRET_BOX, code)
    with pytest.raises(AccountRefused):
        finish_login(store_on_disk, start_login(store_on_disk), code)


def test_a_clock_may_be_off_by_one_step(store_on_disk: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    _, totp, _ = enable_second_factor(store_on_disk)
    # Freeze the clock, so that no time step ends during the test.
    timestamp = int(time.time())
    monkeypatch.setattr(time, "time", lambda: timestamp)
    for off in (-90, 90):
        with pytest.raises(AccountRefused):
            finish_login(store_on_disk, start_login(store_on_disk), totp.at(timestamp + off))
    assert finish_login(store_on_disk, start_login(store_on_disk), totp.at(timestamp - 29))


def test_a_recovery_code_works_once_in_any_notation(store: Database) -> None:
    _, _, codes = enable_second_factor(store)
    typed = codes[0].upper().replace("-", " ")
    session_key = finish_login(store, start_login(store), typed)
    assert second_factor.count_unused_codes(store, identify(store, session_key)) == 9
    with pytest.raises(AccountRefused) as exc_info:
        finish_login(store, start_login(store), codes[0])
    assert exc_info.value.code == "wrong_code"
    assert finish_login(store, start_login(store), codes[1])


@pytest.mark.parametrize(
    "code", ["", "000000", "١٢٣٤٥٦", "12345", "-" * 100_000, "\x00", "aaaa-aaaa-aaaa-aaaa"]
)
def test_invalid_codes_are_rejected(store_on_disk: Database, code: str) -> None:
    enable_second_factor(store_on_disk)
    with pytest.raises(AccountRefused) as exc_info:
        finish_login(store_on_disk, start_login(store_on_disk), code)
    assert exc_info.value.code == "wrong_code"


@pytest.mark.usefixtures("frozen_attempts_clock")
def test_guessing_codes_is_rate_limited(store_on_disk: Database) -> None:
    _, totp, _ = enable_second_factor(store_on_disk)
    key = start_login(store_on_disk)
    error_codes = []
    for _ in range(6):
        with pytest.raises(BiobankError) as exc_info:
            finish_login(store_on_disk, key, "000000")
        error_codes.append(exc_info.value.code)
    assert error_codes == ["wrong_code"] * 5 + ["too_many_attempts"]
    # A new pending session does not reset the counter.
    with pytest.raises(TooManyAttempts):
        finish_login(store_on_disk, start_login(store_on_disk), totp.now())
    clear_waits(store_on_disk)
    assert finish_login(store_on_disk, start_login(store_on_disk), totp.now())


def test_it_is_disabled_with_the_password(store_on_disk: Database) -> None:
    nigar, _, codes = enable_second_factor(store_on_disk)
    with pytest.raises(AccountRefused):
        second_factor.disable_totp(store_on_disk, nigar.identity, "not the password")
    fresh_codes = second_factor.regenerate_recovery_codes(store_on_disk, nigar.identity, PASSWORD)
    assert not set(codes) & set(fresh_codes)
    with pytest.raises(AccountRefused):
        finish_login(store_on_disk, start_login(store_on_disk), codes[0])
    key = second_factor.disable_totp(store_on_disk, nigar.identity, PASSWORD)
    assert key
    assert sessions.identify_session(store_on_disk, nigar.key, "") is None
    assert not authentication.sign_in(store_on_disk, ANONYMOUS, nigar.email, PASSWORD).needs_second_factor


def test_a_password_reset_does_not_bypass_it(store_on_disk: Database) -> None:
    enable_second_factor(store_on_disk)
    link = authentication.request_reset(store_on_disk, ANONYMOUS, "nigar@example.az")
    assert link
    authentication.reset_password(store_on_disk, ANONYMOUS, link.key, "a kilim of Quba")
    assert authentication.sign_in(
        store_on_disk, ANONYMOUS, "nigar@example.az", "a kilim of Quba"
    ).needs_second_factor


def test_an_administrator_removes_a_lost_second_factor(store_on_disk: Database) -> None:
    nigar, _, _ = enable_second_factor(store_on_disk)
    users.remove_second_factor(store_on_disk, OPERATOR, nigar.id)
    assert sessions.identify_session(store_on_disk, nigar.key, "") is None
    assert not authentication.sign_in(store_on_disk, ANONYMOUS, nigar.email, PASSWORD).needs_second_factor


def stored_secret(store: Database) -> str:
    with store.read() as session:
        secret = session.scalars(select(User.totp).where(User.totp.is_not(None))).one()
    assert secret
    return secret


def store_secret(store: Database, secret: str) -> None:
    with store.write() as session:
        session.execute(update(User).values(totp=secret, totp_step=0))


def test_the_store_contains_no_plain_text_secret(store: Database) -> None:
    nigar = create_member(store)
    setup = second_factor.start_totp(store, nigar.identity, SECRET_BOX, PASSWORD)
    with store.read() as session:
        assert setup.secret not in str(session.scalars(select(User.totp_pending)).all())
    second_factor.confirm_totp(store, nigar.identity, SECRET_BOX, pyotp.TOTP(setup.secret).now())
    assert setup.secret not in stored_secret(store)
    assert stored_secret(store).startswith(FORMAT_PREFIX)
    assert SECRET_BOX.decrypt(stored_secret(store), nigar.id) == setup.secret


def test_a_plain_text_secret_is_encrypted_on_use(store_on_disk: Database) -> None:
    nigar, totp, _ = enable_second_factor(store_on_disk)
    store_secret(store_on_disk, totp.secret)
    assert finish_login(store_on_disk, start_login(store_on_disk), totp.now())
    assert (
        SECRET_BOX.decrypt(stored_secret(store_on_disk), nigar.id)
        == totp.secret
        != stored_secret(store_on_disk)
    )


def test_plain_text_secrets_are_encrypted_in_bulk(store: Database) -> None:
    nigar, totp, _ = enable_second_factor(store)
    store_secret(store, totp.secret)
    assert encrypt_all(store, SECRET_BOX) == 1
    assert SECRET_BOX.decrypt(stored_secret(store), nigar.id) == totp.secret != stored_secret(store)
    sealed = stored_secret(store)
    assert encrypt_all(store, SECRET_BOX) == 0
    assert stored_secret(store) == sealed
    assert finish_login(store, start_login(store), totp.now())


def test_with_another_key_only_a_recovery_code_works(store_on_disk: Database) -> None:
    _, totp, codes = enable_second_factor(store_on_disk)
    other_box, key = SecretBox("another key"), start_login(store_on_disk)
    with pytest.raises(AccountRefused) as exc_info:
        authentication.verify_second_factor(store_on_disk, ANONYMOUS, other_box, key, totp.now())
    assert exc_info.value.code == "sealed_otherwise"
    assert authentication.verify_second_factor(store_on_disk, ANONYMOUS, other_box, key, codes[0]).session_key


def test_a_secret_copied_to_another_user_is_rejected() -> None:
    sealed = SECRET_BOX.encrypt("A" * 32, 1)
    assert len(sealed) <= 64
    assert sealed != SECRET_BOX.encrypt("A" * 32, 1)
    for broken, user in ((sealed, 2), (sealed[:-1], 1), (FORMAT_PREFIX, 1), (f"{FORMAT_PREFIX}\x00ə", 1)):
        with pytest.raises(AccountRefused):
            SECRET_BOX.decrypt(broken, user)
