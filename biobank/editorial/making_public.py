"""Publication and withdrawal: updates public tables, text ages and the outbox together."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.editorial.merging.leading import led_on
from biobank.editorial.models import Revision, TextAge
from biobank.records.people import queries
from biobank.records.people.models import Person
from biobank.records.reference.redirects import load_redirects, readdressed
from biobank.store import outbox

#: A person and the revision to publish.
Pair = tuple[Person, Revision]


def make_public(session: Session, pairs: Sequence[Pair], at: datetime) -> None:
    """Make each revision the public one of its person."""
    before = public_revisions(session, [person for person, _ in pairs])
    _age_texts(session, pairs, before)
    for person, revision in pairs:
        revision.state = "published"
        revision.published_at = at
        person.published = revision.number
        person.updated_at = at
        person.withdrawn_at = person.withdrawal = None
    # Revisions written before a merge may refer to old ids, e.g. of a reinstated person.
    redirects = load_redirects(session)
    records = led_on(session, [revision.record for _, revision in pairs])
    queries.write(
        session,
        [
            (person, readdressed(record, redirects))
            for (person, _), record in zip(pairs, records, strict=True)
        ],
    )
    outbox.add(session, [person.id for person, _ in pairs])
    outbox.add(session, _no_longer_related(pairs, before))
    # Records that refer to a newly public person are indexed again with that relation.
    outbox.add(
        session, _pointing(session, [person.id for person, _ in pairs if person.id not in before])
    )
    session.flush()


def take_out(session: Session, person: Person, reason: str, at: datetime) -> None:
    """Remove a person from pages, index, feeds and exports; a tombstone remains.

    People related in either direction are indexed again without this person.
    """
    revision = public_revisions(session, [person]).get(person.id)
    if revision is not None:
        revision.state = "withdrawn"
        person.updated_at = at
        outbox.add(session, sorted(related(revision.record)))
    outbox.add(session, _pointing(session, [person.id]))
    outbox.add(session, [person.id])
    person.published = None
    person.withdrawn_at = at
    person.withdrawal = reason
    queries.clear(session, person)
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


def related(record: Mapping[str, Any]) -> set[str]:
    """Return the ids of people that a record refers to."""
    return {relation["person"] for relation in record.get("relations", ())}


def _pointing(session: Session, ids: Sequence[str]) -> list[str]:
    """Return ids of public people whose records refer to any of `ids`."""
    relations = queries.relations_to(session, ids).values()
    return sorted({relation.person_id for held in relations for relation in held})


def _no_longer_related(pairs: Sequence[Pair], before: Mapping[str, Revision]) -> list[str]:
    """Return ids of people to whom a relation was removed; they have to be indexed again."""
    gone: dict[str, None] = {}
    for person, revision in pairs:
        if was := before.get(person.id):
            gone |= dict.fromkeys(related(was.record) - related(revision.record))
    return sorted(gone)


def _age_texts(session: Session, pairs: Sequence[Pair], before: Mapping[str, Revision]) -> None:
    """Record which biographies this publication changes, and which were confirmed to agree."""
    query = select(TextAge).where(TextAge.person_id.in_([person.id for person, _ in pairs]))
    ages = {(age.person_id, age.lang): age for age in session.scalars(query)}
    for person, now in pairs:
        was = before.get(person.id)
        old = was.record.get("biography", {}) if was else {}
        new = now.record.get("biography", {})
        agrees = _agrees(session, now, was.number if was else 0)
        for lang, text in new.items():
            age = ages.get((person.id, lang)) or _fresh(session, person.id, lang, now.number)
            if text != old.get(lang):
                age.changed = age.agrees = now.number
            elif lang in agrees:
                age.agrees = now.number
        for lang in set(old) - set(new):
            if gone := ages.get((person.id, lang)):
                session.delete(gone)


def _fresh(session: Session, person_id: str, lang: str, number: int) -> TextAge:
    age = TextAge(person_id=person_id, lang=lang, changed=number, agrees=number)
    session.add(age)
    return age


def _agrees(session: Session, now: Revision, since: int) -> set[str]:
    """Return languages confirmed to agree in any of the revisions published together."""
    if now.number <= since + 1:
        return set(now.agrees or ())
    earlier = select(Revision.agrees).where(
        Revision.person_id == now.person_id, Revision.number > since, Revision.number < now.number
    )
    return {*(now.agrees or ()), *(lang for said in session.scalars(earlier) for lang in said)}
