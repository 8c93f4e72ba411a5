"""Hash chain of the audit log: the hash of each row covers the row and the previous hash.

Changing, inserting or deleting a row, even around the database triggers, breaks the chain. Rows are
written at the end of their transaction and transactions are serialised, so that the order of ids is
the order of the chain. See `docs/adr/0016`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.accounts.clock import as_utc
from biobank.accounts.identity import Identity
from biobank.accounts.models import AuditEvent
from biobank.accounts.policy import Action, require
from biobank.store.session import Database, do_last

#: Columns covered by the hash. Ids are left out: the chain itself defines the order.
SAID = ("at", "what", "kind", "subject", "subject_id", "actor", "actor_id", "address", "detail")
#: PostgreSQL advisory lock that serialises writers: an arbitrary constant.
CHAINING = 0x42_49_4F_43
#: Rows in memory while the whole log is read.
CHUNK = 1_000
#: Key in `Session.info` of the events that are still to be written.
WAITING = "biobank_audit"


@dataclass(frozen=True)
class Checked:
    """The result of a chain check.

    `row_count` rows are valid, `hash` is the hash of the last of them. `broken_id` is the id of the
    first invalid row and `broken_event` describes it. `contains_hash` tells whether a valid row has
    the expected hash.
    """

    lines: int
    hash: str
    broken_at: int | None = None
    what: str = ""
    holds: bool = False


def add(session: Session, event: AuditEvent) -> None:
    """Queue an event; it is hashed and written just before the `Database.write` session commits."""
    waiting = session.info.setdefault(WAITING, [])
    if not waiting:
        do_last(session, _write)
    waiting.append(event)


def hash_of(before: str, said: Mapping[str, Any]) -> str:
    """Return the hexadecimal SHA-256 of the previous hash, a newline and the row as canonical JSON.

    Canonical JSON: the HASHED_FIELDS in alphabetical order, without spaces, non-ASCII escaped, `at`
    in UTC with microseconds.
    """
    row = {name: said[name] for name in SAID}
    row["at"] = as_utc(row["at"]).isoformat(timespec="microseconds")
    canonical = json.dumps(row, sort_keys=True, separators=(",", ":"))
    return sha256(f"{before}\n{canonical}".encode()).hexdigest()


def verify(database: Database, who: Identity, holds: str = "") -> Checked:
    """Check the chain from its beginning up to the first row that does not match its hash."""
    require(who, Action.SEE_AUDIT)
    after, last, lines, held = 0, "", 0, False
    while rows := _rows(database, after):
        for row in rows:
            if row.hash != hash_of(last, _said(row)):
                what = f"{as_utc(row.at).isoformat()} {row.what} {row.subject}"
                return Checked(lines, last, row.id, what, held)
            last, lines, held = row.hash, lines + 1, held or row.hash == holds
        after = rows[-1].id
    return Checked(lines, last, holds=held)


def _write(session: Session) -> None:
    waiting: list[AuditEvent] = session.info.pop(WAITING)
    session.flush()
    _alone(session)
    query = select(AuditEvent.hash).order_by(AuditEvent.id.desc()).limit(1)
    last = session.scalar(query) or ""
    for event in waiting:
        # Hash the value as it will be read back: JSON converts tuples, for example.
        event.detail = json.loads(json.dumps(event.detail))
        event.hash = last = hash_of(last, _said(event))
        session.add(event)
        session.flush()


def _alone(session: Session) -> None:
    """Serialise writers until the transaction ends. SQLite serialises them already."""
    if session.get_bind().dialect.name == "postgresql":
        # Deferred constraints are checked before the lock is taken: at commit they could wait for a
        # transaction that waits for this lock. One message saves a round trip to the server.
        session.connection().exec_driver_sql(
            f"SET CONSTRAINTS ALL IMMEDIATE; SELECT pg_advisory_xact_lock({CHAINING})"
        )


def _rows(database: Database, after: int) -> Sequence[AuditEvent]:
    query = select(AuditEvent).where(AuditEvent.id > after).order_by(AuditEvent.id).limit(CHUNK)
    with database.read() as session:
        return session.scalars(query).all()


def _said(event: AuditEvent) -> dict[str, Any]:
    return {name: getattr(event, name) for name in SAID}
