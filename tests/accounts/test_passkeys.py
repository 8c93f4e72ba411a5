"""Passkeys: adding, signing in with and without the password, and what is refused."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from biobank.accounts import (
    audit_queries,
    authentication,
    passkey_sign_in,
    passkeys,
    second_factor,
    sessions,
    users,
)
from biobank.accounts.challenges import Challenge, redeem
from biobank.accounts.encryption import SecretBox
from biobank.accounts.identity import OPERATOR, Identity
from biobank.accounts.models import Passkey, UsedChallenge, User
from biobank.accounts.passkey_responses import parse_assertion, verify_registration
from biobank.accounts.passkeys import MAX_PASSKEYS
from biobank.accounts.relying_party import RelyingParty, parse_relying_party
from biobank.errors import AccountRefused, BiobankError, Forbidden, NotFound, NotSignedIn, TooManyAttempts
from biobank.store.session import Database
from tests.accounts.conftest import ANONYMOUS, PASSWORD, Member, clear_waits, create_member, identify
from tests.support.authenticator import PRESENT, RELYING_PARTY, VERIFIED, Authenticator

EMAIL = "nigar@example.az"
SECRET_BOX = SecretBox("a key for tests")
NEW_PASSWORD = "a kilim of Quba"


def add_passkey(
    store: Database, actor: Identity, authenticator: Authenticator | None = None, name: str = "phone"
) -> tuple[Authenticator, passkeys.AddedPasskey]:
    authenticator = authenticator or Authenticator()
    started = passkeys.start_adding(store, actor, RELYING_PARTY, name, PASSWORD)
    response = authenticator.create(started.options)
    return authenticator, passkeys.add(store, actor, RELYING_PARTY, started.challenge, name, response)


def create_owner(store: Database, email: str = EMAIL) -> tuple[Member, Authenticator]:
    """Create a user with a passkey, whose identity is that of the new session key."""
    member = create_member(store, email)
    authenticator, added = add_passkey(store, member.identity)
    assert added.session_key
    return replace(member, key=added.session_key, identity=identify(store, added.session_key)), authenticator


def sign_in_with(store: Database, authenticator: Authenticator) -> str:
    started = passkey_sign_in.start_sign_in(RELYING_PARTY)
    return answer(store, started.challenge, authenticator.get(started.options))


def answer(store: Database, challenge: Challenge | None, response: str) -> str:
    return passkey_sign_in.sign_in(store, ANONYMOUS, RELYING_PARTY, challenge, response).session_key


def give_password(store: Database, email: str = EMAIL, password: str = PASSWORD) -> str:
    result = authentication.sign_in(store, ANONYMOUS, email, password)
    assert result.needs_second_factor
    return result.session_key


def confirm_with(store: Database, pending_key: str, authenticator: Authenticator) -> str:
    started = passkey_sign_in.start_second_factor(store, RELYING_PARTY, pending_key)
    response = authenticator.get(started.options)
    return passkey_sign_in.verify_second_factor(
        store, ANONYMOUS, RELYING_PARTY, started.challenge, pending_key, response
    ).session_key


def refusal_of_sign_in(store: Database, authenticator: Authenticator) -> str:
    with pytest.raises(AccountRefused) as exc_info:
        sign_in_with(store, authenticator)
    return exc_info.value.code


def actions(store: Database) -> list[str]:
    events, _ = audit_queries.list_events(store, OPERATOR, 1)
    return [event.what for event in events]


def test_a_passkey_signs_in_without_a_password(store: Database) -> None:
    nigar, authenticator = create_owner(store)
    key = sign_in_with(store, authenticator)
    assert identify(store, key).user_id == nigar.id
    assert key != nigar.key
    assert sign_in_with(store, authenticator)
    (row,) = passkeys.list_own(store, nigar.identity)
    assert (row.name, row.sign_count) == ("phone", 3)
    assert row.used_at is not None
    assert actions(store)[:3] == ["signed_in", "signed_in", "passkey_added"]


def test_a_passkey_is_a_second_factor(store: Database) -> None:
    nigar, authenticator = create_owner(store)
    pending_key = give_password(store)
    assert sessions.identify_session(store, pending_key, "") is None
    key = confirm_with(store, pending_key, authenticator)
    assert identify(store, key).user_id == nigar.id
    assert key != pending_key
    with pytest.raises(AccountRefused) as exc_info:
        confirm_with(store, pending_key, authenticator)
    assert exc_info.value.code == "wrong_sign_in"


def test_the_first_second_factor_brings_recovery_codes(store_on_disk: Database) -> None:
    nigar = create_member(store_on_disk)
    _, added = add_passkey(store_on_disk, nigar.identity)
    assert len(added.recovery_codes) == second_factor.RECOVERY_CODE_COUNT
    assert added.session_key
    _, again = add_passkey(store_on_disk, identify(store_on_disk, added.session_key))
    assert again.recovery_codes == ()
    pending_key = give_password(store_on_disk)
    assert authentication.verify_second_factor(
        store_on_disk, ANONYMOUS, SECRET_BOX, pending_key, added.recovery_codes[0]
    ).session_key


def test_adding_renews_the_session_and_ends_the_others(store_on_disk: Database) -> None:
    nigar = create_member(store_on_disk)
    other_key = authentication.sign_in(store_on_disk, ANONYMOUS, EMAIL, PASSWORD).session_key
    _, added = add_passkey(store_on_disk, nigar.identity)
    for old_key in (nigar.key, other_key):
        assert sessions.identify_session(store_on_disk, old_key, "") is None
    assert added.session_key
    assert identify(store_on_disk, added.session_key).session_id == nigar.identity.session_id


def test_the_password_is_required(store_on_disk: Database) -> None:
    nigar, _ = create_owner(store_on_disk)
    (row,) = passkeys.list_own(store_on_disk, nigar.identity)
    with pytest.raises(AccountRefused, match="Incorrect password"):
        passkeys.start_adding(store_on_disk, nigar.identity, RELYING_PARTY, "phone", "not the password")
    with pytest.raises(AccountRefused, match="Incorrect password"):
        passkeys.remove(store_on_disk, nigar.identity, row.id, "not the password")


def test_only_the_own_account_is_managed(store_on_disk: Database) -> None:
    token = Identity("admin", "token", user_id=1, scopes=frozenset(("read", "write", "publish", "admin")))
    for actor, error in ((ANONYMOUS, NotSignedIn), (token, Forbidden)):
        for call in (
            lambda actor: passkeys.list_own(store_on_disk, actor),
            lambda actor: passkeys.start_adding(store_on_disk, actor, RELYING_PARTY, "a", PASSWORD),
            lambda actor: passkeys.add(store_on_disk, actor, RELYING_PARTY, None, "a", ""),
            lambda actor: passkeys.remove(store_on_disk, actor, 1, PASSWORD),
        ):
            with pytest.raises(error):
                call(actor)


def test_a_removed_passkey_is_refused(store: Database) -> None:
    nigar, authenticator = create_owner(store)
    (row,) = passkeys.list_own(store, nigar.identity)
    other_session = confirm_with(store, give_password(store), authenticator)
    key = passkeys.remove(store, nigar.identity, row.id, PASSWORD)
    assert key
    for ended in (nigar.key, other_session):
        assert sessions.identify_session(store, ended, "") is None
    assert refusal_of_sign_in(store, authenticator) == "wrong_passkey"
    assert not authentication.sign_in(store, ANONYMOUS, EMAIL, PASSWORD).needs_second_factor
    assert second_factor.count_unused_codes(store, nigar.identity) == 0
    assert "passkey_removed" in actions(store)


def test_a_passkey_of_another_user_is_refused(store_on_disk: Database) -> None:
    nigar, authenticator = create_owner(store_on_disk)
    other, other_authenticator = create_owner(store_on_disk, "other@example.az")
    (row,) = passkeys.list_own(store_on_disk, nigar.identity)
    with pytest.raises(NotFound):
        passkeys.remove(store_on_disk, other.identity, row.id, PASSWORD)
    with pytest.raises(AccountRefused, match="not accepted"):
        confirm_with(store_on_disk, give_password(store_on_disk), other_authenticator)
    other_authenticator.user_handle = authenticator.user_handle
    assert refusal_of_sign_in(store_on_disk, other_authenticator) == "wrong_passkey"
    other_authenticator.credential_id = authenticator.credential_id
    assert refusal_of_sign_in(store_on_disk, other_authenticator) == "wrong_passkey"


def test_a_challenge_is_answered_once(store: Database) -> None:
    _, authenticator = create_owner(store)
    started = passkey_sign_in.start_sign_in(RELYING_PARTY)
    response = authenticator.get(started.options)
    assert answer(store, started.challenge, response)
    # Neither the same response nor a new one to the same challenge.
    for repeated in (response, authenticator.get(started.options)):
        with pytest.raises(AccountRefused) as exc_info:
            answer(store, started.challenge, repeated)
        assert exc_info.value.code == "passkey_expired"
    # Nor an old response to a new challenge.
    with pytest.raises(AccountRefused) as exc_info:
        answer(store, Challenge.create("sign_in"), response)
    assert exc_info.value.code == "wrong_passkey"


def test_a_wrong_answer_uses_the_challenge_up(store_on_disk: Database) -> None:
    _, authenticator = create_owner(store_on_disk)
    started = passkey_sign_in.start_sign_in(RELYING_PARTY)
    for response, code in (("{}", "wrong_passkey"), (authenticator.get(started.options), "passkey_expired")):
        with pytest.raises(AccountRefused) as exc_info:
            answer(store_on_disk, started.challenge, response)
        assert exc_info.value.code == code


def test_a_challenge_expires(store: Database) -> None:
    _, authenticator = create_owner(store)
    started = passkey_sign_in.start_sign_in(RELYING_PARTY)
    expired = replace(started.challenge, expires=started.challenge.expires - 301)
    with pytest.raises(AccountRefused) as exc_info:
        answer(store, expired, authenticator.get(started.options))
    assert exc_info.value.code == "passkey_expired"
    assert answer(store, started.challenge, authenticator.get(started.options))
    with store.write() as session:
        session.execute(update(UsedChallenge).values(expires_at=datetime(2026, 1, 1, tzinfo=UTC)))
    redeem(store, Challenge.create("sign_in"), "sign_in")
    with store.read() as session:
        assert len(session.scalars(select(UsedChallenge)).all()) == 1


def test_a_challenge_belongs_to_its_purpose_and_session(store_on_disk: Database) -> None:
    nigar, authenticator = create_owner(store_on_disk)
    pending_key = give_password(store_on_disk)
    second = passkey_sign_in.start_second_factor(store_on_disk, RELYING_PARTY, pending_key)
    with pytest.raises(AccountRefused) as exc_info:
        answer(store_on_disk, second.challenge, authenticator.get(second.options))
    assert exc_info.value.code == "passkey_expired"
    other_key = give_password(store_on_disk)
    with pytest.raises(AccountRefused) as exc_info:
        passkey_sign_in.verify_second_factor(
            store_on_disk,
            ANONYMOUS,
            RELYING_PARTY,
            second.challenge,
            other_key,
            authenticator.get(second.options),
        )
    assert exc_info.value.code == "passkey_expired"
    started = passkeys.start_adding(store_on_disk, nigar.identity, RELYING_PARTY, "phone", PASSWORD)
    other_session = replace(nigar.identity, session_id=999)
    response = Authenticator().create(started.options)
    with pytest.raises(AccountRefused) as exc_info:
        passkeys.add(store_on_disk, other_session, RELYING_PARTY, started.challenge, "phone", response)
    assert exc_info.value.code == "passkey_expired"


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://bank.example.com"},
        {"origin": "http://bank.example.az"},
        {"origin": "https://bank.example.az:8443"},
        {"rp_id": "example.az"},
        {"flags": PRESENT},
        {"flags": VERIFIED},
        {"user_handle": b""},
        {"user_handle": b"another"},
    ],
    ids=str,
)
def test_wrong_answers_are_refused(store_on_disk: Database, wrong: dict[str, object]) -> None:
    nigar, authenticator = create_owner(store_on_disk)
    for name, value in wrong.items():
        setattr(authenticator, name, value)
    assert refusal_of_sign_in(store_on_disk, authenticator) == "wrong_passkey"
    if "user_handle" not in wrong:
        other = Authenticator(**wrong)  # type: ignore[arg-type]
        with pytest.raises(AccountRefused, match="not accepted"):
            add_passkey(store_on_disk, nigar.identity, other)


def test_a_counter_must_grow(store: Database) -> None:
    _, authenticator = create_owner(store)
    assert sign_in_with(store, authenticator)
    counter = authenticator.counter
    for rolled_back in (0, 1, counter - 1):
        authenticator.counter = rolled_back
        assert refusal_of_sign_in(store, authenticator) == "wrong_passkey"
    clear_waits(store)
    authenticator.counter = counter
    assert sign_in_with(store, authenticator)


def test_a_passkey_without_a_counter_works(store_on_disk: Database) -> None:
    nigar = create_member(store_on_disk)
    authenticator, _ = add_passkey(store_on_disk, nigar.identity, Authenticator(counter=0))
    for _ in range(3):
        assert sign_in_with(store_on_disk, authenticator)


def test_presence_suffices_after_the_password(store_on_disk: Database) -> None:
    _, authenticator = create_owner(store_on_disk)
    authenticator.flags = PRESENT
    assert confirm_with(store_on_disk, give_password(store_on_disk), authenticator)


def test_ten_passkeys_at_most(store_on_disk: Database) -> None:
    actor = create_member(store_on_disk).identity
    pending = [
        passkeys.start_adding(store_on_disk, actor, RELYING_PARTY, "spare", PASSWORD) for _ in range(11)
    ]
    for started in pending[:MAX_PASSKEYS]:
        response = Authenticator().create(started.options)
        passkeys.add(store_on_disk, actor, RELYING_PARTY, started.challenge, "spare", response)
    with pytest.raises(AccountRefused) as exc_info:
        passkeys.add(
            store_on_disk,
            actor,
            RELYING_PARTY,
            pending[-1].challenge,
            "spare",
            Authenticator().create(pending[-1].options),
        )
    assert exc_info.value.code == "too_many_passkeys"
    with pytest.raises(AccountRefused) as exc_info:
        passkeys.start_adding(store_on_disk, actor, RELYING_PARTY, "spare", PASSWORD)
    assert exc_info.value.code == "too_many_passkeys"
    assert len(passkeys.list_own(store_on_disk, actor)) == MAX_PASSKEYS


def test_a_credential_is_added_once(store: Database) -> None:
    _, authenticator = create_owner(store)
    other = create_member(store, "other@example.az")
    with pytest.raises(AccountRefused) as exc_info:
        add_passkey(store, other.identity, authenticator)
    assert exc_info.value.code == "known_passkey"
    assert passkeys.list_own(store, other.identity) == []


def test_the_passkeys_of_a_user_share_a_random_handle(store_on_disk: Database) -> None:
    nigar, first = create_owner(store_on_disk)
    second, _ = add_passkey(store_on_disk, nigar.identity)
    assert first.user_handle == second.user_handle
    _, other = create_owner(store_on_disk, "other@example.az")
    assert other.user_handle != first.user_handle
    assert len(other.user_handle) == 32


@pytest.mark.usefixtures("frozen_attempts_clock")
def test_attempts_are_rate_limited(store_on_disk: Database) -> None:
    _, authenticator = create_owner(store_on_disk)
    authenticator.flags = PRESENT
    assert [refusal_of_sign_in(store_on_disk, authenticator) for _ in range(5)] == ["wrong_passkey"] * 5
    authenticator.flags = PRESENT | VERIFIED
    with pytest.raises(TooManyAttempts):
        sign_in_with(store_on_disk, authenticator)
    # Signing in with the password is not held up.
    pending_key = give_password(store_on_disk)
    assert confirm_with(store_on_disk, pending_key, authenticator)
    clear_waits(store_on_disk)
    assert sign_in_with(store_on_disk, authenticator)


@pytest.mark.usefixtures("frozen_attempts_clock")
def test_attempts_of_an_address_are_rate_limited(store_on_disk: Database) -> None:
    codes = []
    for _ in range(21):
        with pytest.raises(BiobankError) as exc_info:
            answer(store_on_disk, Challenge.create("sign_in"), Authenticator().get({"challenge": "AAAA"}))
        codes.append(exc_info.value.code)
    assert codes == ["wrong_passkey"] * 20 + ["too_many_attempts"]


@pytest.mark.usefixtures("frozen_attempts_clock")
def test_codes_and_passkeys_share_the_limit_of_the_second_factor(store_on_disk: Database) -> None:
    _, authenticator = create_owner(store_on_disk)
    pending_key = give_password(store_on_disk)
    for _ in range(5):
        with pytest.raises(AccountRefused):
            authentication.verify_second_factor(store_on_disk, ANONYMOUS, SECRET_BOX, pending_key, "000000")
    with pytest.raises(TooManyAttempts):
        confirm_with(store_on_disk, pending_key, authenticator)


def test_a_deactivated_user_cannot_sign_in(store: Database) -> None:
    nigar, authenticator = create_owner(store)
    pending_key = give_password(store)
    users.deactivate(store, OPERATOR, nigar.id)
    assert refusal_of_sign_in(store, authenticator) == "wrong_passkey"
    with pytest.raises(AccountRefused):
        confirm_with(store, pending_key, authenticator)
    users.activate(store, OPERATOR, nigar.id)
    assert sign_in_with(store, authenticator)


def test_after_a_password_reset_the_new_password_comes_first(store: Database) -> None:
    """Whoever knew the old password may have added a passkey; it must not bypass the reset."""
    nigar, authenticator = create_owner(store)
    link = authentication.request_reset(store, ANONYMOUS, EMAIL)
    assert link
    authentication.reset_password(store, ANONYMOUS, link.key, NEW_PASSWORD)
    assert refusal_of_sign_in(store, authenticator) == "password_first"
    # The reset does not bypass the second factor either.
    assert confirm_with(store, give_password(store, password=NEW_PASSWORD), authenticator)
    assert identify(store, sign_in_with(store, authenticator)).user_id == nigar.id


def test_an_administrator_removes_passkeys_with_the_second_factor(store: Database) -> None:
    nigar, authenticator = create_owner(store)
    users.remove_second_factor(store, OPERATOR, nigar.id)
    assert sessions.identify_session(store, nigar.key, "") is None
    assert refusal_of_sign_in(store, authenticator) == "wrong_passkey"
    assert not authentication.sign_in(store, ANONYMOUS, EMAIL, PASSWORD).needs_second_factor


def test_turning_codes_off_keeps_passkeys(store_on_disk: Database) -> None:
    nigar, authenticator = create_owner(store_on_disk)
    with store_on_disk.write() as session:
        session.execute(update(User).values(totp="A" * 32))
    second_factor.disable_totp(store_on_disk, nigar.identity, PASSWORD)
    assert second_factor.count_unused_codes(store_on_disk, nigar.identity) == 10
    assert confirm_with(store_on_disk, give_password(store_on_disk), authenticator)


def test_a_passkey_used_meanwhile_is_refused(store: Database) -> None:
    _, authenticator = create_owner(store)
    with store.read() as session:
        stale = session.scalars(select(Passkey)).one()
    assert sign_in_with(store, authenticator)
    with pytest.raises(AccountRefused, match="not accepted"), store.write() as session:
        passkey_sign_in._use(session, stale, 99, passwordless=True)


@given(st.text() | st.binary().map(lambda data: data.decode("latin-1")))
def test_any_response_is_read_or_refused(text: str) -> None:
    assert parse_assertion(text) is None
    with pytest.raises(AccountRefused):
        verify_registration(text, Challenge.create("add"), RELYING_PARTY)


@given(st.data())
def test_a_damaged_response_is_refused(data: st.DataObject) -> None:
    challenge = Challenge.create("add", user_handle="AAAA")
    response = Authenticator().create({"challenge": challenge.value, "user": {"id": "AAAA"}})
    verify_registration(response, challenge, RELYING_PARTY)
    place = data.draw(st.integers(0, len(response) - 1))
    start = response[:place] + data.draw(st.characters(codec="utf-8"))
    for damaged in (start, "[" * 10_000 + response, "1" * 10_000, response * 100):
        with pytest.raises(AccountRefused):
            verify_registration(damaged, challenge, RELYING_PARTY)


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        ("https://bank.example.az", ("bank.example.az", "https://bank.example.az")),
        ("https://BANK.example.az:443/path", ("bank.example.az", "https://bank.example.az")),
        ("https://bank.example.az:8443", ("bank.example.az", "https://bank.example.az:8443")),
        ("https://şəki.az", ("xn--ki-eta41h.az", "https://xn--ki-eta41h.az")),
        ("http://localhost:8000", ("localhost", "http://localhost:8000")),
        ("http://bank.example.az", None),
        ("https://203.0.113.7", None),
        ("https://[::1]:8000", None),
        ("https://a..b", None),
        ("https://bank.example.az:x", None),
        ("", None),
    ],
)
def test_the_site_is_that_of_the_base_url(base_url: str, expected: tuple[str, str] | None) -> None:
    assert parse_relying_party(base_url) == (RelyingParty(*expected) if expected else None)
