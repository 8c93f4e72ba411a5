"""User administration: invitations, roles, deactivation and the last administrator."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from biobank.accounts import audit_reading, directory, sessions, signing_in, tokens, users
from biobank.accounts.clock import now
from biobank.accounts.identity import OPERATOR
from biobank.accounts.models import AuditEvent, OneTimeLink, User
from biobank.errors import AccountRefused, BiobankError, Forbidden, NotFound, NotSignedIn
from biobank.store.session import Database
from tests.accounts.conftest import PASSWORD, STRANGER, identity, member, sign_in, unlocked


def code(caught: pytest.ExceptionInfo[AccountRefused]) -> str:
    return caught.value.code


def test_who_is_invited_chooses_a_password_and_is_signed_in(store: Database) -> None:
    made = users.invite(store, OPERATOR, " Nigar@Example.AZ ", "editor", lang="ru")
    assert made.user.email == "nigar@example.az"
    assert users.invited(store, made.key).lang == "ru"
    key = users.accept(store, STRANGER, made.key, "Nigar  Rəfibəyli", PASSWORD)
    who = identity(store, key)
    assert (who.name, who.role, who.via) == ("Nigar Rəfibəyli", "editor", "session")
    assert sign_in(store)


def test_an_invitation_works_once(store: Database) -> None:
    made = users.invite(store, OPERATOR, "nigar@example.az", "editor")
    users.accept(store, STRANGER, made.key, "Nigar", PASSWORD)
    with pytest.raises(AccountRefused) as caught:
        users.accept(store, STRANGER, made.key, "Thief", "another password")
    assert code(caught) == "bad_link"
    assert sign_in(store)


def test_of_two_who_take_one_invitation_at_once_one_gets_through(store: Database) -> None:
    made = users.invite(store, OPERATOR, "nigar@example.az", "editor")

    def take(name: str) -> bool:
        try:
            users.accept(store, STRANGER, made.key, name, PASSWORD)
        except AccountRefused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(take, "abcd")) == 1


def test_an_invitation_ends(store: Database) -> None:
    made = users.invite(store, OPERATOR, "nigar@example.az", "editor")
    with store.write() as session:
        session.execute(update(OneTimeLink).values(expires_at=now() - timedelta(seconds=1)))
    with pytest.raises(AccountRefused) as caught:
        users.accept(store, STRANGER, made.key, "Nigar", PASSWORD)
    assert code(caught) == "bad_link"


def test_a_newer_link_takes_over_from_the_older(store_on_disk: Database) -> None:
    old = users.invite(store_on_disk, OPERATOR, "nigar@example.az", "editor")
    new = users.make_link(store_on_disk, OPERATOR, old.user.id)
    assert new.kind == "invitation"
    with pytest.raises(AccountRefused):
        users.invited(store_on_disk, old.key)
    assert users.invited(store_on_disk, new.key).id == old.user.id


def test_one_address_is_one_user_however_it_is_written(store: Database) -> None:
    users.invite(store, OPERATOR, "nigar@example.az", "editor")
    with pytest.raises(AccountRefused) as caught:
        users.invite(store, OPERATOR, "NIGAR@EXAMPLE.AZ", "admin")
    assert code(caught) == "email_taken"


@pytest.mark.parametrize(
    "email",
    [
        "",
        "nigar",
        "@",
        "a@b",
        "a b@c.az",
        "a@b.az, c@d.az",
        "<a@b.az>",
        "a@b.az\nBcc: x",
        "a" * 300,
    ],
)
def test_what_is_no_address_is_refused(store_on_disk: Database, email: str) -> None:
    with pytest.raises(AccountRefused) as caught:
        users.invite(store_on_disk, OPERATOR, email, "editor")
    assert code(caught) == "bad_email"


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "short_password"),
        ("x" * 129, "long_password"),
        ("1234567890", "common_password"),
        ("Azərbaycan1", "common_password"),
        ("aaaaaaabbbb", "common_password"),
        ("NIGAR.REFIBEYLI@example.az", "email_password"),
        ("nigar.refibeyli", "email_password"),
    ],
)
def test_a_bad_password_is_refused_with_the_reason(
    store_on_disk: Database, password: str, why: str
) -> None:
    made = users.invite(store_on_disk, OPERATOR, "nigar.refibeyli@example.az", "editor")
    with pytest.raises(AccountRefused) as caught:
        users.accept(store_on_disk, STRANGER, made.key, "Nigar", password)
    assert code(caught) == why
    # The link is still valid.
    assert users.accept(store_on_disk, STRANGER, made.key, "Nigar", PASSWORD)


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "a\x00b", "a\u202eb"])
def test_a_bad_name_is_refused(store_on_disk: Database, name: str) -> None:
    made = users.invite(store_on_disk, OPERATOR, "nigar@example.az", "editor")
    with pytest.raises(AccountRefused) as caught:
        users.accept(store_on_disk, STRANGER, made.key, name, PASSWORD)
    assert code(caught) == "bad_name"


def test_another_role_ends_the_sessions(store_on_disk: Database) -> None:
    nigar = member(store_on_disk)
    users.change_role(store_on_disk, OPERATOR, nigar.id, "contributor")
    assert sessions.identity(store_on_disk, nigar.key, "") is None
    assert identity(store_on_disk, sign_in(store_on_disk)).role == "contributor"


def test_who_is_kept_out_has_nothing_left(store_on_disk: Database) -> None:
    nigar = member(store_on_disk)
    token = tokens.make_token(store_on_disk, nigar.who, "script", ["read"])
    reset = signing_in.ask_reset(store_on_disk, STRANGER, nigar.email)
    assert reset
    users.deactivate(store_on_disk, OPERATOR, nigar.id)
    assert sessions.identity(store_on_disk, nigar.key, "") is None
    assert signing_in.ask_reset(store_on_disk, STRANGER, nigar.email) is None
    for attempt in (
        lambda: sign_in(store_on_disk),
        lambda: tokens.token_identity(store_on_disk, token, ""),
        lambda: signing_in.reset(store_on_disk, STRANGER, reset.key, "another password"),
    ):
        with pytest.raises(BiobankError):
            attempt()
    users.activate(store_on_disk, OPERATOR, nigar.id)
    unlocked(store_on_disk)
    assert sign_in(store_on_disk)
    with pytest.raises(BiobankError):
        tokens.token_identity(store_on_disk, token, "")


def test_the_last_administrator_stays(store_on_disk: Database) -> None:
    admin = member(store_on_disk, "admin@example.az", "admin")
    for remove in (
        lambda: users.deactivate(store_on_disk, OPERATOR, admin.id),
        lambda: users.change_role(store_on_disk, OPERATOR, admin.id, "editor"),
    ):
        with pytest.raises(AccountRefused) as caught:
            remove()
        assert code(caught) == "last_admin"
    member(store_on_disk, "second@example.az", "admin")
    users.deactivate(store_on_disk, OPERATOR, admin.id)


def test_two_administrators_who_remove_each_other_do_not_both_succeed(store: Database) -> None:
    first = member(store, "first@example.az", "admin")
    second = member(store, "second@example.az", "admin")

    def remove(pair: tuple[object, int]) -> bool:
        try:
            users.deactivate(store, pair[0], pair[1])  # type: ignore[arg-type]
        except AccountRefused:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(remove, [(first.who, second.id), (second.who, first.id)]))
    assert sum(done) == 1
    with store.read() as session:
        assert session.scalars(select(User.id).where(User.role == "admin", User.active)).all()


def test_nobody_manages_themselves_nor_without_the_right(store_on_disk: Database) -> None:
    admin = member(store_on_disk, "admin@example.az", "admin")
    editor = member(store_on_disk)
    with pytest.raises(Forbidden):
        users.change_role(store_on_disk, admin.who, admin.id, "editor")
    with pytest.raises(Forbidden):
        users.deactivate(store_on_disk, editor.who, admin.id)
    with pytest.raises(Forbidden):
        users.invite(store_on_disk, editor.who, "new@example.az", "admin")
    with pytest.raises(Forbidden):
        directory.everybody(store_on_disk, editor.who)
    with pytest.raises(NotSignedIn):
        directory.everybody(store_on_disk, STRANGER)
    with pytest.raises(NotFound):
        users.deactivate(store_on_disk, admin.who, 999)


def test_the_audit_tells_who_did_what_from_where_and_no_secret(store: Database) -> None:
    admin = member(store, "admin@example.az", "admin")
    nigar = member(store)
    users.change_role(store, admin.who, nigar.id, "contributor")
    found, total = audit_reading.events(store, admin.who)
    assert total == len(found) == 5
    last = found[0]
    assert (last.what, last.actor, last.subject) == ("role_changed", admin.email, nigar.email)
    assert last.address == STRANGER.address
    assert found[2].what == "invited"
    assert found[1].actor == nigar.email
    assert last.detail == {"before": "editor", "after": "contributor"}
    assert [event.what for event in reversed(found)][:2] == ["invited", "invitation_accepted"]
    with pytest.raises(Forbidden):
        audit_reading.events(store, nigar.who)


@pytest.mark.parametrize(
    "change", ["UPDATE audit_events SET actor = 'nobody'", "DELETE FROM audit_events"]
)
def test_the_database_itself_refuses_to_change_the_audit(store: Database, change: str) -> None:
    member(store)
    with pytest.raises((DBAPIError, BiobankError), match="only added to"), store.write() as session:
        session.execute(text(change))
    with store.read() as session:
        assert len(session.scalars(select(AuditEvent)).all()) == 2
