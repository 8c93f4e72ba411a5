"""API tokens and the access policy."""

import pytest

from biobank.accounts import tokens, users
from biobank.accounts.identity import OPERATOR, ROLES, SCOPES_OF, Identity, anonymous
from biobank.accounts.policy import TABLE, Action, allows, allows_somewhere
from biobank.errors import AccountRefused, BadToken, Forbidden, NotFound
from biobank.store.session import Database
from tests.accounts.conftest import member


def test_a_token_stands_for_its_owner_within_its_scopes(store: Database) -> None:
    nigar = member(store)
    key = tokens.make_token(store, nigar.who, "my script", ["read", "write"])
    assert key.startswith("bbk_")
    who = tokens.token_identity(store, key, "192.0.2.1")
    assert (who.user_id, who.role, who.via, who.scopes) == (
        nigar.id,
        "editor",
        "token",
        {"read", "write"},
    )
    assert allows(who, Action.WRITE_PEOPLE, "draft")
    assert not allows(who, Action.PUBLISH_PEOPLE, "another's")
    assert not allows(nigar.who, Action.PUBLISH_PEOPLE, "own")
    assert allows(nigar.who, Action.PUBLISH_PEOPLE, "another's")
    (shown,) = tokens.own(store, nigar.who)
    assert shown.used_at is not None


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
def test_a_token_goes_no_further_than_the_role(
    store_on_disk: Database, role: str, scopes: list[str]
) -> None:
    nigar = member(store_on_disk, role=role)
    with pytest.raises(AccountRefused) as caught:
        tokens.make_token(store_on_disk, nigar.who, "script", scopes)
    assert caught.value.code == "bad_scope"


def test_a_token_loses_what_its_owner_loses(store: Database) -> None:
    nigar = member(store)
    key = tokens.make_token(store, nigar.who, "script", ["publish"])
    users.change_role(store, OPERATOR, nigar.id, "contributor")
    assert not allows_somewhere(tokens.token_identity(store, key, ""), Action.PUBLISH_PEOPLE)


def test_a_token_is_ended_by_its_owner_alone(store: Database) -> None:
    nigar, other = member(store), member(store, "other@example.az", "admin")
    key = tokens.make_token(store, nigar.who, "script", ["read"])
    (row,) = tokens.own(store, nigar.who)
    with pytest.raises(NotFound):
        tokens.revoke_token(store, other.who, row.id)
    tokens.revoke_token(store, nigar.who, row.id)
    assert tokens.own(store, nigar.who) == []
    with pytest.raises(BadToken):
        tokens.token_identity(store, key, "")


@pytest.mark.parametrize("key", ["", "bbk_", "bbk_" + "x" * 100_000, "\x00", "ə"])
def test_anything_else_is_no_token(store_on_disk: Database, key: str) -> None:
    with pytest.raises(BadToken):
        tokens.token_identity(store_on_disk, key, "")


def test_a_token_does_not_manage_the_account_it_is_of(store: Database) -> None:
    nigar = member(store, role="admin")
    key = tokens.make_token(store, nigar.who, "script", SCOPES_OF["admin"])
    who = tokens.token_identity(store, key, "")
    with pytest.raises(Forbidden):
        tokens.make_token(store, who, "a token's token", ["admin"])
    assert allows(who, Action.SEE_USERS)


def test_every_action_stands_in_the_table() -> None:
    assert set(TABLE) == set(Action)


def test_more_rights_with_each_role_and_all_for_the_operator() -> None:
    def may(who: Identity) -> set[Action]:
        return {action for action in Action if allows_somewhere(who, action)}

    before = may(anonymous())
    assert before == {Action.READ_PUBLIC, Action.SIGN_IN, Action.SEND}
    for role in ROLES:
        now = may(Identity(role=role, via="session"))
        assert before < now
        before = now
    assert may(OPERATOR) == set(Action)
