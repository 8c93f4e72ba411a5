"""Sign-in: hashed secrets, no disclosure of accounts, rate limits."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import extract_parameters
from sqlalchemy import select, text, update

from biobank.accounts import attempts, passwords, sessions, signing_in, users
from biobank.accounts.clock import now
from biobank.accounts.identity import OPERATOR, anonymous
from biobank.accounts.models import OneTimeLink, SignIn, User
from biobank.errors import AccountRefused, BiobankError, NotFound, TooManyAttempts
from biobank.store.session import Database
from tests.accounts.conftest import PASSWORD, STRANGER, identity, member, sign_in, unlocked


def wrong(store: Database, email: str, address: str = STRANGER.address) -> BiobankError:
    with pytest.raises(BiobankError) as caught:
        signing_in.sign_in(store, anonymous(address), email, "not the password")
    return caught.value


def test_the_same_is_said_of_a_wrong_password_and_of_an_unknown_address(
    store_on_disk: Database,
) -> None:
    member(store_on_disk)
    invited = users.invite(store_on_disk, OPERATOR, "invited@example.az", "editor")
    out = member(store_on_disk, "out@example.az")
    users.deactivate(store_on_disk, OPERATOR, out.id)
    told = {
        (error.code, error.message)
        for error in (
            wrong(store_on_disk, "nigar@example.az"),
            wrong(store_on_disk, "nobody@example.az"),
            wrong(store_on_disk, invited.user.email),
            wrong(store_on_disk, out.email),
            wrong(store_on_disk, "no address at all"),
            wrong(store_on_disk, "x" * 100_000),
        )
    }
    assert len(told) == 1
    assert told.pop()[0] == "wrong_sign_in"


def test_an_unknown_address_costs_what_a_wrong_password_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept, asked = passwords.hash_password(PASSWORD), []
    verify = passwords._hasher.verify

    class Noting:
        def verify(self, hashed: str, typed: str) -> bool:
            asked.append(hashed)
            return verify(hashed, typed)

    monkeypatch.setattr(passwords, "_hasher", Noting())
    for of in (None, kept):
        assert not passwords.is_password("not the password", of)
    assert asked == [passwords.NOBODYS, kept]
    assert extract_parameters(passwords.NOBODYS) == extract_parameters(kept)


def test_a_hash_of_older_settings_is_made_anew_at_sign_in(store_on_disk: Database) -> None:
    from argon2 import PasswordHasher

    nigar = member(store_on_disk)
    old = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    with store_on_disk.write() as session:
        session.execute(update(User).values(password=old))
    sign_in(store_on_disk)
    with store_on_disk.read() as session:
        kept = session.get_one(User, nigar.id).password
    assert kept != old
    assert kept is not None
    assert not passwords.needs_new_hash(kept)


def test_no_secret_is_kept_in_clear(store_on_disk: Database, tmp_path: Path) -> None:
    from biobank.accounts import tokens

    nigar = member(store_on_disk)
    token = tokens.make_token(store_on_disk, nigar.who, "script", ["read"])
    link = signing_in.ask_reset(store_on_disk, STRANGER, nigar.email)
    assert link
    with store_on_disk.write() as session:
        session.execute(text("SELECT 1"))
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("biobank.db*"))
    for secret in (PASSWORD, nigar.key, token, link.key):
        assert secret.encode() not in stored


@pytest.mark.usefixtures("one_moment")
def test_after_five_tries_an_account_has_to_wait_longer_each_time(store: Database) -> None:
    member(store)
    waits = []
    for _ in range(8):
        unlocked(store)
        wrong(store, "nigar@example.az")
        error = wrong(store, "nigar@example.az") if len(waits) >= 4 else None
        waits.append(error.wait if isinstance(error, TooManyAttempts) else 0)
    # Whole seconds, rounded up.
    assert waits == [0, 0, 0, 0, 1 + 1, 2 + 1, 4 + 1, 8 + 1]
    # During the wait even the right password is refused, from any IP address.
    with pytest.raises(TooManyAttempts):
        signing_in.sign_in(store, anonymous("198.51.100.1"), "nigar@example.az", PASSWORD)
    unlocked(store)
    assert sign_in(store)
    # A successful sign-in resets the counter.
    assert isinstance(wrong(store, "nigar@example.az"), AccountRefused)


@pytest.mark.usefixtures("one_moment")
def test_an_unknown_account_has_to_wait_just_the_same(store: Database) -> None:
    told = [wrong(store, "nobody@example.az").code for _ in range(6)]
    assert told == ["wrong_sign_in"] * 5 + ["too_many_attempts"]


@pytest.mark.usefixtures("one_moment")
def test_an_address_that_tries_many_accounts_has_to_wait(store_on_disk: Database) -> None:
    told = [wrong(store_on_disk, f"user{number}@example.az").code for number in range(21)]
    assert told == ["wrong_sign_in"] * 20 + ["too_many_attempts"]
    assert wrong(store_on_disk, "user99@example.az", "198.51.100.1").code == "wrong_sign_in"


@pytest.mark.usefixtures("one_moment")
def test_an_own_account_does_not_buy_tries_at_others(store_on_disk: Database) -> None:
    member(store_on_disk)
    for number in range(20):
        wrong(store_on_disk, f"user{number}@example.az")
    unlocked(store_on_disk)
    sign_in(store_on_disk)
    wrong(store_on_disk, "user30@example.az")
    with pytest.raises(TooManyAttempts):
        sign_in(store_on_disk)


def test_one_network_of_ipv6_is_one_address() -> None:
    first, second = (attempts.of_address(f"2001:db8::{end}") for end in ("1", "ffff"))
    assert first == second != attempts.of_address("2001:db8:0:1::1")


@pytest.mark.usefixtures("one_moment")
def test_tries_at_the_same_moment_are_all_counted(store: Database) -> None:
    counters = (attempts.of_account("nigar@example.az"), attempts.of_address("192.0.2.1"))

    def attempt(_: int) -> bool:
        try:
            attempts.count(store, counters)
        except TooManyAttempts:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(24))) == 5


def test_a_session_ends_by_idleness_by_age_and_by_sign_out(store: Database) -> None:
    nigar = member(store)
    moment = now()
    for values in (
        {"seen_at": moment - timedelta(days=4)},
        {"expires_at": moment - timedelta(seconds=1)},
    ):
        key = sign_in(store)
        assert sessions.identity(store, key, "")
        with store.write() as session:
            session.execute(update(SignIn).where(SignIn.id > 1).values(values))
        assert sessions.identity(store, key, "") is None
    key = sign_in(store)
    sessions.sign_out(store, identity(store, key))
    assert sessions.identity(store, key, "") is None
    assert sessions.identity(store, nigar.key, "")


def test_a_session_is_seen_but_not_written_at_every_request(store_on_disk: Database) -> None:
    nigar = member(store_on_disk)
    with store_on_disk.write() as session:
        long_ago = now() - timedelta(hours=1)
        session.execute(update(SignIn).values(seen_at=long_ago))
    sessions.identity(store_on_disk, nigar.key, "")
    with store_on_disk.read() as session:
        seen = session.scalars(select(SignIn.seen_at)).one()
    sessions.identity(store_on_disk, nigar.key, "")
    with store_on_disk.read() as session:
        assert session.scalars(select(SignIn.seen_at)).one() == seen > seen.replace(year=2000)


def test_one_may_sign_out_elsewhere_but_not_others(store_on_disk: Database) -> None:
    nigar, other = member(store_on_disk), member(store_on_disk, "other@example.az")
    second = sign_in(store_on_disk)
    (row,) = [one for one in sessions.own(store_on_disk, nigar.who) if one.id != nigar.who.sign_in]
    with pytest.raises(NotFound):
        sessions.end_one(store_on_disk, other.who, row.id)
    sessions.end_one(store_on_disk, nigar.who, row.id)
    assert sessions.identity(store_on_disk, second, "") is None
    third = sign_in(store_on_disk)
    sessions.sign_out_everywhere(store_on_disk, nigar.who)
    assert sessions.identity(store_on_disk, third, "") is None
    assert sessions.identity(store_on_disk, nigar.key, "")
    assert sessions.identity(store_on_disk, other.key, "")


def test_a_new_password_rotates_the_session_and_ends_the_others(store_on_disk: Database) -> None:
    nigar = member(store_on_disk)
    other = sign_in(store_on_disk)
    with pytest.raises(AccountRefused) as caught:
        signing_in.change_password(store_on_disk, nigar.who, "not the password", "a kilim of Quba")
    assert caught.value.code == "wrong_password"
    key = signing_in.change_password(store_on_disk, nigar.who, PASSWORD, "a kilim of Quba")
    assert key
    assert sessions.identity(store_on_disk, key, "")
    assert sessions.identity(store_on_disk, nigar.key, "") is None
    assert sessions.identity(store_on_disk, other, "") is None
    assert sign_in(store_on_disk, password="a kilim of Quba")


def test_a_forgotten_password_is_set_anew_once(store: Database) -> None:
    nigar = member(store)
    link = signing_in.ask_reset(store, STRANGER, "NIGAR@example.az")
    assert link
    assert link.email == nigar.email
    with pytest.raises(AccountRefused) as caught:
        signing_in.reset(store, STRANGER, link.key, "short")
    assert caught.value.code == "short_password"
    signing_in.reset(store, STRANGER, link.key, "a kilim of Quba")
    assert sessions.identity(store, nigar.key, "") is None
    assert sign_in(store, password="a kilim of Quba")
    with pytest.raises(AccountRefused) as caught:
        signing_in.reset(store, STRANGER, link.key, "a kilim of Shusha")
    assert caught.value.code == "bad_link"


def test_a_reset_ends_after_an_hour_and_is_no_invitation(store: Database) -> None:
    member(store)
    link = signing_in.ask_reset(store, STRANGER, "nigar@example.az")
    assert link
    with pytest.raises(AccountRefused):
        users.invited(store, link.key)
    with store.write() as session:
        past = now() - timedelta(seconds=1)
        rows = update(OneTimeLink).where(OneTimeLink.kind == "reset")
        session.execute(rows.values(expires_at=past))
    with pytest.raises(AccountRefused) as caught:
        signing_in.reset(store, STRANGER, link.key, "a kilim of Quba")
    assert caught.value.code == "bad_link"


@pytest.mark.usefixtures("one_moment")
def test_nobody_is_sent_more_letters_than_they_can_bear(store_on_disk: Database) -> None:
    for _ in range(5):
        signing_in.count_reset(store_on_disk, STRANGER, "nobody@example.az")
    with pytest.raises(TooManyAttempts):
        signing_in.count_reset(store_on_disk, anonymous("198.51.100.1"), "nobody@example.az")
