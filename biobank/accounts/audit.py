"""Audit log: one row per action, written in the transaction of the change, and chained by hashes.

The hash of each row covers the row and the previous hash: changing, inserting or deleting a row,
even around the database triggers, breaks the chain. Rows are written at the end of their
transaction and transactions are serialised, so that the order of ids is the order of the chain. See
`audit_hashes` for the hashes and `docs/adr/0016` and `0022` for the reasons.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.accounts import audit_hashes
from biobank.accounts.audit_hashes import DIGEST_VERSION
from biobank.accounts.identity import Identity
from biobank.accounts.models import AuditEvent, User
from biobank.accounts.policy import Action, require
from biobank.common.clock import as_utc, now
from biobank.store.session import Database, run_before_commit

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


@dataclass
class _ChainWalk:
    """The state of a check: valid rows so far, and the seal of the rows of the first version."""

    last_hash: str = ""
    row_count: int = 0
    seal: str = ""
    first_erased: AuditEvent | None = None
    sealed: bool = False

    def accepts(self, row: AuditEvent) -> bool:
        """Return whether the row follows the rows before; if so, take it in."""
        valid = audit_hashes.has_placeholders(row) and (
            self._accepts_digests(row) if row.chain_version == DIGEST_VERSION else self._accepts_values(row)
        )
        if valid:
            self.last_hash, self.row_count = row.hash, self.row_count + 1
        return valid

    def _accepts_digests(self, row: AuditEvent) -> bool:
        if row.hash != audit_hashes.event_hash(self.last_hash, row):
            return False
        if self.row_count and not self.sealed:
            expected = {"rows": self.row_count, "seal": self.seal}
            if (row.what, row.kind, row.detail) != ("sealed", "audit", expected):
                return False
        self.sealed = True
        return True

    def _accepts_values(self, row: AuditEvent) -> bool:
        """Erased rows of the first version are checked by the seal, and by the hash of the next row."""
        if self.sealed:
            return False
        if row.digests:
            self.first_erased = self.first_erased or row
        elif row.hash != audit_hashes.event_hash(self.last_hash, row):
            return False
        self.seal = audit_hashes.extend_seal(self.seal, row)
        return True


def verify(database: Database, actor: Identity, expected_hash: str = "") -> ChainCheck:
    """Check the chain from its beginning up to the first row that does not match its hash."""
    require(actor, Action.SEE_AUDIT)
    walk, last_id, contains_hash = _ChainWalk(), 0, False
    while rows := _load_rows(database, last_id):
        for row in rows:
            if not walk.accepts(row):
                return _broken(walk, row, contains_hash)
            contains_hash = contains_hash or row.hash == expected_hash
        last_id = rows[-1].id
    if walk.first_erased and not walk.sealed:
        return _broken(walk, walk.first_erased, contains_hash)
    return ChainCheck(walk.row_count, walk.last_hash, contains_hash=contains_hash)


def _broken(walk: _ChainWalk, row: AuditEvent, contains_hash: bool) -> ChainCheck:
    description = f"{as_utc(row.at).isoformat()} {row.what} {row.subject}"
    return ChainCheck(walk.row_count, walk.last_hash, row.id, description, contains_hash)


def _write_pending(session: Session) -> None:
    pending: list[AuditEvent] = session.info.pop(PENDING_EVENTS_KEY)
    session.flush()
    _lock_chain(session)
    query = select(AuditEvent.hash).order_by(AuditEvent.id.desc()).limit(1)
    last_hash = session.scalar(query) or ""
    for event in pending:
        # Hash the value as it will be read back: JSON converts tuples, for example.
        event.detail = json.loads(json.dumps(event.detail))
        audit_hashes.add_salts(event)
        event.hash = last_hash = audit_hashes.event_hash(last_hash, event)
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
