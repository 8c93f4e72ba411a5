"""Personal data is erased from accounts and the audit log; work and hash chain remain."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from biobank.accounts import audit, audit_erasure, erasure, tokens, users
from biobank.accounts.audit_hashes import compute_digest
from biobank.accounts.identity import OPERATOR, Identity, anonymous
from biobank.accounts.models import AuditEvent, User
from biobank.common.clock import now
from biobank.editorial.revisions.bulk_save import save_records
from biobank.errors import AccountRefused, BadToken, Forbidden, NotFound
from biobank.exchange.changes.models import Webhook
from biobank.records.people.models import Revision
from biobank.store import schema
from biobank.store.session import Database
from tests.accounts.conftest import PASSWORD, create_member, sign_in
from tests.support import seed

EMAIL, NAME = "nigar.r@example.az", "Nigar Rəfibəyli"
ADDRESS, OTHER_ADDRESS = "203.0.113.7", "198.51.100.1"


def load_events(database: Database) -> list[AuditEvent]:
    with database.read() as session:
        return list(session.scalars(select(AuditEvent).order_by(AuditEvent.id)))


def assert_chain(database: Database) -> None:
    assert audit.verify(database, OPERATOR).broken_id is None


def change_rows(database: Database, *statements: str) -> None:
    """Execute SQL without the triggers, as the owner of the database could."""
    with database.write() as session:
        if database.is_sqlite:
            session.execute(text("DROP TRIGGER IF EXISTS audit_events_update"))
            session.execute(text("DROP TRIGGER IF EXISTS audit_events_delete"))
        else:
            session.execute(text("ALTER TABLE audit_events DISABLE TRIGGER USER"))
        for statement in statements:
            session.execute(text(statement))


def write_at(database: Database, address: str, days_ago: int = 0) -> None:
    actor = Identity("editor", "session", "Nigar", 7, "nigar@example.az", ip_address=address)
    with database.write() as session:
        audit.record_for(session, actor, "published", "person", "p")
        for event in session.info[audit.PENDING_EVENTS_KEY]:
            event.at = now() - timedelta(days=days_ago)


def test_addresses_are_erased_after_the_retention_period(database: Database) -> None:
    days = audit_erasure.AUDIT_ADDRESS_RETENTION.days
    write_at(database, "192.0.2.1", days + 1)
    write_at(database, "192.0.2.2", days - 1)
    hashes = [event.hash for event in load_events(database)]
    assert audit_erasure.purge_addresses(database, now()) == 1
    assert audit_erasure.purge_addresses(database, now()) == 0
    events = load_events(database)
    assert [event.address for event in events] == ["", "192.0.2.2"]
    assert [event.hash for event in events] == hashes
    assert "address" not in events[0].salts
    assert_chain(database)


def test_addresses_are_erased_in_chunks(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_erasure, "ERASURE_CHUNK_ROWS", 2)
    for _ in range(5):
        write_at(database, ADDRESS)
    assert audit_erasure.erase_address(database, OPERATOR, f" {ADDRESS} ") == 5
    last = load_events(database)[-1]
    assert (last.what, last.detail) == ("addresses_erased", {"count": 5})
    assert not any(event.address for event in load_events(database))
    assert_chain(database)


def test_addresses_of_a_user_are_erased_but_not_those_of_administrators(database: Database) -> None:
    nigar = create_member(database)
    boss = create_member(database, "boss@example.az", "admin")
    admin = Identity("admin", "session", "A", boss.id, "a@example.az", ip_address=OTHER_ADDRESS)
    users.sign_out_user(database, admin, nigar.id)
    audit_erasure.erase_addresses_of_user(database, OPERATOR, nigar.id)
    kept = {event.address for event in load_events(database) if event.subject_id == nigar.id}
    assert kept == {"", OTHER_ADDRESS}
    assert_chain(database)


@pytest.mark.parametrize("address", ["", "nowhere", "203.0.113.0/24"])
def test_only_an_address_can_be_erased(store_on_disk: Database, address: str) -> None:
    with pytest.raises(AccountRefused):
        audit_erasure.erase_address(store_on_disk, OPERATOR, address)


@pytest.mark.parametrize(
    "change",
    [
        "address = '192.0.2.9'",
        "actor = 'user-8'",
        'digests = \'{{"address": "{digest}"}}\'',
        "what = 'withdrew'",
        "detail = '{{\"a\": 1}}'",
        "chain_version = 1",
        "salts = '{{}}'",
    ],
)
def test_a_changed_row_with_an_erased_address_is_reported(database: Database, change: str) -> None:
    for _ in range(3):
        write_at(database, ADDRESS)
    audit_erasure.erase_address(database, OPERATOR, ADDRESS)
    row = load_events(database)[1]
    forged = change.format(digest=compute_digest("", "192.0.2.9"))
    change_rows(database, f"UPDATE audit_events SET {forged} WHERE id = {row.id}")
    result = audit.verify(database, OPERATOR)
    assert (result.broken_id, result.row_count) == (row.id, 1)


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'nobody'",
        "address = '192.0.2.9'",
        "what = 'withdrew'",
        "hash = ''",
        "actor = 'user-8'",
        "subject = ''",
        "detail = '{\"a\": 1}'",
        "chain_version = 3",
    ],
)
def test_the_database_lets_rows_only_be_erased(database: Database, change: str) -> None:
    write_at(database, ADDRESS)
    with pytest.raises(Exception, match="only added to"), database.write() as session:
        session.execute(text(f"UPDATE audit_events SET {change}"))
    with pytest.raises(Exception, match="only added to"), database.write() as session:
        session.execute(text("DELETE FROM audit_events"))


def write_older_rows(database: Database) -> None:
    """Write rows and their hashes as the version before did."""
    schema.downgrade(database, "0013")
    with database.write() as session:
        for number in range(3):
            session.execute(
                text(
                    "INSERT INTO audit_events (at, what, kind, subject, actor, actor_id, address, detail) "
                    "VALUES (:at, 'changed', 'place', 'p', 'n@example.az', 7, '192.0.2.1', '{}')"
                ),
                {"at": f"2024-01-0{number + 1} 10:00:00.250000"},
            )
    schema.upgrade(database, "0017")


def test_older_rows_are_erased_and_verified(database: Database) -> None:
    write_older_rows(database)
    with database.read() as session:
        hashes = list(session.scalars(text("SELECT hash FROM audit_events ORDER BY id")))
    schema.upgrade(database)
    assert_chain(database)
    assert audit_erasure.purge_addresses(database, now()) == 3
    events = load_events(database)
    assert [event.hash for event in events[:3]] == hashes
    assert [event.address for event in events[:3]] == ["", "", ""]
    assert events[3].what == "sealed"
    # A hash of an export before the upgrade is still there.
    assert audit.verify(database, OPERATOR, hashes[1]).contains_hash
    assert_chain(database)
    for revision in ("0017", None):
        schema.downgrade(database, revision) if revision else schema.upgrade(database)
    assert_chain(database)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_events SET what = 'published' WHERE id = {0}",
        "UPDATE audit_events SET actor = 'other' WHERE id = {0}",
        "UPDATE audit_events SET hash = 'x' WHERE id = {2}",
        "DELETE FROM audit_events WHERE id = {0}",
        "DELETE FROM audit_events WHERE id = {3}",
        "UPDATE audit_events SET chain_version = 1 WHERE id = {3}",
    ],
)
def test_a_changed_older_row_is_reported_after_erasure(database: Database, change: str) -> None:
    write_older_rows(database)
    schema.upgrade(database)
    audit_erasure.purge_addresses(database, now())
    write_at(database, ADDRESS)
    change_rows(database, change.format(*(event.id for event in load_events(database))))
    assert audit.verify(database, OPERATOR).broken_id is not None


def create_busy_member(database: Database, login_address: str = ADDRESS) -> tuple[int, str]:
    """Create an editor with a session, a token, a second factor and work; return id and token."""
    member = create_member(database, EMAIL)
    users.update_profile(database, member.identity, NAME, "az")
    token = tokens.create_token(database, member.identity, PASSWORD, f"laptop of {NAME}", ["read"])
    record = seed.person_without_relations("uzeyir-hacibeyov")
    actor = Identity("editor", "session", NAME, member.id, EMAIL, ip_address=login_address)
    with database.write() as session:
        save_records(session, [record], actor, "test", publish=True)
        audit.record_for(session, actor, "published", "person", record["id"])
        session.get_one(User, member.id).totp = "encrypted secret"
        session.add(
            Webhook(
                address="https://mirror.example.az",
                salt="s",
                made_by=EMAIL,
                made_at=now(),
                position=0,
                ping=False,
                paused="",
                failures=0,
                next_at=now(),
                outcome="",
            )
        )
    with pytest.raises(AccountRefused):
        sign_in(database, EMAIL, "not the password")
    return member.id, token


def test_an_erased_account_leaves_only_a_pseudonym(database: Database) -> None:
    user_id, token = create_busy_member(database)
    create_member(database, "other@example.az")
    assert erasure.erase_account(database, OPERATOR, user_id, EMAIL.upper()) == f"user-{user_id}"
    with database.read() as session:
        user = session.get_one(User, user_id)
        assert (user.name, user.email) == (f"user-{user_id}", f"user-{user_id}@erased.invalid")
        assert (user.active, user.password, user.totp, user.role) == (False, None, None, "contributor")
        for table, column in erasure.owned_rows():
            assert session.execute(select(table).where(column == user_id)).first() is None
        assert session.scalars(select(Webhook.made_by)).all() == [user.name]
        revision = session.scalars(select(Revision)).one()
        assert (revision.author, revision.author_id) == (f"user-{user_id}", user_id)
    with pytest.raises(BadToken):
        tokens.identify_token(database, token, "")
    with pytest.raises(AccountRefused):
        sign_in(database, EMAIL)
    assert users.user_state(user) == "erased"
    for event in load_events(database):
        row = json.dumps([event.actor, event.subject, event.address, event.detail], ensure_ascii=False)
        assert not any(word in row for word in (EMAIL, NAME, "laptop")), row
    assert "erased" in [event.what for event in load_events(database)]
    assert_chain(database)


def test_an_erased_account_cannot_be_managed_or_erased_again(database: Database) -> None:
    user_id, _ = create_busy_member(database)
    erasure.erase_account(database, OPERATOR, user_id, EMAIL)
    for action in (users.activate, users.issue_link, users.deactivate, users.sign_out_user):
        with pytest.raises(NotFound):
            action(database, OPERATOR, user_id)
    with pytest.raises(NotFound):
        erasure.erase_account(database, OPERATOR, user_id, f"user-{user_id}@erased.invalid")
    # The address is free for a new account.
    assert users.invite(database, OPERATOR, EMAIL, "editor").user.id != user_id


def test_erasing_takes_another_administrator_and_the_address(database: Database) -> None:
    nigar = create_member(database, EMAIL)
    admin = create_member(database, "admin@example.az", "admin")
    program = Identity("admin", "token", "A", admin.id, admin.email, frozenset(("admin",)))
    attempts: tuple[tuple[Identity, int, str, type[Exception]], ...] = (
        (nigar.identity, admin.id, admin.email, Forbidden),
        (program, nigar.id, EMAIL, Forbidden),
        (admin.identity, admin.id, admin.email, Forbidden),
        (admin.identity, nigar.id, "", AccountRefused),
        (admin.identity, nigar.id, admin.email, AccountRefused),
        (OPERATOR, admin.id, admin.email, AccountRefused),
    )
    for actor, user_id, email, expected in attempts:
        with pytest.raises(expected):
            erasure.erase_account(database, actor, user_id, email)
    for actor in (nigar.identity, program, anonymous(ADDRESS)):
        with pytest.raises(Exception, match=r"permission|Sign in"):
            audit_erasure.erase_address(database, actor, ADDRESS)
    erasure.erase_account(database, admin.identity, nigar.id, EMAIL)


def test_nothing_of_an_erased_account_is_left_in_the_files(store_on_disk: Database, tmp_path: Path) -> None:
    user_id, _ = create_busy_member(store_on_disk, OTHER_ADDRESS)

    def stored() -> bytes:
        return b"".join(file.read_bytes() for file in tmp_path.glob("biobank.db*"))

    traces = (EMAIL.encode(), NAME.encode(), OTHER_ADDRESS.encode(), b"laptop of")
    assert all(trace in stored() for trace in traces)
    erasure.erase_account(store_on_disk, OPERATOR, user_id, EMAIL)
    assert [trace for trace in traces if trace in stored()] == []


def test_housekeeping_empties_the_log_if_a_reader_was_open(store_on_disk: Database, tmp_path: Path) -> None:
    user_id, _ = create_busy_member(store_on_disk)
    with store_on_disk.read() as session:
        session.scalars(select(User)).all()
        erasure.erase_account(store_on_disk, OPERATOR, user_id, EMAIL)
    store_on_disk.checkpoint_wal()
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("biobank.db*"))
    assert EMAIL.encode() not in stored


def test_every_table_with_names_of_users_is_known() -> None:
    """Name a new table here after checking that its rows may be deleted or its names replaced."""
    owned = {table.name for table, _ in erasure.owned_rows()}
    assert owned - {"passkeys"} == {
        *("api_tokens", "one_time_links", "recovery_codes", "saved_searches", "sign_ins", "working_copies"),
    }
    assert {f"{table.name}.{column.name}" for table, column, _ in erasure.author_columns()} == {
        *("import_runs.author", "pictures.uploader", "reference_edits.author", "reference_merges.author"),
        *("distinct_people.said_by", "merges.by", "merges.undone_by", "revisions.author"),
        *("revisions.reviewer", "review_notes.author", "message_notes.author"),
    }
