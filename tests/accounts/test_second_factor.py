"""The second factor: TOTP codes, recovery codes and encrypted secrets."""

import time

import pyotp
import pytest
from sqlalchemy import select, update

from biobank.accounts import second_factor, sessions, signing_in, users
from biobank.accounts.identity import OPERATOR
from biobank.accounts.models import User
from biobank.accounts.seal import VERSION, Seal
from biobank.accounts.sealing import seal_all
from biobank.errors import AccountRefused, BiobankError, TooManyAttempts
from biobank.store.session import Database
from tests.accounts.conftest import PASSWORD, STRANGER, Member, identity, member, unlocked

SEAL = Seal("a key for tests")


def with_factor(store: Database) -> tuple[Member, pyotp.TOTP, tuple[str, ...]]:
    nigar = member(store)
    setup = second_factor.start_totp(store, nigar.who, SEAL, PASSWORD)
    totp = pyotp.TOTP(setup.secret)
    confirmed = second_factor.confirm_totp(store, nigar.who, SEAL, totp.now())
    assert confirmed.key
    fresh(store)
    signed_in = Member(nigar.id, nigar.email, confirmed.key, identity(store, confirmed.key))
    return signed_in, totp, confirmed.codes


def fresh(store: Database) -> None:
    """Accept the current codes again, as after one time step."""
    with store.write() as session:
        session.execute(update(User).values(totp_step=0))


def half(store: Database) -> str:
    started = signing_in.sign_in(store, STRANGER, "nigar@example.az", PASSWORD)
    assert started.half
    return started.key


def second(store: Database, key: str, code: str) -> str:
    return signing_in.second_step(store, STRANGER, SEAL, key, code).key


def test_the_password_alone_signs_nobody_in(store: Database) -> None:
    _, totp, _ = with_factor(store)
    key = half(store)
    assert sessions.identity(store, key, "") is None
    whole = second(store, key, totp.now())
    assert whole != key
    assert identity(store, whole).role == "editor"
    assert sessions.identity(store, key, "") is None
    with pytest.raises(AccountRefused):
        second(store, key, totp.now())


def test_setting_up_tells_the_telephone_and_ends_other_sessions(store_on_disk: Database) -> None:
    nigar = member(store_on_disk)
    other = signing_in.sign_in(store_on_disk, STRANGER, nigar.email, PASSWORD).key
    setup = second_factor.start_totp(store_on_disk, nigar.who, SEAL, PASSWORD)
    assert second_factor.start_totp(store_on_disk, nigar.who, SEAL, PASSWORD) == setup
    assert second_factor.pending(store_on_disk, nigar.who, SEAL) == setup
    with pytest.raises(AccountRefused) as caught:
        second_factor.start_totp(store_on_disk, nigar.who, SEAL, "not the password")
    assert caught.value.code == "wrong_password"
    assert setup.address.startswith("otpauth://totp/Biobank:nigar%40example.az?secret=")
    with pytest.raises(AccountRefused) as caught:
        second_factor.confirm_totp(store_on_disk, nigar.who, SEAL, "000000")
    assert caught.value.code == "wrong_code"
    assert not signing_in.sign_in(store_on_disk, STRANGER, nigar.email, PASSWORD).half
    done = second_factor.confirm_totp(
        store_on_disk, nigar.who, SEAL, pyotp.TOTP(setup.secret).now()
    )
    assert done.key
    assert sessions.identity(store_on_disk, other, "") is None
    assert sessions.identity(store_on_disk, nigar.key, "") is None
    assert (
        len(set(done.codes))
        == second_factor.codes_left(store_on_disk, identity(store_on_disk, done.key))
        == 10
    )


def test_a_code_is_not_taken_twice(store: Database) -> None:
    _, totp, _ = with_factor(store)
    code = totp.now()
    second(store, half(store), code)
    with pytest.raises(AccountRefused) as caught:
        second(store, half(store), code)
    assert caught.value.code == "wrong_code"


def test_a_code_seen_while_setting_up_is_not_taken_at_sign_in(store_on_disk: Database) -> None:
    nigar = member(store_on_disk)
    totp = pyotp.TOTP(second_factor.start_totp(store_on_disk, nigar.who, SEAL, PASSWORD).secret)
    code = totp.now()
    second_factor.confirm_totp(store_on_disk, nigar.who, SEAL, code)
    with pytest.raises(AccountRefused):
        second(store_on_disk, half(store_on_disk), code)


def test_a_clock_half_a_minute_off_is_forgiven_and_no_more(
    store_on_disk: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, totp, _ = with_factor(store_on_disk)
    # Freeze the clock, so that no time step ends during the test.
    moment = int(time.time())
    monkeypatch.setattr(time, "time", lambda: moment)
    for off in (-90, 90):
        with pytest.raises(AccountRefused):
            second(store_on_disk, half(store_on_disk), totp.at(moment + off))
    assert second(store_on_disk, half(store_on_disk), totp.at(moment - 29))


def test_a_recovery_code_works_once_however_it_is_typed(store: Database) -> None:
    _, _, codes = with_factor(store)
    typed = codes[0].upper().replace("-", " ")
    whole = second(store, half(store), typed)
    assert second_factor.codes_left(store, identity(store, whole)) == 9
    with pytest.raises(AccountRefused) as caught:
        second(store, half(store), codes[0])
    assert caught.value.code == "wrong_code"
    assert second(store, half(store), codes[1])


@pytest.mark.parametrize(
    "code", ["", "000000", "١٢٣٤٥٦", "12345", "-" * 100_000, "\x00", "aaaa-aaaa-aaaa-aaaa"]
)
def test_anything_else_is_no_code(store_on_disk: Database, code: str) -> None:
    with_factor(store_on_disk)
    with pytest.raises(AccountRefused) as caught:
        second(store_on_disk, half(store_on_disk), code)
    assert caught.value.code == "wrong_code"


@pytest.mark.usefixtures("one_moment")
def test_codes_are_not_guessed(store_on_disk: Database) -> None:
    _, totp, _ = with_factor(store_on_disk)
    key = half(store_on_disk)
    told = []
    for _ in range(6):
        with pytest.raises(BiobankError) as caught:
            second(store_on_disk, key, "000000")
        told.append(caught.value.code)
    assert told == ["wrong_code"] * 5 + ["too_many_attempts"]
    # A new pending session does not reset the counter.
    with pytest.raises(TooManyAttempts):
        second(store_on_disk, half(store_on_disk), totp.now())
    unlocked(store_on_disk)
    assert second(store_on_disk, half(store_on_disk), totp.now())


def test_it_is_turned_off_with_the_password_alone(store_on_disk: Database) -> None:
    nigar, _, codes = with_factor(store_on_disk)
    with pytest.raises(AccountRefused):
        second_factor.drop_totp(store_on_disk, nigar.who, "not the password")
    fresh_codes = second_factor.new_recovery_codes(store_on_disk, nigar.who, PASSWORD)
    assert not set(codes) & set(fresh_codes)
    with pytest.raises(AccountRefused):
        second(store_on_disk, half(store_on_disk), codes[0])
    key = second_factor.drop_totp(store_on_disk, nigar.who, PASSWORD)
    assert key
    assert sessions.identity(store_on_disk, nigar.key, "") is None
    assert not signing_in.sign_in(store_on_disk, STRANGER, nigar.email, PASSWORD).half


def test_a_new_password_by_a_link_does_not_go_around_it(store_on_disk: Database) -> None:
    with_factor(store_on_disk)
    link = signing_in.ask_reset(store_on_disk, STRANGER, "nigar@example.az")
    assert link
    signing_in.reset(store_on_disk, STRANGER, link.key, "a kilim of Quba")
    assert signing_in.sign_in(store_on_disk, STRANGER, "nigar@example.az", "a kilim of Quba").half


def test_an_administrator_helps_who_lost_telephone_and_codes(store_on_disk: Database) -> None:
    nigar, _, _ = with_factor(store_on_disk)
    users.drop_second_factor(store_on_disk, OPERATOR, nigar.id)
    assert sessions.identity(store_on_disk, nigar.key, "") is None
    assert not signing_in.sign_in(store_on_disk, STRANGER, nigar.email, PASSWORD).half


def kept(store: Database) -> str:
    with store.read() as session:
        secret = session.scalars(select(User.totp).where(User.totp.is_not(None))).one()
    assert secret
    return secret


def put(store: Database, secret: str) -> None:
    with store.write() as session:
        session.execute(update(User).values(totp=secret, totp_step=0))


def test_the_store_holds_no_secret_in_clear(store: Database) -> None:
    nigar = member(store)
    setup = second_factor.start_totp(store, nigar.who, SEAL, PASSWORD)
    with store.read() as session:
        assert setup.secret not in str(session.scalars(select(User.totp_pending)).all())
    second_factor.confirm_totp(store, nigar.who, SEAL, pyotp.TOTP(setup.secret).now())
    assert setup.secret not in kept(store)
    assert kept(store).startswith(VERSION)
    assert SEAL.opened(kept(store), nigar.id) == setup.secret


def test_a_secret_from_before_is_sealed_when_it_is_used(store_on_disk: Database) -> None:
    nigar, totp, _ = with_factor(store_on_disk)
    put(store_on_disk, totp.secret)
    assert second(store_on_disk, half(store_on_disk), totp.now())
    assert SEAL.opened(kept(store_on_disk), nigar.id) == totp.secret != kept(store_on_disk)


def test_secrets_from_before_are_sealed_all_at_once(store: Database) -> None:
    nigar, totp, _ = with_factor(store)
    put(store, totp.secret)
    assert seal_all(store, SEAL) == 1
    assert SEAL.opened(kept(store), nigar.id) == totp.secret != kept(store)
    sealed = kept(store)
    assert seal_all(store, SEAL) == 0
    assert kept(store) == sealed
    assert second(store, half(store), totp.now())


def test_with_another_key_a_code_is_refused_in_words_and_a_recovery_code_works(
    store_on_disk: Database,
) -> None:
    _, totp, codes = with_factor(store_on_disk)
    other, key = Seal("another key"), half(store_on_disk)
    with pytest.raises(AccountRefused) as caught:
        signing_in.second_step(store_on_disk, STRANGER, other, key, totp.now())
    assert caught.value.code == "sealed_otherwise"
    assert signing_in.second_step(store_on_disk, STRANGER, other, key, codes[0]).key


def test_a_secret_that_is_moved_to_another_user_is_worth_nothing() -> None:
    sealed = SEAL.closed("A" * 32, 1)
    assert len(sealed) <= 64
    assert sealed != SEAL.closed("A" * 32, 1)
    for broken, user in ((sealed, 2), (sealed[:-1], 1), (VERSION, 1), (f"{VERSION}\x00ə", 1)):
        with pytest.raises(AccountRefused):
            SEAL.opened(broken, user)
