"""User administration: invitations, roles, deactivation and the last administrator."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from biobank.accounts import audit_queries, authentication, sessions, tokens, users
from biobank.accounts.identity import OPERATOR
from biobank.accounts.models import AuditEvent, OneTimeLink, User
from biobank.common.clock import now
from biobank.errors import AccountRefused, BiobankError, Forbidden, NotFound, NotSignedIn
from biobank.store.session import Database
from tests.accounts.conftest import ANONYMOUS, PASSWORD, clear_waits, create_member, identify, sign_in


def refusal_code(exc_info: pytest.ExceptionInfo[AccountRefused]) -> str:
    return exc_info.value.code


def test_an_invited_user_sets_a_password_and_is_signed_in(store: Database) -> None:
    link = users.invite(store, OPERATOR, " Nigar@Example.AZ ", "editor", lang="ru")
    assert link.user.email == "nigar@example.az"
    assert users.get_invited_user(store, link.key).lang == "ru"
    key = users.accept_invitation(store, ANONYMOUS, link.key, "Nigar  Rəfibəyli", PASSWORD)
    identified = identify(store, key)
    assert (identified.name, identified.role, identified.via) == ("Nigar Rəfibəyli", "editor", "session")
    assert sign_in(store)


def test_an_invitation_works_once(store: Database) -> None:
    link = users.invite(store, OPERATOR, "nigar@example.az", "editor")
    users.accept_invitation(store, ANONYMOUS, link.key, "Nigar", PASSWORD)
    with pytest.raises(AccountRefused) as exc_info:
        users.accept_invitation(store, ANONYMOUS, link.key, "Thief", "another password")
    assert refusal_code(exc_info) == "bad_link"
    assert sign_in(store)


def test_concurrent_acceptances_of_an_invitation_succeed_once(store: Database) -> None:
    link = users.invite(store, OPERATOR, "nigar@example.az", "editor")

    def accept(name: str) -> bool:
        try:
            users.accept_invitation(store, ANONYMOUS, link.key, name, PASSWORD)
        except AccountRefused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(accept, "abcd")) == 1


def test_an_invitation_expires(store: Database) -> None:
    link = users.invite(store, OPERATOR, "nigar@example.az", "editor")
    with store.write() as session:
        session.execute(update(OneTimeLink).values(expires_at=now() - timedelta(seconds=1)))
    with pytest.raises(AccountRefused) as exc_info:
        users.accept_invitation(store, ANONYMOUS, link.key, "Nigar", PASSWORD)
    assert refusal_code(exc_info) == "bad_link"


def test_a_newer_link_replaces_the_older_one(store_on_disk: Database) -> None:
    old = users.invite(store_on_disk, OPERATOR, "nigar@example.az", "editor")
    new = users.issue_link(store_on_disk, OPERATOR, old.user.id)
    assert new.kind == "invitation"
    with pytest.raises(AccountRefused):
        users.get_invited_user(store_on_disk, old.key)
    assert users.get_invited_user(store_on_disk, new.key).id == old.user.id


def test_an_address_is_one_user_in_any_spelling(store: Database) -> None:
    users.invite(store, OPERATOR, "nigar@example.az", "editor")
    with pytest.raises(AccountRefused) as exc_info:
        users.invite(store, OPERATOR, "NIGAR@EXAMPLE.AZ", "admin")
    assert refusal_code(exc_info) == "email_taken"


@pytest.mark.parametrize(
    "email", ["", "nigar", "@", "a@b", "a b@c.az", "a@b.az, c@d.az", "<a@b.az>", "a@b.az\nBcc: x", "a" * 300]
)
def test_invalid_addresses_are_refused(store_on_disk: Database, email: str) -> None:
    with pytest.raises(AccountRefused) as exc_info:
        users.invite(store_on_disk, OPERATOR, email, "editor")
    assert refusal_code(exc_info) == "bad_email"


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "short_password"),
        ("x" * 129, "long_password"),
        ("1234567890", "common_password"),
        ("Azərbaycan1", "common_password"),
        ("Азербайджан1", "common_password"),
        ("Password123!", "common_password"),
        ("aaaaaaabbbb", "common_password"),
        ("NIGAR.REFIBEYLI@example.az", "email_password"),
        ("nigar.refibeyli", "email_password"),
    ],
)
def test_a_bad_password_is_refused_with_the_reason(
    store_on_disk: Database, password: str, reason: str
) -> None:
    link = users.invite(store_on_disk, OPERATOR, "nigar.refibeyli@example.az", "editor")
    with pytest.raises(AccountRefused) as exc_info:
        users.accept_invitation(store_on_disk, ANONYMOUS, link.key, "Nigar", password)
    assert refusal_code(exc_info) == reason
    # The link is still valid.
    assert users.accept_invitation(store_on_disk, ANONYMOUS, link.key, "Nigar", PASSWORD)


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "a\x00b", "a\u202eb"])
def test_a_bad_name_is_refused(store_on_disk: Database, name: str) -> None:
    link = users.invite(store_on_disk, OPERATOR, "nigar@example.az", "editor")
    with pytest.raises(AccountRefused) as exc_info:
        users.accept_invitation(store_on_disk, ANONYMOUS, link.key, name, PASSWORD)
    assert refusal_code(exc_info) == "bad_name"


def test_a_role_change_ends_the_sessions(store_on_disk: Database) -> None:
    nigar = create_member(store_on_disk)
    users.change_role(store_on_disk, OPERATOR, nigar.id, "contributor")
    assert sessions.identify_session(store_on_disk, nigar.key, "") is None
    assert identify(store_on_disk, sign_in(store_on_disk)).role == "contributor"


def test_a_deactivated_user_loses_all_access(store_on_disk: Database) -> None:
    nigar = create_member(store_on_disk)
    token = tokens.create_token(store_on_disk, nigar.identity, PASSWORD, "script", ["read"])
    reset = authentication.request_reset(store_on_disk, ANONYMOUS, nigar.email)
    assert reset
    users.deactivate(store_on_disk, OPERATOR, nigar.id)
    assert sessions.identify_session(store_on_disk, nigar.key, "") is None
    assert authentication.request_reset(store_on_disk, ANONYMOUS, nigar.email) is None
    for attempt in (
        lambda: sign_in(store_on_disk),
        lambda: tokens.identify_token(store_on_disk, token, ""),
        lambda: authentication.reset_password(store_on_disk, ANONYMOUS, reset.key, "another password"),
    ):
        with pytest.raises(BiobankError):
            attempt()
    users.activate(store_on_disk, OPERATOR, nigar.id)
    clear_waits(store_on_disk)
    assert sign_in(store_on_disk)
    with pytest.raises(BiobankError):
        tokens.identify_token(store_on_disk, token, "")


def test_the_last_administrator_cannot_be_removed(store_on_disk: Database) -> None:
    admin = create_member(store_on_disk, "admin@example.az", "admin")
    for remove in (
        lambda: users.deactivate(store_on_disk, OPERATOR, admin.id),
        lambda: users.change_role(store_on_disk, OPERATOR, admin.id, "editor"),
    ):
        with pytest.raises(AccountRefused) as exc_info:
            remove()
        assert refusal_code(exc_info) == "last_admin"
    create_member(store_on_disk, "second@example.az", "admin")
    users.deactivate(store_on_disk, OPERATOR, admin.id)


def test_two_administrators_cannot_remove_each_other_concurrently(store: Database) -> None:
    first = create_member(store, "first@example.az", "admin")
    second = create_member(store, "second@example.az", "admin")

    def remove(pair: tuple[object, int]) -> bool:
        try:
            users.deactivate(store, pair[0], pair[1])  # type: ignore[arg-type]
        except AccountRefused:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(remove, [(first.identity, second.id), (second.identity, first.id)]))
    assert sum(results) == 1
    with store.read() as session:
        assert session.scalars(select(User.id).where(User.role == "admin", User.active)).all()


def test_users_cannot_manage_themselves_or_without_the_right(store_on_disk: Database) -> None:
    admin = create_member(store_on_disk, "admin@example.az", "admin")
    editor = create_member(store_on_disk)
    with pytest.raises(Forbidden):
        users.change_role(store_on_disk, admin.identity, admin.id, "editor")
    with pytest.raises(Forbidden):
        users.deactivate(store_on_disk, editor.identity, admin.id)
    with pytest.raises(Forbidden):
        users.invite(store_on_disk, editor.identity, "new@example.az", "admin")
    with pytest.raises(Forbidden):
        users.list_users(store_on_disk, editor.identity)
    with pytest.raises(NotSignedIn):
        users.list_users(store_on_disk, ANONYMOUS)
    with pytest.raises(NotFound):
        users.deactivate(store_on_disk, admin.identity, 999)


def test_the_audit_records_actor_action_and_address_but_no_secret(store: Database) -> None:
    admin = create_member(store, "admin@example.az", "admin")
    nigar = create_member(store)
    users.change_role(store, admin.identity, nigar.id, "contributor")
    events, total = audit_queries.list_events(store, admin.identity)
    assert total == len(events) == 5
    last = events[0]
    assert (last.what, last.actor, last.subject) == ("role_changed", admin.email, nigar.email)
    assert last.address == ANONYMOUS.ip_address
    assert events[2].what == "invited"
    assert events[1].actor == nigar.email
    assert last.detail == {"before": "editor", "after": "contributor"}
    assert [event.what for event in reversed(events)][:2] == ["invited", "invitation_accepted"]
    with pytest.raises(Forbidden):
        audit_queries.list_events(store, nigar.identity)


@pytest.mark.parametrize("change", ["UPDATE audit_events SET actor = 'nobody'", "DELETE FROM audit_events"])
def test_database_triggers_keep_the_audit_immutable(store: Database, change: str) -> None:
    create_member(store)
    with pytest.raises((DBAPIError, BiobankError), match="only added to"), store.write() as session:
        session.execute(text(change))
    with store.read() as session:
        assert len(session.scalars(select(AuditEvent)).all()) == 2
