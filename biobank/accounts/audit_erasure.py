"""Erasure of personal data in the audit log: addresses by age or on request, names of erased users."""

import ipaddress
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.audit_hashes import erase_field
from biobank.accounts.identity import Identity
from biobank.accounts.models import AuditEvent, User
from biobank.accounts.policy import Action, require
from biobank.errors import AccountRefused, NotFound
from biobank.store.session import Database

#: Network addresses are kept this long, to investigate misuse.
AUDIT_ADDRESS_RETENTION = timedelta(days=180)
#: Rows per transaction.
ERASURE_CHUNK_ROWS = 500


def purge_addresses(database: Database, timestamp: datetime) -> int:
    """Erase network addresses older than the retention period and return how many.

    Not recorded in the log: it happens every hour, by the documented rule.
    """
    return _erase_addresses(database, AuditEvent.at < timestamp - AUDIT_ADDRESS_RETENTION)


def erase_address(database: Database, actor: Identity, address: str) -> int:
    """Erase one network address on request, record that without the address, and return the count."""
    require(actor, Action.ERASE_ADDRESSES)
    count = _erase_addresses(database, AuditEvent.address == _canonical(address))
    _record(database, actor, None, count)
    return count


def erase_addresses_of_user(database: Database, actor: Identity, user_id: int) -> int:
    """Erase all network addresses of a user on request and return how many."""
    require(actor, Action.ERASE_ADDRESSES)
    with database.read() as session:
        if session.get(User, user_id) is None:
            raise NotFound("User not found.")
    count = _erase_addresses(database, _of_user(user_id) & _by_user(user_id))
    _record(database, actor, user_id, count)
    return count


def erase_user(session: Session, user_id: int) -> None:
    """Replace the user's name and e-mail address everywhere in the log by the pseudonym."""
    last_id = 0
    while rows := _load_chunk(session, _of_user(user_id), last_id):
        for event in rows:
            _erase_user(event, user_id)
        last_id = rows[-1].id
        session.flush()


def _erase_user(event: AuditEvent, user_id: int) -> None:
    if event.actor_id == user_id:
        erase_field(event, "actor")
    if event.kind == "account" and event.subject_id == user_id:
        erase_field(event, "subject")
        # Names of tokens and devices are chosen by the user.
        if "name" in event.detail:
            erase_field(event, "detail")
    if event.actor_id in (None, user_id):
        erase_field(event, "address")


def _of_user(user_id: int) -> ColumnElement[bool]:
    """Return the condition of rows by a user, or about the account of a user."""
    account = and_(AuditEvent.kind == "account", AuditEvent.subject_id == user_id)
    return or_(AuditEvent.actor_id == user_id, account)


def _by_user(user_id: int) -> ColumnElement[bool]:
    """Return the condition of rows that do not have the address of another user, an administrator."""
    return or_(AuditEvent.actor_id == user_id, AuditEvent.actor_id.is_(None))


def _canonical(address: str) -> str:
    """Return an address as it is written in the log."""
    try:
        return str(ipaddress.ip_address(address.strip()))
    except ValueError as error:
        raise AccountRefused("Enter an IPv4 or IPv6 address.", code="bad_address") from error


def _erase_addresses(database: Database, condition: ColumnElement[bool]) -> int:
    count, last_id = 0, 0
    while True:
        with database.write() as session:
            rows = _load_chunk(session, and_(condition, AuditEvent.address != ""), last_id)
            for event in rows:
                erase_field(event, "address")
        if not rows:
            return count
        count, last_id = count + len(rows), rows[-1].id


def _load_chunk(session: Session, condition: ColumnElement[bool], last_id: int) -> list[AuditEvent]:
    query = select(AuditEvent).where(condition, AuditEvent.id > last_id).order_by(AuditEvent.id)
    return list(session.scalars(query.limit(ERASURE_CHUNK_ROWS).with_for_update()))


def _record(database: Database, actor: Identity, user_id: int | None, count: int) -> None:
    with database.write() as session:
        user = session.get(User, user_id) if user_id is not None else None
        if user:
            audit.record(session, actor, "addresses_erased", user, count=count)
        else:
            audit.record_for(session, actor, "addresses_erased", "audit", "", count=count)
    database.checkpoint_wal()
