"""The audit as it is read: a page of it, or all of it, narrowed by what, who and when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, func, select

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.models import AuditEvent
from biobank.accounts.policy import Action, require
from biobank.store.session import Database

#: Events on one page, and read at a time where all are walked.
PAGE = 50
CHUNK = 1_000


@dataclass(frozen=True)
class Narrowing:
    """Which events: empty fields narrow nothing; days are of UTC, both included.

    `who` and `about` stand anywhere in what did it and what it was done to, capitals aside.
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
    """All values of `kind` and of `what` that stand in the audit, in alphabetical order."""

    kinds: tuple[str, ...]
    whats: tuple[str, ...]


def events(
    database: Database, who: Identity, page: int = 1, narrowing: Narrowing = EVERYTHING
) -> tuple[Sequence[AuditEvent], int]:
    """A page of what happened, the newest first, and how much there is in all."""
    require(who, Action.SEE_AUDIT)
    chosen = _chosen(narrowing)
    query = chosen.order_by(AuditEvent.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    with database.read() as session:
        total = session.scalar(select(func.count()).select_from(chosen.subquery()))
        return session.scalars(query).all(), total or 0


def walk(
    database: Database, who: Identity, narrowing: Narrowing = EVERYTHING
) -> Iterator[AuditEvent]:
    """All of what happened until now, the oldest first; that it was taken away is noted."""
    require(who, Action.SEE_AUDIT)
    with database.write() as session:
        audit.note_about(session, who, "exported", "audit", "")
    return _walked(database, _chosen(narrowing))


def said(database: Database, who: Identity) -> Said:
    require(who, Action.SEE_AUDIT)
    with database.read() as session:
        kinds = session.scalars(select(AuditEvent.kind).distinct()).all()
        whats = session.scalars(select(AuditEvent.what).distinct()).all()
    return Said(tuple(sorted(kinds)), tuple(sorted(whats)))


def _walked(database: Database, chosen: Select[AuditEvent]) -> Iterator[AuditEvent]:
    """A chunk at a time, each by a statement of its own: whoever reads slowly holds nobody up."""
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
