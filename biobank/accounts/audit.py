"""Audit log: one row per action, written in the transaction of the change, and chained by hashes.

The hash of each row covers the row and the previous hash: changing, inserting or deleting a row,
even around the database triggers, breaks the chain. Rows are written at the end of their
transaction and transactions are serialised, so that the order of ids is the order of the chain. See
`docs/adr/0016`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.accounts.models import AuditEvent, User
from biobank.accounts.policy import Action, require
from biobank.common.clock import as_utc, now
from biobank.store.session import Database, run_before_commit

#: Columns covered by the hash. Ids are left out: the chain itself defines the order.
HASHED_FIELDS = ("at", "what", "kind", "subject", "subject_id", "actor", "actor_id", "address", "detail")
#: PostgreSQL advisory lock that serialises writers: an arbitrary constant.
CHAIN_LOCK_ID = 0x42_49_4F_43
#: Rows in memory while the whole log is read.
CHAIN_CHUNK_ROWS = 1_000
#: Key in `Session.info` of the events that are still to be written.
PENDING_EVENTS_KEY = "biobank_audit"


def record(
    session: Session, actor: Identity, action: str, subject: User | None = None, **detail: Any
) -> None:
    """Record that `actor` performed `action` on the account of `subject`.

    `detail` must not contain secrets.
    """
    event = _build_event(actor, action, "account", subject.email if subject else "", detail)
    event.subject_id = subject.id if subject else None
    add(session, event)


def record_for(
    session: Session, actor: Identity, action: str, kind: str, subject: str, **detail: Any
) -> None:
    """Record that `actor` performed `action` on a non-account object, e.g. a person, by its id."""
    add(session, _build_event(actor, action, kind, subject, detail))


def _build_event(actor: Identity, action: str, kind: str, subject: str, detail: dict[str, Any]) -> AuditEvent:
    return AuditEvent(
        at=now(),
        what=action,
        actor_id=actor.user_id,
        actor=actor.email or actor.name,
        kind=kind,
        subject=subject,
        address=actor.ip_address[:64],
        detail=detail,
    )


def record_self(session: Session, actor: Identity, action: str, user: User, **detail: Any) -> None:
    """Record an action of an anonymous actor who has just been identified as `user`."""
    actor = replace(actor, user_id=user.id, email=user.email)
    record(session, actor, action, user, **detail)


@dataclass(frozen=True)
class ChainCheck:
    """The result of a chain check.

    `row_count` rows are valid, `hash` is the hash of the last of them. `broken_id` is the id of the
    first invalid row and `broken_event` describes it. `contains_hash` tells whether a valid row has
    the expected hash.
    """

    row_count: int
    hash: str
    broken_id: int | None = None
    broken_event: str = ""
    contains_hash: bool = False


def add(session: Session, event: AuditEvent) -> None:
    """Queue an event; it is hashed and written just before the `Database.write` session commits."""
    pending = session.info.setdefault(PENDING_EVENTS_KEY, [])
    if not pending:
        run_before_commit(session, _write_pending)
    pending.append(event)


def compute_hash(previous_hash: str, values: Mapping[str, Any]) -> str:
    """Return the hexadecimal SHA-256 of the previous hash, a newline and the row as canonical JSON.

    Canonical JSON: the HASHED_FIELDS in alphabetical order, without spaces, non-ASCII escaped, `at`
    in UTC with microseconds.
    """
    row = {name: values[name] for name in HASHED_FIELDS}
    row["at"] = as_utc(row["at"]).isoformat(timespec="microseconds")
    canonical = json.dumps(row, sort_keys=True, separators=(",", ":"))
    return sha256(f"{previous_hash}\n{canonical}".encode()).hexdigest()


def verify(database: Database, actor: Identity, expected_hash: str = "") -> ChainCheck:
    """Check the chain from its beginning up to the first row that does not match its hash."""
    require(actor, Action.SEE_AUDIT)
    last_id, last_hash, row_count, contains_hash = 0, "", 0, False
    while rows := _load_rows(database, last_id):
        for row in rows:
            if row.hash != compute_hash(last_hash, _hashed_values(row)):
                description = f"{as_utc(row.at).isoformat()} {row.what} {row.subject}"
                return ChainCheck(row_count, last_hash, row.id, description, contains_hash)
            last_hash, row_count = row.hash, row_count + 1
            contains_hash = contains_hash or row.hash == expected_hash
        last_id = rows[-1].id
    return ChainCheck(row_count, last_hash, contains_hash=contains_hash)


def _write_pending(session: Session) -> None:
    pending: list[AuditEvent] = session.info.pop(PENDING_EVENTS_KEY)
    session.flush()
    _lock_chain(session)
    query = select(AuditEvent.hash).order_by(AuditEvent.id.desc()).limit(1)
    last_hash = session.scalar(query) or ""
    for event in pending:
        # Hash the value as it will be read back: JSON converts tuples, for example.
        event.detail = json.loads(json.dumps(event.detail))
        event.hash = last_hash = compute_hash(last_hash, _hashed_values(event))
        session.add(event)
        session.flush()


def _lock_chain(session: Session) -> None:
    """Serialise writers until the transaction ends. SQLite serialises them already."""
    if session.get_bind().dialect.name == "postgresql":
        # Deferred constraints are checked before the lock is taken: at commit they could wait for a
        # transaction that waits for this lock. One message saves a round trip to the server.
        session.connection().exec_driver_sql(
            f"SET CONSTRAINTS ALL IMMEDIATE; SELECT pg_advisory_xact_lock({CHAIN_LOCK_ID})"
        )


def _load_rows(database: Database, last_id: int) -> Sequence[AuditEvent]:
    query = select(AuditEvent).where(AuditEvent.id > last_id).order_by(AuditEvent.id).limit(CHAIN_CHUNK_ROWS)
    with database.read() as session:
        return session.scalars(query).all()


def _hashed_values(event: AuditEvent) -> dict[str, Any]:
    return {name: getattr(event, name) for name in HASHED_FIELDS}
