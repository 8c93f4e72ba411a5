"""`biobank users`: invite, list, reset, deactivate and erase accounts."""

import json
from collections.abc import Iterator

import pytest

from biobank.accounts import authentication, tokens, users
from biobank.accounts.identity import anonymous
from biobank.errors import BadToken
from biobank.store.session import Database
from tests.cli.conftest import Run
from tests.support.mailbox import Mailbox, mailbox

__all__ = ["mailbox"]


@pytest.fixture
def store(bank: Run) -> Iterator[Database]:
    """Yield the database of the commands, in their working directory."""
    database = Database("sqlite:///biobank.db")
    yield database
    database.dispose()


def last_line(text: str) -> str:
    return text.rstrip().splitlines()[-1]


def test_an_invitation_link_is_printed_and_works(
    bank: Run, store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", "8123")
    result = bank("users", "add", "Nigar@example.az", "--role", "editor", "--lang", "ru")
    assert result.exit_code == 0
    assert "nigar@example.az is invited as editor." in result.output
    link = last_line(result.output)
    assert link.startswith("http://127.0.0.1:8123/ru/invitation/")
    key = link.rpartition("/")[2]
    assert users.accept_invitation(store, anonymous(), key, "Nigar", "a carpet of Shirvan")


def test_a_token_is_the_last_line_and_is_printed_once(bank: Run, store: Database) -> None:
    result = bank("users", "add", "a@b.az", "--role", "editor", "--token")
    token = last_line(result.output)
    user = tokens.identify_token(store, token, "")
    assert user.role == "editor"
    assert user.scopes == {"read", "write", "publish"}
    assert token not in bank("users", "list").output


def test_json_output_has_all_results(bank: Run) -> None:
    result = bank("users", "add", "a@b.az", "--role", "admin", "--token", "--json")
    facts = json.loads(result.output)
    assert facts["token"].startswith("bbk_")
    assert facts["sent"] is False
    (row,) = json.loads(bank("users", "list", "--json").output)["users"]
    assert row == {"email": "a@b.az", "name": "a", "role": "admin", "state": "invited"}


def test_a_reset_link_is_printed(bank: Run, store: Database) -> None:
    key = last_line(bank("users", "add", "a@b.az", "--role", "editor").output).rpartition("/")[2]
    users.accept_invitation(store, anonymous(), key, "A", "a carpet of Shirvan")
    link = last_line(bank("users", "reset", "A@b.az").output)
    assert "/az/new-password/" in link
    authentication.reset_password(store, anonymous(), link.rpartition("/")[2], "a kilim of Quba")
    assert authentication.sign_in(store, anonymous(), "a@b.az", "a kilim of Quba")


def test_a_deactivated_user_cannot_sign_in(bank: Run, store: Database) -> None:
    token = last_line(bank("users", "add", "a@b.az", "--role", "editor", "--token").output)
    assert bank("users", "deactivate", "a@b.az").exit_code == 0
    assert "out" in bank("users", "list").output
    with pytest.raises(BadToken):
        tokens.identify_token(store, token, "")


@pytest.mark.parametrize(
    "args",
    [
        ("add", "a@b.az"),
        ("add", "a@b.az", "--role", "king"),
        ("add", "nobody", "--role", "editor"),
        ("add", "twice@b.az", "--role", "editor"),
        ("reset", "nobody@b.az"),
        ("deactivate", "nobody@b.az"),
        ("deactivate", "twice@b.az"),
        ("erase", "twice@b.az"),
        ("erase", "nobody@b.az"),
    ],
)
def test_errors_are_printed_as_one_line(bank: Run, args: tuple[str, ...]) -> None:
    bank("users", "add", "twice@b.az", "--role", "admin")
    result = bank("users", *args)
    assert result.exit_code == 2
    assert "Error: " in result.output


def test_an_email_is_sent_if_mail_is_configured(
    bank: Run, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIOBANK_SMTP_URL", mailbox.url)
    bank("users", "add", "unsent@b.az", "--role", "editor")
    assert mailbox.messages == []  # without the base URL, links do not work
    monkeypatch.setenv("BIOBANK_BASE_URL", "https://bank.example.az")
    output = bank("users", "add", "a@b.az", "--role", "editor", "--lang", "en").output
    assert last_line(output).startswith("https://bank.example.az/en/invitation/")
    (arrived,) = mailbox.messages
    assert last_line(output) in arrived.get_content()


def test_an_unreachable_mail_server_does_not_prevent_the_invitation(
    bank: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIOBANK_SMTP_URL", "smtp://127.0.0.1:1?from=a@b.az")
    monkeypatch.setenv("BIOBANK_BASE_URL", "https://bank.example.az")
    result = bank("users", "add", "a@b.az", "--role", "editor")
    assert result.exit_code == 0
    assert "rejected the e-mail" in result.output
    assert last_line(result.stdout).startswith("https://bank.example.az/az/invitation/")


def test_an_erased_user_is_listed_by_pseudonym(bank: Run, store: Database) -> None:
    token = last_line(bank("users", "add", "a@b.az", "--role", "editor", "--token").output)
    result = json.loads(bank("users", "erase", "A@b.az", "--json").output)
    assert result["erased"] == "user-1"
    (row,) = json.loads(bank("users", "list", "--json").output)["users"]
    expected = {"email": "user-1@erased.invalid", "name": "user-1", "role": "contributor", "state": "erased"}
    assert row == expected
    with pytest.raises(BadToken):
        tokens.identify_token(store, token, "")
    assert bank("users", "erase", "a@b.az").exit_code == 2
    assert bank("audit", "verify").exit_code == 0
