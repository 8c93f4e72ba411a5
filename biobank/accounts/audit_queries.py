"""Queries of the audit log: one page or all events, filtered by action, actor, subject and date."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, func, select

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.models import AuditEvent
from biobank.accounts.policy import Action, require
from biobank.store.session import Database, read_page

#: Events per page, and events per query while all of them are read.
EVENTS_PER_PAGE = 50
EXPORT_CHUNK_ROWS = 1_000


@dataclass(frozen=True)
class AuditFilter:
    """A filter of audit events. Empty fields do not filter; dates are UTC and inclusive.

    `actor` and `subject` match substrings, ignoring case.
    """

    kind: str = ""
    action: str = ""
    actor: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None


NO_FILTER = AuditFilter()


@dataclass(frozen=True)
class AuditFacets:
    """All values of `kind` and of `action` in the audit log, in alphabetical order."""

    kinds: tuple[str, ...]
    actions: tuple[str, ...]


def list_events(
    database: Database, actor: Identity, page: int = 1, audit_filter: AuditFilter = NO_FILTER
) -> tuple[Sequence[AuditEvent], int]:
    """Return one page of events, newest first, and the total number of events."""
    require(actor, Action.SEE_AUDIT)
    query = _select_events(audit_filter).order_by(AuditEvent.id.desc())
    with database.read() as session:
        return read_page(session, query, page, EVENTS_PER_PAGE)


def iter_events(
    database: Database, actor: Identity, audit_filter: AuditFilter = NO_FILTER
) -> Iterator[AuditEvent]:
    """Yield all events up to now, oldest first, and record the export in the audit log."""
    require(actor, Action.SEE_AUDIT)
    with database.write() as session:
        audit.record_for(session, actor, "exported", "audit", "")
    return _iter_chunks(database, _select_events(audit_filter))


def load_facets(database: Database, actor: Identity) -> AuditFacets:
    """Return the values that events can be filtered by."""
    require(actor, Action.SEE_AUDIT)
    with database.read() as session:
        kinds = session.scalars(select(AuditEvent.kind).distinct()).all()
        actions = session.scalars(select(AuditEvent.what).distinct()).all()
    return AuditFacets(tuple(sorted(kinds)), tuple(sorted(actions)))


def _iter_chunks(database: Database, selected: Select[AuditEvent]) -> Iterator[AuditEvent]:
    """Yield events with one short query per chunk, so that slow readers block nothing."""
    with database.read() as session:
        last_id, newest_id = 0, session.scalar(select(func.max(AuditEvent.id))) or 0
    while True:
        query = selected.where(AuditEvent.id > last_id, AuditEvent.id <= newest_id)
        with database.read() as session:
            rows = session.scalars(query.order_by(AuditEvent.id).limit(EXPORT_CHUNK_ROWS)).all()
        if not rows:
            return
        yield from rows
        last_id = rows[-1].id


def _select_events(audit_filter: AuditFilter) -> Select[AuditEvent]:
    return select(AuditEvent).where(*_conditions(audit_filter))


def _conditions(audit_filter: AuditFilter) -> Iterator[ColumnElement[bool]]:
    if audit_filter.kind:
        yield AuditEvent.kind == audit_filter.kind
    if audit_filter.action:
        yield AuditEvent.what == audit_filter.action
    for column, text in ((AuditEvent.actor, audit_filter.actor), (AuditEvent.subject, audit_filter.subject)):
        if text:
            yield func.lower(column).contains(text.lower(), autoescape=True)
    if audit_filter.since:
        yield AuditEvent.at >= _start_of_day(audit_filter.since)
    if audit_filter.until and audit_filter.until < date.max:
        yield AuditEvent.at < _start_of_day(audit_filter.until + timedelta(days=1))


def _start_of_day(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
