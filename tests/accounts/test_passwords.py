"""Which passwords are accepted, and that they are compared as typed."""

from datetime import timedelta
from pathlib import Path

import pytest

from biobank.accounts import authentication, passwords, sessions
from biobank.common import clock
from biobank.errors import AccountRefused
from biobank.store.session import Database
from tests.accounts.conftest import PASSWORD, create_member, sign_in

EMAIL = "nigar@example.az"
#: Frequent passwords of published breaches that are as long as required.
BREACHED = (
    "1234567890 qwertyuiop 1q2w3e4r5t basketball washington christopher jacqueline elizabeth1 "
    "strawberry 1qaz2wsx3edc 0123456789 0987654321 9876543210 1111111111 0000000000 q1w2e3r4t5 "
    "qwerty12345 football123 princess123 1234512345 5555555555 zxcvbnm123 motherfucker volleyball "
    "california skateboard manchester passw0rd123 iloveyou123 qazwsxedcrfv 123456789a 1q2w3e4r5t6y "
    "letmein123 liverpool1 alexander1"
)


@pytest.mark.parametrize("password", BREACHED.split())
def test_breached_passwords_are_refused(password: str) -> None:
    with pytest.raises(AccountRefused) as exc_info:
        passwords.validate_password(password, EMAIL)
    assert exc_info.value.code == "common_password"


@pytest.mark.parametrize("word", passwords.GUESSABLE_WORDS.split())
def test_words_of_the_place_are_refused(word: str) -> None:
    for suffix in ("", "1", "2026", "12345", word):
        with pytest.raises(AccountRefused):
            passwords.validate_password(word + suffix, EMAIL)


@pytest.mark.parametrize(
    "password",
    [
        "velvet onion harbour quiz",
        "çinar köhnə qatar limon",
        "48213097561204",
        "#&!~$%§;:/_-+*",
        "ÇINARKÖHNƏQATAR",
        "kiçik göl 🐟🐟 dağda",
        "velvet onion harbour quiz " * 4 + "and a long end to it",
    ],
)
def test_any_composition_is_accepted(password: str) -> None:
    assert len(password) <= passwords.MAX_PASSWORD_CHARS
    passwords.validate_password(password, EMAIL)


@pytest.mark.parametrize(
    "typed",
    [
        PASSWORD.upper(),
        PASSWORD.swapcase(),
        f" {PASSWORD}",
        f"{PASSWORD} ",
        PASSWORD[:-1],
        PASSWORD[:-1] + "\0n",
    ],
)
def test_passwords_are_compared_as_typed(typed: str) -> None:
    stored = passwords.hash_password(PASSWORD)
    assert passwords.verify_password(PASSWORD, stored)
    assert not passwords.verify_password(typed, stored)


def test_all_characters_of_a_long_password_count() -> None:
    password = "x" * (passwords.MAX_PASSWORD_CHARS - 1)
    stored = passwords.hash_password(password + "y")
    assert not passwords.verify_password(password + "z", stored)


def test_a_password_does_not_expire(store_on_disk: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    create_member(store_on_disk)
    later = clock.now() + timedelta(days=4_000)
    for module in (authentication, sessions):
        if hasattr(module, "now"):
            monkeypatch.setattr(module, "now", lambda: later)
    assert sign_in(store_on_disk)


def test_the_documented_words_are_those_refused() -> None:
    document = (Path(__file__).parents[2] / "docs" / "security" / "policy.md").read_text("utf-8")
    quoted = " ".join(line.removeprefix("> ") for line in document.splitlines() if line.startswith("> "))
    assert quoted.split() == passwords.GUESSABLE_WORDS.split()
