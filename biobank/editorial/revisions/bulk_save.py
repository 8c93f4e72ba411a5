"""Bulk saving: revisions, published records and outbox rows in one transaction."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.common.clock import now
from biobank.editorial.merging.redirects import resolve_redirects
from biobank.editorial.models import Revision
from biobank.editorial.review.four_eyes import contributing_authors
from biobank.editorial.revisions.latest_revisions import join_latest
from biobank.editorial.revisions.publication import public_revisions, publish_revisions, related_ids
from biobank.errors import RecordRefused
from biobank.records.people import queries
from biobank.records.people.models import Person
from biobank.records.people.record import PersonRecord
from biobank.records.people.reference_checks import (
    check_references,
    load_reference_index,
    load_used_references,
    missing_people,
)
from biobank.records.sources.models import Source

SaveOutcome = Literal["new", "changed", "same"]
#: States of unpublished revisions.
OPEN_STATES = ("draft", "review")


def save_records(
    session: Session, records: Sequence[Mapping[str, Any]], actor: Identity, message: str, *, publish: bool
) -> list[SaveOutcome]:
    """Save validated records as new revisions, and publish them if `publish` is set.

    A record equal to the stored one makes no revision. Inline sources are stored first. The caller
    owns the transaction and has checked the references.
    """
    clean = store_inline_sources(session, resolve_redirects(session, records))
    timestamp = now()
    ids = [record["id"] for record in clean]
    people = {row.id: row for row in session.scalars(select(Person).where(Person.id.in_(ids)))}
    latest = {row.person_id: row for row in session.scalars(join_latest(select(Revision), ids))}
    public = public_revisions(session, people.values()) if publish else latest
    outcomes: list[SaveOutcome] = []
    published: list[tuple[Person, Revision]] = []
    for record in clean:
        before = public.get(record["id"])
        if before is not None and before.record == record:
            outcomes.append("same")
            continue
        person = people.get(record["id"]) or create_person(session, record["id"])
        last = latest.get(person.id)
        revision = Revision(
            person_id=person.id,
            number=last.number + 1 if last else 1,
            state="published" if publish else "draft",
            record=record,
            author=actor.name,
            author_id=actor.user_id,
            writers=contributing_authors(actor, last),
            message=message,
            at=timestamp,
            base=last.number if last else None,
        )
        session.add(revision)
        if publish:
            published.append((person, revision))
        outcomes.append("new" if last is None else "changed")
    session.flush()
    publish_revisions(session, published, timestamp)
    return outcomes


def find_known_ids(session: Session, ids: Collection[str] | None = None) -> set[str]:
    """Return the ids of all people with a record, public or not; or those among `ids`."""
    query = select(Revision.person_id).distinct()
    if ids is not None:
        query = query.where(Revision.person_id.in_(ids))
    return set(session.scalars(query)) if ids is None or ids else set()


def require_references(session: Session, record: Mapping[str, Any]) -> None:
    """Check a record whose redirects have been resolved; reads only the ids that it refers to.

    Raises:
        RecordRefused: if it refers to records that do not exist.
    """
    related = find_known_ids(session, related_ids(record))
    used = load_used_references(session, record)
    if check_references(record, used) or missing_people(record, related):
        # Similar ids are suggested, which takes all of them.
        problems = check_references(record, load_reference_index(session))
        raise RecordRefused([*problems, *missing_people(record, find_known_ids(session))])


def iter_drafts(session: Session, chunk: int = 200) -> Iterator[dict[str, Any]]:
    """Yield the records of people whose latest revision is a draft, by id, except redacted ones."""
    query = (
        join_latest(select(Revision.record))
        .where(Revision.state == "draft", Revision.redacted_at.is_(None))
        .order_by(Revision.person_id)
    )
    yield from session.scalars(query.execution_options(yield_per=chunk))


def iter_current_records(session: Session, chunk: int = 200) -> Iterator[dict[str, PersonRecord]]:
    """Yield the current records of all people by id, in chunks; drafts take precedence.

    An open revision (draft or in review) replaces the public one. Withdrawn people are omitted.
    """
    open_revision = select(Revision.id).where(
        Revision.person_id == Person.id, Revision.state.in_(OPEN_STATES)
    )
    is_listed = Person.published.is_not(None) | (Person.withdrawn_at.is_(None) & open_revision.exists())
    after = ""
    while True:
        query = select(Person.id).where(is_listed, Person.id > after).order_by(Person.id).limit(chunk)
        ids = list(session.scalars(query))
        if not ids:
            return
        public = queries.load_records(session, ids)
        unpublished = _unpublished_records(session, ids)
        yield {id_: unpublished.get(id_) or public[id_] for id_ in ids if id_ in {*unpublished, *public}}
        session.expunge_all()
        after = ids[-1]


def _unpublished_records(session: Session, ids: Sequence[str]) -> dict[str, PersonRecord]:
    """Return the records of people whose latest revision is open and not redacted."""
    query = join_latest(select(Revision.person_id, Revision.record), ids)
    query = query.where(Revision.state.in_(OPEN_STATES), Revision.redacted_at.is_(None))
    return {row.person_id: row.record for row in session.execute(query)}


def create_person(session: Session, person_id: str) -> Person:
    """Insert a row for a person without a record.

    Raises:
        RecordRefused: if the id was taken concurrently.
    """
    person = Person(id=person_id)
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError as error:
        message = f"The ID {person_id!r} has just been taken. Send the record again."
        raise RecordRefused.of_field("id", "id_taken", message) from error
    return person


def store_inline_sources(session: Session, records: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Store the inline sources of `records`, and return the records with source ids instead."""
    inline = {
        ref["id"]: ref["csl"]
        for record in records
        for ref in record.get("sources", [])
        if isinstance(ref, dict)
    }
    if inline:
        existing_ids = set(session.scalars(select(Source.id).where(Source.id.in_(inline))))
        session.add_all(Source(id=id_, csl=csl) for id_, csl in inline.items() if id_ not in existing_ids)
        session.flush()
    return [with_source_ids(record) for record in records]


def with_source_ids(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return `record` with every inline source replaced by its id."""
    refs = record.get("sources", [])
    ids = [ref["id"] if isinstance(ref, dict) else ref for ref in refs]
    return {**record, "sources": ids} if ids else dict(record)
