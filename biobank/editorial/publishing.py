"""Bulk saving: revisions, published records and outbox rows in one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.editorial.making_public import make_public, public_revisions
from biobank.editorial.merging.leading import led_on
from biobank.editorial.models import Revision
from biobank.editorial.second_person import writers_upon
from biobank.errors import Problem, RecordRefused
from biobank.records.people import queries
from biobank.records.people.models import Person
from biobank.records.reference.redirects import load_redirects, readdressed
from biobank.records.sources.models import Source
from biobank.store import outbox

Outcome = Literal["new", "changed", "same"]
#: States of unpublished revisions.
UNPUBLISHED = ("draft", "review")


def save_many(
    session: Session,
    records: Sequence[Mapping[str, Any]],
    who: Identity,
    message: str,
    *,
    publish: bool,
) -> list[Outcome]:
    """Save validated records as new revisions, and publish them if `publish` is set.

    A record equal to the stored one makes no revision. Inline sources are stored first. The caller
    owns the transaction and has checked the references.
    """
    clean = led_on(session, keep_sources(session, records))
    moment = outbox.now()
    ids = [record["id"] for record in clean]
    people = {row.id: row for row in session.scalars(select(Person).where(Person.id.in_(ids)))}
    newest = _newest(session, ids)
    public = public_revisions(session, people.values()) if publish else newest
    outcomes: list[Outcome] = []
    published: list[tuple[Person, Revision]] = []
    for record in clean:
        before = public.get(record["id"])
        if before is not None and before.record == record:
            outcomes.append("same")
            continue
        person = people.get(record["id"]) or new_person(session, record["id"])
        last = newest.get(person.id)
        revision = Revision(
            person_id=person.id,
            number=last.number + 1 if last else 1,
            state="published" if publish else "draft",
            record=record,
            author=who.name,
            author_id=who.user_id,
            writers=writers_upon(who, last),
            message=message,
            at=moment,
            base=last.number if last else None,
        )
        session.add(revision)
        if publish:
            published.append((person, revision))
        outcomes.append("new" if last is None else "changed")
    session.flush()
    make_public(session, published, moment)
    return outcomes


def known_people(session: Session) -> set[str]:
    """Return the ids of all people with a record, public or not."""
    return set(session.scalars(select(Revision.person_id).distinct()))


def drafts(session: Session, chunk: int = 200) -> Iterator[dict[str, Any]]:
    """Yield the records of people whose latest revision is a draft, by id, except redacted ones."""
    newest = (
        select(Revision.person_id, func.max(Revision.number).label("number"))
        .group_by(Revision.person_id)
        .subquery()
    )
    query = (
        select(Revision.record)
        .join(
            newest,
            (newest.c.person_id == Revision.person_id) & (newest.c.number == Revision.number),
        )
        .where(Revision.state == "draft", Revision.redacted_at.is_(None))
        .order_by(Revision.person_id)
    )
    yield from session.scalars(query.execution_options(yield_per=chunk))


def walk_with_drafts(session: Session, chunk: int = 200) -> Iterator[dict[str, dict[str, Any]]]:
    """Yield the current records of all people by id, in chunks; drafts take precedence.

    An open revision (draft or in review) replaces the public one. Withdrawn people are omitted.
    """
    begun = select(Revision.id).where(
        Revision.person_id == Person.id, Revision.state.in_(UNPUBLISHED)
    )
    there = Person.published.is_not(None) | (Person.withdrawn_at.is_(None) & begun.exists())
    after = ""
    while True:
        query = select(Person.id).where(there, Person.id > after).order_by(Person.id).limit(chunk)
        ids = list(session.scalars(query))
        if not ids:
            return
        public = queries.records(session, ids)
        newest = _unpublished(session, ids)
        yield {id_: newest.get(id_) or public[id_] for id_ in ids if id_ in {*newest, *public}}
        session.expunge_all()
        after = ids[-1]


def _unpublished(session: Session, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the records of people whose latest revision is open and not redacted."""
    newest = (
        select(Revision.person_id, func.max(Revision.number).label("number"))
        .where(Revision.person_id.in_(ids))
        .group_by(Revision.person_id)
        .subquery()
    )
    its = (newest.c.person_id == Revision.person_id) & (newest.c.number == Revision.number)
    query = select(Revision.person_id, Revision.record).join(newest, its)
    query = query.where(Revision.state.in_(UNPUBLISHED), Revision.redacted_at.is_(None))
    return {row.person_id: row.record for row in session.execute(query)}


def new_person(session: Session, person_id: str) -> Person:
    """Insert a row for a person without a record.

    Raises:
        RecordRefused: if the id was taken concurrently.
    """
    person = Person(id=person_id)
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError as error:
        message = f"Somebody has just taken the id {person_id!r}; send it once more."
        raise RecordRefused([Problem("id", "id_taken", message)]) from error
    return person


def _newest(session: Session, ids: Sequence[str]) -> dict[str, Revision]:
    """Return the latest revision of each person that has one."""
    query = select(Revision).where(Revision.person_id.in_(ids)).order_by(Revision.number)
    return {revision.person_id: revision for revision in session.scalars(query)}


def keep_sources(session: Session, records: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Store the inline sources of `records`, and return the records with source ids instead.

    Ids of merged reference records are replaced as well.
    """
    redirects = load_redirects(session)
    records = [readdressed(record, redirects) for record in records]
    inline = {
        ref["id"]: ref["csl"]
        for record in records
        for ref in record.get("sources", [])
        if isinstance(ref, dict)
    }
    known = set(session.scalars(select(Source.id).where(Source.id.in_(inline))))
    session.add_all(Source(id=id_, csl=csl) for id_, csl in inline.items() if id_ not in known)
    session.flush()
    return [_with_source_ids(record) for record in records]


def _with_source_ids(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return `record` with every inline source replaced by its id."""
    refs = record.get("sources", [])
    ids = [ref["id"] if isinstance(ref, dict) else ref for ref in refs]
    return {**record, "sources": ids} if ids else dict(record)
