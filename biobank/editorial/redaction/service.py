"""Redaction: permanent removal of the contents of a revision, for legal reasons.

The revision keeps its number, author and time, and becomes empty, as does every other revision that
quotes the same text. Other quotations are searched and previewed first, and erased in the same
transaction. Shared data is reported but not changed.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.models import AuditEvent
from biobank.accounts.policy import Action, require
from biobank.common.clock import as_utc
from biobank.editorial.models import Merge, Revision
from biobank.editorial.redaction.occurrences_person import (
    Occurrence,
    OccurrenceSource,
    RedactionScope,
    erase_revisions,
)
from biobank.editorial.redaction.occurrences_shared import OCCURRENCE_SOURCES
from biobank.editorial.redaction.passages import (
    Passage,
    RedactedText,
    cached_folding,
    extract_passages,
)
from biobank.editorial.revisions.drafts import find_revision, lock_existing_person, require_revision
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.errors import RecordRefused, WrongState
from biobank.records.people.models import Person
from biobank.store.session import Database

#: Maximum length of the reason in the audit log, in characters.
MAX_REDACTION_REASON_CHARS = 500
#: The name of the audit event.
REDACTED_EVENT = "redacted"


@dataclass(frozen=True)
class RedactionPlan:
    """The effects of a redaction.

    `passages` are all that the revision says and the version in use does not, `chosen` those to
    redact. `revisions` become empty. `occurrences` are all other matching rows, which are erased,
    except `permanent` ones. `in_use` are revisions that contain the text but are in use; versions
    without it have to be published first.
    """

    passages: tuple[Passage, ...]
    chosen: tuple[Passage, ...]
    redacted: RedactedText
    scope: RedactionScope
    occurrences: tuple[Occurrence, ...]
    in_use: tuple[Revision, ...]

    @property
    def revisions(self) -> tuple[Revision, ...]:
        return self.scope.revisions

    @property
    def erasable(self) -> tuple[Occurrence, ...]:
        return tuple(item for item in self.occurrences if not item.is_permanent)

    @property
    def permanent(self) -> tuple[Occurrence, ...]:
        return tuple(occurrence for occurrence in self.occurrences if occurrence.is_permanent)

    @property
    def fingerprint(self) -> str:
        """Return a hash of the matching rows; it changes if more or other rows match."""
        lines = (f"{item.key} {item.is_permanent}" for item in self.occurrences)
        keys = [*(f"revision:{item.id}" for item in self.revisions), *lines]
        return sha256("\n".join(sorted(keys)).encode()).hexdigest()


@cached_folding()
def preview_redaction(
    database: Database,
    actor: Identity,
    person_id: str,
    number: int,
    chosen: Collection[str] | None = None,
    sources: Sequence[OccurrenceSource] = OCCURRENCE_SOURCES,
) -> RedactionPlan:
    """Return the effects of redacting a revision, without writing anything.

    `chosen` are the keys of the passages to redact; None means all.

    Raises:
        NotFound: if the revision does not exist.
    """
    return _preview_plan(database, actor, person_id, number, chosen, sources)


@cached_folding()
def redact(
    database: Database,
    actor: Identity,
    person_id: str,
    number: int,
    reason: str,
    chosen: Collection[str] | None = None,
    seen_fingerprint: str | None = None,
    sources: Sequence[OccurrenceSource] = OCCURRENCE_SOURCES,
) -> None:
    """Empty one revision and everything else that quotes the chosen passages.

    `seen_fingerprint` is that of the confirmed plan; None skips the check.

    Raises:
        WrongState: for the public revision, and the latest one of a person who is not withdrawn; if
            such a revision contains the text; or if more rows match than were confirmed.
        RecordRefused: if no reason is given, or the reason repeats the text, since it is kept in
            the audit log.
    """
    # Search once before the write lock: slow sources, e.g. waiting import files, cache their
    # result, so that other writers do not wait for them.
    _preview_plan(database, actor, person_id, number, chosen, sources)
    with database.write() as session:
        require(actor, Action.REDACT)
        person = lock_existing_person(session, person_id)
        revision = require_revision(session, person_id, number)
        if not reason.strip():
            raise RecordRefused.of_field(
                "reason", "no_reason", "Enter a reason; it is recorded in the audit log."
            )
        if revision in _in_use(session, [person]):
            raise WrongState(
                "This revision is in use. Publish a revision without the words or withdraw the person, "
                "then redact this one."
            )
        plan = _build_plan(session, actor, person, revision, chosen, sources)
        _check_plan(plan, reason, seen_fingerprint)
        erase_revisions(plan.revisions)
        for occurrence in plan.occurrences:
            if occurrence.erase:
                occurrence.erase()
        detail = _audit_detail(plan, revision, reason)
        audit.record_for(session, actor, REDACTED_EVENT, "person", person_id, **detail)
    database.checkpoint_wal()


def first_redaction_since(session: Session, timestamp: datetime) -> datetime | None:
    """Return when something was first redacted at `timestamp` or later, according to the audit log."""
    conditions = (AuditEvent.what == REDACTED_EVENT, AuditEvent.at >= timestamp)
    redacted_at = session.scalar(select(func.min(AuditEvent.at)).where(*conditions))
    return as_utc(redacted_at) if redacted_at else None


def _preview_plan(
    database: Database,
    actor: Identity,
    person_id: str,
    number: int,
    chosen: Collection[str] | None,
    sources: Sequence[OccurrenceSource],
) -> RedactionPlan:
    require(actor, Action.REDACT)
    with database.read() as session:
        revision = require_revision(session, person_id, number)
        person = session.get_one(Person, person_id)
        return _build_plan(session, actor, person, revision, chosen, sources)


def _build_plan(
    session: Session,
    actor: Identity,
    person: Person,
    revision: Revision,
    keys: Collection[str] | None,
    sources: Sequence[OccurrenceSource],
) -> RedactionPlan:
    people = _merged_people(session, person.id)
    in_use = _in_use(session, people)
    # The text of the public revision remains, or else that of the latest one.
    own_in_use = (item for item in in_use if item.person_id == person.id)
    remaining = next((i.record for i in own_in_use if i.number == (person.published or i.number)), {})
    passages = extract_passages(revision.record, remaining)
    chosen = [passage for passage in passages if keys is None or passage.key in keys]
    ids = [item.id for item in people]
    redacted = RedactedText(chosen, remaining)
    query = select(Revision).where(Revision.person_id.in_(ids), Revision.redacted_at.is_(None))
    # Include the requested revision even if already redacted: new occurrences may have to be
    # erased.
    matching = {revision.id: revision} | {
        item.id: item
        for item in session.scalars(query.order_by(Revision.person_id, Revision.number))
        if redacted.quoted_in([item.record, item.credit])
    }
    in_use_ids = {item.id for item in in_use}
    erased = tuple(item for item in matching.values() if item.id not in in_use_ids)
    scope = RedactionScope(actor, frozenset(ids), erased)
    return RedactionPlan(
        tuple(passages),
        tuple(chosen),
        redacted,
        scope,
        tuple(occurrence for source in sources for occurrence in source(session, scope, redacted)),
        tuple(item for item in matching.values() if item.id in in_use_ids),
    )


def _merged_people(session: Session, person_id: str) -> list[Person]:
    """Return the person and all people whose records were ever merged with theirs, transitively."""
    ids, new_ids = {person_id}, {person_id}
    while new_ids:
        query = select(Merge.kept_id, Merge.gone_id).where(
            or_(Merge.kept_id.in_(new_ids), Merge.gone_id.in_(new_ids))
        )
        new_ids = {id_ for row in session.execute(query) for id_ in row} - ids
        ids |= new_ids
    return list(session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.id)))


def _in_use(session: Session, people: Sequence[Person]) -> list[Revision]:
    """Return the public revisions, and the latest ones of people who are not withdrawn."""
    by_id: dict[int, Revision] = {}
    for person in people:
        latest = latest_revision(session, person.id)
        public = find_revision(session, person.id, person.published)
        for revision in (public, None if person.withdrawn_at else latest):
            if revision is not None:
                by_id[revision.id] = revision
    return list(by_id.values())


def _check_plan(plan: RedactionPlan, reason: str, seen_fingerprint: str | None) -> None:
    if plan.redacted.quoted_in(reason):
        message = "The reason must not repeat the words to be redacted: it is recorded in the audit log."
        raise RecordRefused.of_field("reason", "repeats_words", message)
    if plan.in_use:
        listed = ", ".join(f"{revision.number} of {revision.person_id}" for revision in plan.in_use)
        message = (
            f"Revision {listed} is in use and contains the words too. Publish a revision without them first."
        )
        raise WrongState(message, code="words_in_use")
    if seen_fingerprint is not None and seen_fingerprint != plan.fingerprint:
        message = "The words now occur in more places than were shown. Review the list and confirm again."
        raise WrongState(message, code="words_elsewhere")


def _audit_detail(plan: RedactionPlan, revision: Revision, reason: str) -> dict[str, Any]:
    """Return the audit entry: the numbers and kinds of rows erased and left, without the text."""
    other_revisions = [f"{item.person_id}/{item.number}" for item in plan.revisions if item.id != revision.id]
    return {
        "revision": revision.number,
        "reason": reason[:MAX_REDACTION_REASON_CHARS],
        **({"revisions": other_revisions} if other_revisions else {}),
        **({"elsewhere": _count_by_kind(plan.erasable)} if plan.erasable else {}),
        **({"left": _count_by_kind(plan.permanent)} if plan.permanent else {}),
    }


def _count_by_kind(occurrences: Sequence[Occurrence]) -> list[str]:
    counts = Counter(occurrence.kind for occurrence in occurrences)
    return [f"{kind} {counts[kind]}" for kind in sorted(counts)]
