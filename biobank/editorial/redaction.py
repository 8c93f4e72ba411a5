"""Redaction: permanent removal of the contents of a revision, for legal reasons.

The revision keeps its number, author and time, and becomes empty, as does every other revision that
quotes the same text. Other occurrences are searched and previewed first, and erased in the same
transaction: quotations always, rows that only contain a rare name if requested. Shared data is
reported but not changed.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.models import AuditEvent
from biobank.accounts.policy import Action, require
from biobank.editorial.far_word_places import HOLDERS
from biobank.editorial.merging.models import Merge
from biobank.editorial.models import Revision
from biobank.editorial.redacted_words import Passage, Words, chosen_of, passages_of
from biobank.editorial.saving import head, hold, revision_at
from biobank.editorial.word_places import Holder, Place, Scope, empty_revisions
from biobank.editorial.word_rarity import common
from biobank.editorial.word_signs import folded_once
from biobank.errors import NotFound, Problem, RecordRefused, WrongState
from biobank.records.people.models import Person
from biobank.store.session import Database

#: Maximum length of the reason in the audit log, in characters.
REASON_MOST = 500
#: The name of the audit event.
REDACTED = "redacted"


@dataclass(frozen=True)
class Plan:
    """The effects of a redaction.

    `passages` are all that the revision says and the version in use does not, `chosen` those to
    redact. `revisions` become empty. `occurrences` are all other matching rows: `quoted` ones are
    erased, `named` ones if requested, `permanent` ones never. `in_use` are revisions that contain
    the text but are in use; versions without it have to be published first.
    """

    passages: tuple[Passage, ...]
    chosen: tuple[Passage, ...]
    words: Words
    scope: Scope
    places: tuple[Place, ...]
    in_use: tuple[Revision, ...]

    @property
    def revisions(self) -> tuple[Revision, ...]:
        return self.scope.revisions

    @property
    def quoting(self) -> tuple[Place, ...]:
        return tuple(it for it in self.places if it.how == "quoted" and not it.stays)

    @property
    def naming(self) -> tuple[Place, ...]:
        return tuple(it for it in self.places if it.how == "named" and not it.stays)

    @property
    def staying(self) -> tuple[Place, ...]:
        return tuple(it for it in self.places if it.stays)

    @property
    def mark(self) -> str:
        """Return a hash of the matching rows; it changes if more or other rows match."""
        places = (f"{it.key} {it.how} {it.stays}" for it in self.places)
        keys = [*(f"revision:{it.id}" for it in self.revisions), *places]
        return sha256("\n".join(sorted(keys)).encode()).hexdigest()


@folded_once()
def preview(
    database: Database,
    who: Identity,
    person_id: str,
    number: int,
    chosen: Collection[str] | None = None,
    holders: Sequence[Holder] = HOLDERS,
) -> Plan:
    """Return the effects of redacting a revision, without writing anything.

    `chosen` are the keys of the passages to redact; None means all.

    Raises:
        NotFound: if the revision does not exist.
    """
    return _looked_through(database, who, person_id, number, chosen, holders)


@folded_once()
def redact(
    database: Database,
    who: Identity,
    person_id: str,
    number: int,
    reason: str,
    chosen: Collection[str] | None = None,
    seen: str | None = None,
    holders: Sequence[Holder] = HOLDERS,
    also: Collection[str] = (),
) -> None:
    """Empty one revision and everything else that quotes the chosen passages.

    `seen_fingerprint` is that of the confirmed plan; None skips the check. `also_erase` are keys of
    `named` occurrences to erase as well.

    Raises:
        WrongState: for the public revision, and the latest one of a person who is not withdrawn; if
            such a revision contains the text; or if more rows match than were confirmed.
        RecordRefused: if no reason is given, or the reason repeats the text, since it is kept in
            the audit log.
    """
    # Search once before the write lock: slow sources, e.g. waiting import files, cache their
    # result, so that other writers do not wait for them.
    _looked_through(database, who, person_id, number, chosen, holders)
    with database.write() as session:
        require(who, Action.REDACT)
        held = hold(session, person_id)
        person, revision = _found(session, held, person_id, number)
        if not reason.strip():
            raise RecordRefused([Problem("reason", "no_reason", "Say why; the audit keeps it.")])
        if revision in _in_use(session, [person]):
            raise WrongState(
                "This version is the one in use. Publish one without what must go, or withdraw "
                "the person; then redact this one."
            )
        plan = _plan(session, who, person, revision, chosen, holders)
        _check(plan, reason, seen)
        going = [*plan.quoting, *(it for it in plan.naming if it.key in also)]
        _empty(session, plan, going, holders)
        detail = _detail(plan, going, revision, reason)
        audit.note_about(session, who, REDACTED, "person", person_id, **detail)
    database.write_over()


def was_redacted_since(session: Session, moment: datetime) -> bool:
    """Return whether anything was redacted at `timestamp` or later, according to the audit log."""
    its = (AuditEvent.what == REDACTED, AuditEvent.at >= moment)
    return session.scalar(select(AuditEvent.id).where(*its).limit(1)) is not None


def _looked_through(
    database: Database,
    who: Identity,
    person_id: str,
    number: int,
    chosen: Collection[str] | None,
    holders: Sequence[Holder],
) -> Plan:
    require(who, Action.REDACT)
    with database.read() as session:
        person, revision = _found(session, session.get(Person, person_id), person_id, number)
        return _plan(session, who, person, revision, chosen, holders)


def _found(
    session: Session, person: Person | None, person_id: str, number: int
) -> tuple[Person, Revision]:
    revision = revision_at(session, person_id, number)
    if person is None or revision is None:
        raise NotFound(f"There is no revision {number} of {person_id[:120]!r}.")
    return person, revision


def _plan(
    session: Session,
    who: Identity,
    person: Person,
    revision: Revision,
    keys: Collection[str] | None,
    holders: Sequence[Holder],
) -> Plan:
    kin = _kin(session, person.id)
    in_use = _in_use(session, kin)
    kept = next((it.record for it in in_use if it.number == _kept(person, it)), {})
    passages = passages_of(revision.record, kept)
    chosen = chosen_of(passages, keys)
    ids = [it.id for it in kin]
    words = Words(chosen, kept, lambda runs: common(session, ids, runs))
    query = select(Revision).where(Revision.person_id.in_(ids), Revision.redacted_at.is_(None))
    # Include the requested revision even if already redacted: new occurrences may have to be
    # erased.
    holding = {revision.id: revision} | {
        it.id: it
        for it in session.scalars(query.order_by(Revision.person_id, Revision.number))
        if words.stand_in([it.record, it.credit])
    }
    staying = {it.id for it in in_use}
    gone = tuple(it for it in holding.values() if it.id not in staying)
    scope = Scope(who, frozenset(ids), gone, frozenset(staying))
    return Plan(
        tuple(passages),
        tuple(chosen),
        words,
        scope,
        tuple(place for holder in holders for place in holder.find(session, scope, words)),
        tuple(it for it in holding.values() if it.id in staying),
    )


def _kept(person: Person, revision: Revision) -> int | None:
    """Return the number of the revision whose text remains: the public or else the latest one.

    None for revisions of other people.
    """
    if revision.person_id != person.id:
        return None
    return person.published or revision.number


def _kin(session: Session, person_id: str) -> list[Person]:
    """Return the person and all people whose records were ever merged with theirs, transitively."""
    found, fresh = {person_id}, {person_id}
    while fresh:
        query = select(Merge.kept_id, Merge.gone_id).where(
            or_(Merge.kept_id.in_(fresh), Merge.gone_id.in_(fresh))
        )
        fresh = {id_ for row in session.execute(query) for id_ in row} - found
        found |= fresh
    return list(session.scalars(select(Person).where(Person.id.in_(found)).order_by(Person.id)))


def _in_use(session: Session, people: Sequence[Person]) -> list[Revision]:
    """Return the public revisions, and the latest ones of people who are not withdrawn."""
    found: dict[int, Revision] = {}
    for person in people:
        newest = head(session, person.id)
        public = revision_at(session, person.id, person.published)
        for it in (public, None if person.withdrawn_at else newest):
            if it is not None:
                found[it.id] = it
    return list(found.values())


def _check(plan: Plan, reason: str, seen: str | None) -> None:
    if plan.words.stand_in(reason):
        message = "Give the reason without the words that have to go: the audit keeps it."
        raise RecordRefused([Problem("reason", "repeats_words", message)])
    if plan.in_use:
        named = ", ".join(f"{it.number} of {it.person_id}" for it in plan.in_use)
        message = f"Revision {named} is in use and says it too. Publish one without it first."
        raise WrongState(message, code="words_in_use")
    if seen is not None and seen != plan.mark:
        message = "More holds the words by now than was shown. Look again, then confirm."
        raise WrongState(message, code="words_elsewhere")


def _empty(session: Session, plan: Plan, going: Sequence[Place], holders: Sequence[Holder]) -> None:
    empty_revisions(plan.revisions)
    for holder in holders:
        its = [place for place in going if place.kind == holder.kind]
        if its:
            holder.empty(session, plan.scope, its, plan.words)


def _detail(plan: Plan, going: Sequence[Place], revision: Revision, reason: str) -> dict[str, Any]:
    """Return the audit entry: the numbers and kinds of rows erased and left, without the text."""
    others = [f"{it.person_id}/{it.number}" for it in plan.revisions if it.id != revision.id]
    left = [it for it in plan.places if it not in going]
    return {
        "revision": revision.number,
        "reason": reason[:REASON_MOST],
        **({"revisions": others} if others else {}),
        **({"elsewhere": _counted(going)} if going else {}),
        **({"left": _counted(left)} if left else {}),
    }


def _counted(places: Sequence[Place]) -> list[str]:
    counts = Counter(it.kind for it in places)
    return [f"{kind} {counts[kind]}" for kind in sorted(counts)]
