"""API tokens and the access policy."""

import pytest

from biobank.accounts import authentication, tokens, users
from biobank.accounts.identity import OPERATOR, ROLE_SCOPES, ROLES, Identity, anonymous
from biobank.accounts.policy import ACCESS_RULES, Action, is_allowed, is_allowed_in_any_state
from biobank.errors import AccountRefused, BadToken, Forbidden, NotFound
from biobank.store.session import Database
from tests.accounts.conftest import ANONYMOUS, create_member


def test_a_token_has_its_owners_rights_within_its_scopes(store: Database) -> None:
    nigar = create_member(store)
    key = tokens.create_token(store, nigar.identity, "my script", ["read", "write"])
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
        tokens.create_token(store_on_disk, nigar.identity, "script", scopes)
    assert exc_info.value.code == "bad_scope"


def test_a_token_loses_the_rights_its_owner_loses(store: Database) -> None:
    nigar = create_member(store)
    key = tokens.create_token(store, nigar.identity, "script", ["publish"])
    users.change_role(store, OPERATOR, nigar.id, "contributor")
    assert not is_allowed_in_any_state(tokens.identify_token(store, key, ""), Action.PUBLISH_PEOPLE)


def test_a_password_reset_revokes_the_tokens(store: Database) -> None:
    nigar, other_user = create_member(store), create_member(store, "other@example.az")
    key = tokens.create_token(store, nigar.identity, "script", ["read"])
    other_key = tokens.create_token(store, other_user.identity, "script", ["read"])
    link = authentication.request_reset(store, ANONYMOUS, nigar.email)
    assert link
    authentication.reset_password(store, ANONYMOUS, link.key, "a kilim of Quba")
    with pytest.raises(BadToken):
        tokens.identify_token(store, key, "")
    assert tokens.identify_token(store, other_key, "").user_id == other_user.id


def test_the_reset_of_the_second_factor_revokes_the_tokens(store: Database) -> None:
    nigar = create_member(store)
    key = tokens.create_token(store, nigar.identity, "script", ["read"])
    users.remove_second_factor(store, OPERATOR, nigar.id)
    with pytest.raises(BadToken):
        tokens.identify_token(store, key, "")


def test_only_the_owner_revokes_a_token(store: Database) -> None:
    nigar, other_user = create_member(store), create_member(store, "other@example.az", "admin")
    key = tokens.create_token(store, nigar.identity, "script", ["read"])
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
    key = tokens.create_token(store, nigar.identity, "script", ROLE_SCOPES["admin"])
    identified = tokens.identify_token(store, key, "")
    with pytest.raises(Forbidden):
        tokens.create_token(store, identified, "a token's token", ["admin"])
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
