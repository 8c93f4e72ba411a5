"""Publication and withdrawal: updates public tables, text ages and the outbox together.

A tombstone says why a person has no public page: merged into another person, or withdrawn.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.common.clock import as_utc
from biobank.editorial.merging.redirects import find_public_redirects, resolve_redirects
from biobank.editorial.models import Revision, TextAge
from biobank.editorial.revisions.latest_revisions import confirmed_languages
from biobank.records.people import queries
from biobank.records.people.models import MERGED, Person
from biobank.store import outbox

#: A person and the revision to publish.
PersonRevision = tuple[Person, Revision]


def publish_revisions(session: Session, pairs: Sequence[PersonRevision], published_at: datetime) -> None:
    """Make each revision the public one of its person."""
    people = [person for person, _ in pairs]
    before = public_revisions(session, people)
    _update_text_ages(session, pairs, before)
    for person, revision in pairs:
        revision.state = "published"
        revision.published_at = published_at
        person.published = revision.number
        person.updated_at = published_at
        person.withdrawn_at = person.withdrawal = None
    # Revisions written before a merge may refer to old ids, e.g. of a reinstated person.
    records = resolve_redirects(session, [revision.record for _, revision in pairs])
    for (person, revision), record in zip(pairs, records, strict=True):
        person.redirected_record = record if record != revision.record else None
    queries.write_records(session, list(zip(people, records, strict=True)))
    outbox.add(session, [person.id for person in people])
    outbox.add(session, _no_longer_related(pairs, before))
    # Records that refer to a newly public person are indexed again with that relation.
    new_ids = [person.id for person in people if person.id not in before]
    outbox.add(session, _public_ids_related_to(session, new_ids))
    session.flush()


def unpublish(session: Session, person: Person, reason: str, withdrawn_at: datetime) -> None:
    """Remove a person from pages, index, feeds and exports; a tombstone remains.

    People related in either direction are indexed again without this person.
    """
    revision = public_revisions(session, [person]).get(person.id)
    if revision is not None:
        revision.state = "withdrawn"
        person.updated_at = withdrawn_at
        outbox.add(session, sorted(related_ids(revision.record)))
    outbox.add(session, _public_ids_related_to(session, [person.id]))
    outbox.add(session, [person.id])
    person.published = None
    person.withdrawn_at = withdrawn_at
    person.withdrawal = reason
    queries.clear_record(session, person)
    session.flush()


def public_revisions(session: Session, people: Iterable[Person]) -> dict[str, Revision]:
    """Return the public revision of each person, by person id."""
    numbers = {person.id: person.published for person in people if person.published is not None}
    query = select(Revision).where(Revision.person_id.in_(numbers))
    return {
        revision.person_id: revision
        for revision in session.scalars(query)
        if numbers[revision.person_id] == revision.number
    }


def is_written_public(revision: Revision) -> bool:
    """Return whether a revision was public from the start, as those of imports are, and never a draft."""
    return revision.published_at == revision.at


def related_ids(record: Mapping[str, Any]) -> set[str]:
    """Return the ids of people that a record refers to."""
    return {relation["person"] for relation in record.get("relations", ())}


def _public_ids_related_to(session: Session, ids: Sequence[str]) -> list[str]:
    """Return ids of public people whose records refer to any of `ids`."""
    relations = queries.relations_to(session, ids).values()
    return sorted({relation.person_id for person_relations in relations for relation in person_relations})


def _no_longer_related(pairs: Sequence[PersonRevision], before: Mapping[str, Revision]) -> list[str]:
    """Return ids of people to whom a relation was removed; they have to be indexed again."""
    removed: set[str] = set()
    for person, revision in pairs:
        if previous := before.get(person.id):
            removed |= related_ids(previous.record) - related_ids(revision.record)
    return sorted(removed)


def _update_text_ages(
    session: Session, pairs: Sequence[PersonRevision], before: Mapping[str, Revision]
) -> None:
    """Record which biographies this publication changes, and which were confirmed to agree."""
    query = select(TextAge).where(TextAge.person_id.in_([person.id for person, _ in pairs]))
    ages = {(age.person_id, age.lang): age for age in session.scalars(query)}
    for person, revision in pairs:
        previous = before.get(person.id)
        old = previous.record.get("biography", {}) if previous else {}
        new = revision.record.get("biography", {})
        confirmed = confirmed_languages(session, revision, previous.number if previous else 0)
        for lang, text in new.items():
            age = ages.get((person.id, lang)) or _add_text_age(session, person.id, lang, revision.number)
            if text != old.get(lang):
                age.changed = age.agrees = revision.number
            elif lang in confirmed:
                age.agrees = revision.number
        for lang in set(old) - set(new):
            if removed_age := ages.get((person.id, lang)):
                session.delete(removed_age)


def _add_text_age(session: Session, person_id: str, lang: str, number: int) -> TextAge:
    age = TextAge(person_id=person_id, lang=lang, changed=number, agrees=number)
    session.add(age)
    return age


@dataclass(frozen=True)
class Tombstone:
    """The reason why a person is not public.

    `new_id` is set if the person was merged; otherwise `at` and `reason` describe the withdrawal.
    """

    new_id: str = ""
    at: datetime | None = None
    reason: str = ""


def find_tombstone(session: Session, person_id: str) -> Tombstone | None:
    """Return why the person is not public, or None if they are public or never were.

    A merged draft is treated as unknown, so that a guessed id reveals nothing.
    """
    target = find_public_redirects(session, [person_id]).get(person_id)
    if target is not None:
        return Tombstone(new_id=target)
    query = select(Person.withdrawn_at, Person.withdrawal).where(
        Person.id == person_id, Person.withdrawn_at.is_not(None), Person.published.is_(None)
    )
    row = session.execute(query).one_or_none()
    if row is None or row.withdrawal == MERGED:
        return None
    return Tombstone(at=as_utc(row.withdrawn_at), reason=row.withdrawal or "")
