"""Queries of the audit log: one page or all events, filtered by action, actor, subject and date."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, func, select

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.models import AuditEvent
from biobank.accounts.policy import Action, require
from biobank.store.session import Database

#: Events per page, and events per query while all of them are read.
PAGE = 50
CHUNK = 1_000


@dataclass(frozen=True)
class Narrowing:
    """A filter of audit events. Empty fields do not filter; dates are UTC and inclusive.

    `actor` and `subject` match substrings, ignoring case.
    """

    kind: str = ""
    what: str = ""
    who: str = ""
    about: str = ""
    since: date | None = None
    until: date | None = None


EVERYTHING = Narrowing()


@dataclass(frozen=True)
class Said:
    """All values of `kind` and of `action` in the audit log, in alphabetical order."""

    kinds: tuple[str, ...]
    whats: tuple[str, ...]


def events(
    database: Database, who: Identity, page: int = 1, narrowing: Narrowing = EVERYTHING
) -> tuple[Sequence[AuditEvent], int]:
    """Return one page of events, newest first, and the total number of events."""
    require(who, Action.SEE_AUDIT)
    chosen = _chosen(narrowing)
    query = chosen.order_by(AuditEvent.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    with database.read() as session:
        total = session.scalar(select(func.count()).select_from(chosen.subquery()))
        return session.scalars(query).all(), total or 0


def walk(
    database: Database, who: Identity, narrowing: Narrowing = EVERYTHING
) -> Iterator[AuditEvent]:
    """Yield all events up to now, oldest first, and record the export in the audit log."""
    require(who, Action.SEE_AUDIT)
    with database.write() as session:
        audit.note_about(session, who, "exported", "audit", "")
    return _walked(database, _chosen(narrowing))


def said(database: Database, who: Identity) -> Said:
    """Return the values that events can be filtered by."""
    require(who, Action.SEE_AUDIT)
    with database.read() as session:
        kinds = session.scalars(select(AuditEvent.kind).distinct()).all()
        whats = session.scalars(select(AuditEvent.what).distinct()).all()
    return Said(tuple(sorted(kinds)), tuple(sorted(whats)))


def _walked(database: Database, chosen: Select[AuditEvent]) -> Iterator[AuditEvent]:
    """Yield events with one short query per chunk, so that slow readers block nothing."""
    after, last = 0, _newest(database)
    while True:
        query = chosen.where(AuditEvent.id > after, AuditEvent.id <= last)
        with database.read() as session:
            found = session.scalars(query.order_by(AuditEvent.id).limit(CHUNK)).all()
        if not found:
            return
        yield from found
        after = found[-1].id


def _newest(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.max(AuditEvent.id))) or 0


def _chosen(narrowing: Narrowing) -> Select[AuditEvent]:
    return select(AuditEvent).where(*_conditions(narrowing))


def _conditions(narrowing: Narrowing) -> Iterator[ColumnElement[bool]]:
    if narrowing.kind:
        yield AuditEvent.kind == narrowing.kind
    if narrowing.what:
        yield AuditEvent.what == narrowing.what
    for column, text in ((AuditEvent.actor, narrowing.who), (AuditEvent.subject, narrowing.about)):
        if text:
            yield func.lower(column).contains(text.lower(), autoescape=True)
    if narrowing.since:
        yield AuditEvent.at >= _begin(narrowing.since)
    if narrowing.until and narrowing.until < date.max:
        yield AuditEvent.at < _begin(narrowing.until + timedelta(days=1))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
