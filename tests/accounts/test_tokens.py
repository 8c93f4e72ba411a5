"""API tokens and the access policy."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from biobank.accounts import authentication, tokens, users
from biobank.accounts.identity import OPERATOR, ROLE_SCOPES, ROLES, Identity, anonymous
from biobank.accounts.models import ApiToken
from biobank.accounts.policy import ACCESS_RULES, Action, is_allowed, is_allowed_in_any_state
from biobank.common.clock import as_utc, now
from biobank.errors import AccountRefused, BadToken, Forbidden, NotFound
from biobank.store.session import Database
from tests.accounts.conftest import ANONYMOUS, PASSWORD, create_member


def test_a_token_has_its_owners_rights_within_its_scopes(store: Database) -> None:
    nigar = create_member(store)
    key = tokens.create_token(store, nigar.identity, PASSWORD, "my script", ["read", "write"])
    assert key.startswith("bbk_")
    identified = tokens.identify_token(store, key, "192.0.2.1")
    assert (identified.user_id, identified.role, identified.via, identified.scopes) == (
        nigar.id,
        "editor",
        "token",
        {"read", "write"},
    )
    assert is_allowed(identified, Action.WRITE_PEOPLE, "draft")
    assert not is_allowed(identified, Action.PUBLISH_PEOPLE, "another's")
    assert not is_allowed(nigar.identity, Action.PUBLISH_PEOPLE, "own")
    assert is_allowed(nigar.identity, Action.PUBLISH_PEOPLE, "another's")
    (listed,) = tokens.list_own_tokens(store, nigar.identity)
    assert listed.used_at is not None


@pytest.mark.parametrize(
    ("role", "scopes"),
    [
        ("editor", ["admin"]),
        ("contributor", ["publish"]),
        ("admin", []),
        ("admin", ["everything"]),
        ("admin", ["read", "everything"]),
    ],
)
def test_a_token_is_limited_to_the_role(store_on_disk: Database, role: str, scopes: list[str]) -> None:
    nigar = create_member(store_on_disk, role=role)
    with pytest.raises(AccountRefused) as exc_info:
        tokens.create_token(store_on_disk, nigar.identity, PASSWORD, "script", scopes)
    assert exc_info.value.code == "bad_scope"


def test_a_token_loses_the_rights_its_owner_loses(store: Database) -> None:
    nigar = create_member(store)
    key = tokens.create_token(store, nigar.identity, PASSWORD, "script", ["publish"])
    users.change_role(store, OPERATOR, nigar.id, "contributor")
    assert not is_allowed_in_any_state(tokens.identify_token(store, key, ""), Action.PUBLISH_PEOPLE)


def test_a_password_reset_revokes_the_tokens(store: Database) -> None:
    nigar, other_user = create_member(store), create_member(store, "other@example.az")
    key = tokens.create_token(store, nigar.identity, PASSWORD, "script", ["read"])
    other_key = tokens.create_token(store, other_user.identity, PASSWORD, "script", ["read"])
    link = authentication.request_reset(store, ANONYMOUS, nigar.email)
    assert link
    authentication.reset_password(store, ANONYMOUS, link.key, "a kilim of Quba")
    with pytest.raises(BadToken):
        tokens.identify_token(store, key, "")
    assert tokens.identify_token(store, other_key, "").user_id == other_user.id


def test_the_reset_of_the_second_factor_revokes_the_tokens(store: Database) -> None:
    nigar = create_member(store)
    key = tokens.create_token(store, nigar.identity, PASSWORD, "script", ["read"])
    users.remove_second_factor(store, OPERATOR, nigar.id)
    with pytest.raises(BadToken):
        tokens.identify_token(store, key, "")


def test_a_token_requires_the_password(store: Database) -> None:
    nigar = create_member(store)
    with pytest.raises(AccountRefused) as exc_info:
        tokens.create_token(store, nigar.identity, "another password", "script", ["read"])
    assert exc_info.value.code == "wrong_password"
    assert tokens.list_own_tokens(store, nigar.identity) == []


def test_a_token_expires(store: Database) -> None:
    nigar = create_member(store)
    key = tokens.create_token(store, nigar.identity, PASSWORD, "script", ["read"])
    (row,) = tokens.list_own_tokens(store, nigar.identity)
    assert as_utc(row.expires_at) - as_utc(row.created_at) == timedelta(days=tokens.DEFAULT_TOKEN_DAYS)
    with store.write() as session:
        session.execute(update(ApiToken).values(expires_at=now() - timedelta(seconds=1)))
    with pytest.raises(BadToken):
        tokens.identify_token(store, key, "")
    assert tokens.list_own_tokens(store, nigar.identity) == []


@pytest.mark.parametrize("days", [0, -1, tokens.MAX_TOKEN_DAYS + 1])
def test_the_lifetime_of_a_token_is_limited(store_on_disk: Database, days: int) -> None:
    nigar = create_member(store_on_disk)
    with pytest.raises(AccountRefused) as exc_info:
        tokens.create_token(store_on_disk, nigar.identity, PASSWORD, "script", ["read"], days)
    assert exc_info.value.code == "bad_lifetime"


def test_only_the_owner_revokes_a_token(store: Database) -> None:
    nigar, other_user = create_member(store), create_member(store, "other@example.az", "admin")
    key = tokens.create_token(store, nigar.identity, PASSWORD, "script", ["read"])
    (row,) = tokens.list_own_tokens(store, nigar.identity)
    with pytest.raises(NotFound):
        tokens.revoke_token(store, other_user.identity, row.id)
    tokens.revoke_token(store, nigar.identity, row.id)
    assert tokens.list_own_tokens(store, nigar.identity) == []
    with pytest.raises(BadToken):
        tokens.identify_token(store, key, "")


@pytest.mark.parametrize("key", ["", "bbk_", "bbk_" + "x" * 100_000, "\x00", "ə"])
def test_invalid_tokens_are_rejected(store_on_disk: Database, key: str) -> None:
    with pytest.raises(BadToken):
        tokens.identify_token(store_on_disk, key, "")


def test_a_token_cannot_manage_its_owners_account(store: Database) -> None:
    nigar = create_member(store, role="admin")
    key = tokens.create_token(store, nigar.identity, PASSWORD, "script", ROLE_SCOPES["admin"])
    identified = tokens.identify_token(store, key, "")
    with pytest.raises(Forbidden):
        tokens.create_token(store, identified, PASSWORD, "a token's token", ["admin"])
    assert is_allowed(identified, Action.SEE_USERS)


def test_every_action_has_an_entry_in_the_table() -> None:
    assert set(ACCESS_RULES) == set(Action)


def test_rights_grow_with_the_role() -> None:
    def allowed_actions(actor: Identity) -> set[Action]:
        return {action for action in Action if is_allowed_in_any_state(actor, action)}

    before = allowed_actions(anonymous())
    assert before == {Action.READ_PUBLIC, Action.SIGN_IN, Action.SUBMIT_MESSAGE}
    for role in ROLES:
        now = allowed_actions(Identity(role=role, via="session"))
        assert before < now
        before = now
    assert allowed_actions(OPERATOR) == set(Action)
