"""The chain of the audit: each row's hash covers the row and the hash of the row before it.

Who changes a row, puts one in or takes one out, past the database's own refusal, leaves a row that
does not fit. Rows are written last in their transaction and one transaction after the other, so
that the order of ids is that of the chain. Why so: `docs/adr/0016`.
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

#: What a hash is of, besides the one before it. Ids are left out: the chain is the order.
SAID = ("at", "what", "kind", "subject", "subject_id", "actor", "actor_id", "address", "detail")
#: What those who write wait for each other by, on PostgreSQL: any number of our own.
CHAINING = 0x42_49_4F_43
#: Rows held in memory where all are walked.
CHUNK = 1_000
#: Where a session keeps what it will write.
WAITING = "biobank_audit"


@dataclass(frozen=True)
class Checked:
    """How many lines fit, and the hash of the last of them.

    `broken_at` is the id of the first that does not, `what` is what it says was done; `holds`
    whether a line has the hash that was asked for.
    """

    lines: int
    hash: str
    broken_at: int | None = None
    what: str = ""
    holds: bool = False


def add(session: Session, event: AuditEvent) -> None:
    """Writes a row with its hash when the session of a `Database.write` ends well."""
    waiting = session.info.setdefault(WAITING, [])
    if not waiting:
        do_last(session, _write)
    waiting.append(event)


def hash_of(before: str, said: Mapping[str, Any]) -> str:
    """The SHA-256, in hexadecimal, of the hash before, a line end, and the row as canonical JSON.

    Canonical: `said` by the names of SAID in alphabetical order, no spaces, all but ASCII escaped,
    `at` in UTC with six decimals.
    """
    row = {name: said[name] for name in SAID}
    row["at"] = as_utc(row["at"]).isoformat(timespec="microseconds")
    canonical = json.dumps(row, sort_keys=True, separators=(",", ":"))
    return sha256(f"{before}\n{canonical}".encode()).hexdigest()


def verify(database: Database, who: Identity, holds: str = "") -> Checked:
    """Goes through the chain from its beginning to the first row that does not fit."""
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
        # As it will be read: what JSON has no word for is kept as it has one.
        event.detail = json.loads(json.dumps(event.detail))
        event.hash = last = hash_of(last, _said(event))
        session.add(event)
        session.flush()


def _alone(session: Session) -> None:
    """Waits until nobody else writes; whoever writes to SQLite is alone already."""
    if session.get_bind().dialect.name == "postgresql":
        # What is checked at commit may wait for somebody who waits for this: it is checked before.
        # Both in one message to the server: each costs a way there and back.
        session.connection().exec_driver_sql(
            f"SET CONSTRAINTS ALL IMMEDIATE; SELECT pg_advisory_xact_lock({CHAINING})"
        )


def _rows(database: Database, after: int) -> Sequence[AuditEvent]:
    query = select(AuditEvent).where(AuditEvent.id > after).order_by(AuditEvent.id).limit(CHUNK)
    with database.read() as session:
        return session.scalars(query).all()


def _said(event: AuditEvent) -> dict[str, Any]:
    return {name: getattr(event, name) for name in SAID}
