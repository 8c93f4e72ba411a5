"""Sign-in: hashed secrets, no disclosure of accounts, rate limits."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import extract_parameters
from sqlalchemy import select, text, update

from biobank.accounts import authentication, passwords, rate_limits, sessions, tokens, users
from biobank.accounts.identity import OPERATOR, anonymous
from biobank.accounts.models import OneTimeLink, SignIn, User
from biobank.common.clock import now
from biobank.errors import AccountRefused, BadToken, BiobankError, NotFound, TooManyAttempts
from biobank.store.session import Database
from tests.accounts.conftest import ANONYMOUS, PASSWORD, clear_waits, create_member, identify, sign_in
from tests.conftest import PRODUCTION_HASHER


def sign_in_error(store: Database, email: str, address: str = ANONYMOUS.ip_address) -> BiobankError:
    with pytest.raises(BiobankError) as exc_info:
        authentication.sign_in(store, anonymous(address), email, "not the password")
    return exc_info.value


def test_wrong_password_and_unknown_address_are_indistinguishable(store_on_disk: Database) -> None:
    create_member(store_on_disk)
    invited = users.invite(store_on_disk, OPERATOR, "invited@example.az", "editor")
    out = create_member(store_on_disk, "out@example.az")
    users.deactivate(store_on_disk, OPERATOR, out.id)
    messages = {
        (error.code, error.message)
        for error in (
            sign_in_error(store_on_disk, "nigar@example.az"),
            sign_in_error(store_on_disk, "nobody@example.az"),
            sign_in_error(store_on_disk, invited.user.email),
            sign_in_error(store_on_disk, out.email),
            sign_in_error(store_on_disk, "no address at all"),
            sign_in_error(store_on_disk, "x" * 100_000),
        )
    }
    assert len(messages) == 1
    assert messages.pop()[0] == "wrong_sign_in"


def test_an_unknown_address_costs_one_hash_verification(monkeypatch: pytest.MonkeyPatch) -> None:
    stored_hash, verified = PRODUCTION_HASHER.hash(PASSWORD), []
    verify = PRODUCTION_HASHER.verify

    class RecordingHasher:
        def verify(self, hashed: str, typed: str) -> bool:
            verified.append(hashed)
            return verify(hashed, typed)

    monkeypatch.setattr(passwords, "_hasher", RecordingHasher())
    for hash_ in (None, stored_hash):
        assert not passwords.verify_password("not the password", hash_)
    assert verified == [passwords.DUMMY_HASH, stored_hash]
    assert extract_parameters(passwords.DUMMY_HASH) == extract_parameters(stored_hash)


def test_an_outdated_hash_is_replaced_at_sign_in(store_on_disk: Database) -> None:
    from argon2 import PasswordHasher

    nigar = create_member(store_on_disk)
    old = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    with store_on_disk.write() as session:
        session.execute(update(User).values(password=old))
    sign_in(store_on_disk)
    with store_on_disk.read() as session:
        stored_hash = session.get_one(User, nigar.id).password
    assert stored_hash != old
    assert stored_hash is not None
    assert not passwords.needs_rehash(stored_hash)


def test_no_secret_is_stored_in_plain_text(store_on_disk: Database, tmp_path: Path) -> None:
    from biobank.accounts import tokens

    nigar = create_member(store_on_disk)
    token = tokens.create_token(store_on_disk, nigar.identity, PASSWORD, "script", ["read"])
    link = authentication.request_reset(store_on_disk, ANONYMOUS, nigar.email)
    assert link
    with store_on_disk.write() as session:
        session.execute(text("SELECT 1"))
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("biobank.db*"))
    for secret in (PASSWORD, nigar.key, token, link.key):
        assert secret.encode() not in stored


@pytest.mark.usefixtures("frozen_attempts_clock")
def test_waits_grow_after_five_attempts_at_an_account(store: Database) -> None:
    create_member(store)
    waits = []
    for _ in range(8):
        clear_waits(store)
        sign_in_error(store, "nigar@example.az")
        error = sign_in_error(store, "nigar@example.az") if len(waits) >= 4 else None
        waits.append(error.wait if isinstance(error, TooManyAttempts) else 0)
    # Whole seconds, rounded up.
    assert waits == [0, 0, 0, 0, 1 + 1, 2 + 1, 4 + 1, 8 + 1]
    # During the wait even the right password is refused, from any IP address.
    with pytest.raises(TooManyAttempts):
        authentication.sign_in(store, anonymous("198.51.100.1"), "nigar@example.az", PASSWORD)
    clear_waits(store)
    assert sign_in(store)
    # A successful sign-in resets the counter.
    assert isinstance(sign_in_error(store, "nigar@example.az"), AccountRefused)


@pytest.mark.usefixtures("frozen_attempts_clock")
def test_unknown_accounts_are_rate_limited_too(store: Database) -> None:
    error_codes = [sign_in_error(store, "nobody@example.az").code for _ in range(6)]
    assert error_codes == ["wrong_sign_in"] * 5 + ["too_many_attempts"]


@pytest.mark.usefixtures("frozen_attempts_clock")
def test_one_ip_address_trying_many_accounts_is_rate_limited(store_on_disk: Database) -> None:
    error_codes = [sign_in_error(store_on_disk, f"user{number}@example.az").code for number in range(21)]
    assert error_codes == ["wrong_sign_in"] * 20 + ["too_many_attempts"]
    assert sign_in_error(store_on_disk, "user99@example.az", "198.51.100.1").code == "wrong_sign_in"


@pytest.mark.usefixtures("frozen_attempts_clock")
def test_own_sign_ins_do_not_reset_the_limit_for_other_accounts(store_on_disk: Database) -> None:
    create_member(store_on_disk)
    for number in range(20):
        sign_in_error(store_on_disk, f"user{number}@example.az")
    clear_waits(store_on_disk)
    sign_in(store_on_disk)
    sign_in_error(store_on_disk, "user30@example.az")
    with pytest.raises(TooManyAttempts):
        sign_in(store_on_disk)


@pytest.mark.parametrize("jump", [timedelta(minutes=2), timedelta(hours=3), timedelta(days=400)])
def test_a_clock_that_is_set_back_does_not_lock_sign_in(
    store: Database, monkeypatch: pytest.MonkeyPatch, jump: timedelta
) -> None:
    create_member(store)
    timestamp = now()
    monkeypatch.setattr(rate_limits, "now", lambda: timestamp + jump)
    sign_in(store)
    for _ in range(6):
        sign_in_error(store, "nigar@example.az")
    assert isinstance(sign_in_error(store, "nigar@example.az"), TooManyAttempts)
    monkeypatch.setattr(rate_limits, "now", lambda: timestamp)
    # The attempts still count: one more wrong password waits as before.
    assert not isinstance(sign_in_error(store, "nigar@example.az"), TooManyAttempts)
    assert isinstance(sign_in_error(store, "nigar@example.az"), TooManyAttempts)
    monkeypatch.setattr(rate_limits, "now", lambda: timestamp + timedelta(minutes=16))
    assert sign_in(store)


def test_an_ipv6_network_counts_as_one_address() -> None:
    first, second = (rate_limits.ip_limit(f"2001:db8::{end}") for end in ("1", "ffff"))
    assert first == second != rate_limits.ip_limit("2001:db8:0:1::1")


@pytest.mark.usefixtures("frozen_attempts_clock")
def test_concurrent_attempts_are_all_counted(store: Database) -> None:
    counters = (rate_limits.account_limit("nigar@example.az"), rate_limits.ip_limit("192.0.2.1"))

    def attempt(_: int) -> bool:
        try:
            rate_limits.count_attempt(store, counters)
        except TooManyAttempts:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(24))) == 5


def test_a_session_ends_by_idle_time_age_and_sign_out(store: Database) -> None:
    nigar = create_member(store)
    current_time = now()
    for values in (
        {"seen_at": current_time - timedelta(days=4)},
        {"expires_at": current_time - timedelta(seconds=1)},
    ):
        key = sign_in(store)
        assert sessions.identify_session(store, key, "")
        with store.write() as session:
            session.execute(update(SignIn).where(SignIn.id > 1).values(values))
        assert sessions.identify_session(store, key, "") is None
    key = sign_in(store)
    sessions.sign_out(store, identify(store, key))
    assert sessions.identify_session(store, key, "") is None
    assert sessions.identify_session(store, nigar.key, "")


def test_session_use_is_not_written_at_every_request(store_on_disk: Database) -> None:
    nigar = create_member(store_on_disk)
    with store_on_disk.write() as session:
        long_ago = now() - timedelta(hours=1)
        session.execute(update(SignIn).values(seen_at=long_ago))
    sessions.identify_session(store_on_disk, nigar.key, "")
    with store_on_disk.read() as session:
        seen = session.scalars(select(SignIn.seen_at)).one()
    sessions.identify_session(store_on_disk, nigar.key, "")
    with store_on_disk.read() as session:
        assert session.scalars(select(SignIn.seen_at)).one() == seen > seen.replace(year=2000)


def test_users_may_end_only_their_own_sessions(store_on_disk: Database) -> None:
    nigar, other_user = (create_member(store_on_disk), create_member(store_on_disk, "other@example.az"))
    second = sign_in(store_on_disk)
    (row,) = [
        session_row
        for session_row in sessions.list_own_sessions(store_on_disk, nigar.identity)
        if session_row.id != nigar.identity.session_id
    ]
    with pytest.raises(NotFound):
        sessions.end_own_session(store_on_disk, other_user.identity, row.id)
    sessions.end_own_session(store_on_disk, nigar.identity, row.id)
    assert sessions.identify_session(store_on_disk, second, "") is None
    third = sign_in(store_on_disk)
    sessions.sign_out_everywhere(store_on_disk, nigar.identity)
    assert sessions.identify_session(store_on_disk, third, "") is None
    assert sessions.identify_session(store_on_disk, nigar.key, "")
    assert sessions.identify_session(store_on_disk, other_user.key, "")


def test_a_password_change_rotates_the_session_and_ends_others(store_on_disk: Database) -> None:
    nigar = create_member(store_on_disk)
    other_key = sign_in(store_on_disk)
    token = tokens.create_token(store_on_disk, nigar.identity, PASSWORD, "script", ["read"])
    assert tokens.identify_token(store_on_disk, token, "")
    with pytest.raises(AccountRefused) as exc_info:
        authentication.change_password(store_on_disk, nigar.identity, "not the password", "a kilim of Quba")
    assert exc_info.value.code == "wrong_password"
    key = authentication.change_password(store_on_disk, nigar.identity, PASSWORD, "a kilim of Quba")
    assert key
    assert sessions.identify_session(store_on_disk, key, "")
    assert sessions.identify_session(store_on_disk, nigar.key, "") is None
    assert sessions.identify_session(store_on_disk, other_key, "") is None
    with pytest.raises(BadToken):
        tokens.identify_token(store_on_disk, token, "")
    assert sign_in(store_on_disk, password="a kilim of Quba")


def test_a_reset_link_works_once(store: Database) -> None:
    nigar = create_member(store)
    link = authentication.request_reset(store, ANONYMOUS, "NIGAR@example.az")
    assert link
    assert link.email == nigar.email
    with pytest.raises(AccountRefused) as exc_info:
        authentication.reset_password(store, ANONYMOUS, link.key, "short")
    assert exc_info.value.code == "short_password"
    authentication.reset_password(store, ANONYMOUS, link.key, "a kilim of Quba")
    assert sessions.identify_session(store, nigar.key, "") is None
    assert sign_in(store, password="a kilim of Quba")
    with pytest.raises(AccountRefused) as exc_info:
        authentication.reset_password(store, ANONYMOUS, link.key, "a kilim of Shusha")
    assert exc_info.value.code == "bad_link"


def test_a_reset_link_expires_after_an_hour_and_is_no_invitation(store: Database) -> None:
    create_member(store)
    link = authentication.request_reset(store, ANONYMOUS, "nigar@example.az")
    assert link
    with pytest.raises(AccountRefused):
        users.get_invited_user(store, link.key)
    with store.write() as session:
        past = now() - timedelta(seconds=1)
        rows = update(OneTimeLink).where(OneTimeLink.kind == "reset")
        session.execute(rows.values(expires_at=past))
    with pytest.raises(AccountRefused) as exc_info:
        authentication.reset_password(store, ANONYMOUS, link.key, "a kilim of Quba")
    assert exc_info.value.code == "bad_link"


@pytest.mark.usefixtures("frozen_attempts_clock")
def test_reset_emails_are_rate_limited(store_on_disk: Database) -> None:
    for _ in range(5):
        authentication.count_reset_request(store_on_disk, ANONYMOUS, "nobody@example.az")
    with pytest.raises(TooManyAttempts):
        authentication.count_reset_request(store_on_disk, anonymous("198.51.100.1"), "nobody@example.az")
