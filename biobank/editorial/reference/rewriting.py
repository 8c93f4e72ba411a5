"""Rewriting of people's records after a merge of reference records, or its undo.

Public records are published again, so that pages and index are updated. Drafts stay on top and keep
their authors. Withdrawn records are not changed; their ids are resolved on reinstatement.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.editorial.making_public import make_public, public_revisions
from biobank.editorial.models import Revision, TextAge
from biobank.editorial.reference.drafts import unpublished
from biobank.records.people.models import Person
from biobank.records.reference.kinds import BY_NAME
from biobank.records.reference.redirects import Redirects, readdressed
from biobank.records.reference.uses import people_using
from biobank.store import outbox

#: Number of people whose records are held in memory at a time.
BATCH = 200


@dataclass(frozen=True)
class Standing:
    """The public revision of a person and the draft on top of it, each None if missing."""

    person: Person
    public: Revision | None
    draft: Revision | None


@dataclass(frozen=True)
class Wanted:
    """New records for the public revision and the draft, each None to leave it unchanged."""

    standing: Standing
    public: dict[str, Any] | None = None
    draft: dict[str, Any] | None = None


def people_to_rewrite(session: Session, redirects: Redirects) -> list[str]:
    """Return ids of people whose public record or draft refers to a key in `redirects`."""
    found: set[str] = set()
    for name, moved in redirects.items():
        found |= people_using(session, BY_NAME[name], moved)
    for revision in unpublished(session):
        if revision.state != "withdrawn" and _moved(revision, redirects) is not None:
            found.add(revision.person_id)
    return sorted(found)


def rewrite(
    session: Session, who: Identity, redirects: Redirects, message: str
) -> list[dict[str, Any]]:
    """Replace ids in all public records and drafts.

    Returns for each person the revision numbers before and after: `{"id": …, "public": [3, 4],
    "draft": [2, 5]}`; a list is empty if nothing was replaced.
    """
    done: list[dict[str, Any]] = []
    for portion in outbox.batched(people_to_rewrite(session, redirects), BATCH):
        wanted = [
            Wanted(it, _moved(it.public, redirects), _moved(it.draft, redirects))
            for it in standings(session, portion)
        ]
        done += write(session, who, wanted, message)
    return done


def standings(session: Session, ids: Sequence[str]) -> list[Standing]:
    """Return the revisions of each person, locked until the transaction ends."""
    query = select(Person).where(Person.id.in_(ids)).order_by(Person.id)
    people = list(session.scalars(query.with_for_update(key_share=True)))
    public = public_revisions(session, people)
    newest: dict[str, Revision] = {}
    rows = select(Revision).where(Revision.person_id.in_(ids)).order_by(Revision.number)
    for revision in session.scalars(rows):
        newest[revision.person_id] = revision
    return [
        Standing(person, public.get(person.id), _draft(newest.get(person.id))) for person in people
    ]


def write(
    session: Session, who: Identity, wanted: Sequence[Wanted], message: str
) -> list[dict[str, Any]]:
    """Save the requested records as new revisions, with unchanged text ages."""
    wanted = [it for it in wanted if it.public is not None or it.draft is not None]
    done = {it.standing.person.id: _numbers(it) for it in wanted}
    ages = _ages(session, done)
    published = list(_published(who, wanted, message))
    session.add_all(revision for _, revision in published)
    session.flush()
    make_public(session, published, outbox.now())
    _set_ages(session, ages)
    for person, revision in published:
        done[person.id]["public"].append(revision.number)
    for it in wanted:
        if it.standing.draft is not None:
            number = _draft_again(session, it.standing, it.draft, message)
            done[it.standing.person.id]["draft"].append(number)
    session.flush()
    return list(done.values())


def _moved(revision: Revision | None, redirects: Redirects) -> dict[str, Any] | None:
    """Return the record with replaced ids, or None if nothing changes."""
    if revision is None or not revision.record:
        return None
    made = readdressed(revision.record, redirects)
    return made if made != revision.record else None


def _draft(newest: Revision | None) -> Revision | None:
    if newest is None or newest.redacted_at or newest.state not in ("draft", "review"):
        return None
    return newest


def _numbers(it: Wanted) -> dict[str, Any]:
    public, draft = it.standing.public, it.standing.draft
    return {
        "id": it.standing.person.id,
        "public": [public.number] if public and it.public is not None else [],
        "draft": [draft.number] if draft else [],
    }


def _published(
    who: Identity, wanted: Sequence[Wanted], message: str
) -> Iterator[tuple[Person, Revision]]:
    for it in wanted:
        if it.public is not None and it.standing.public is not None:
            last = max(
                it.standing.public.number, it.standing.draft.number if it.standing.draft else 0
            )
            yield (
                it.standing.person,
                _revision(it.standing.person.id, last, it.public, message, who.name, who.user_id),
            )


def _draft_again(
    session: Session, standing: Standing, record: dict[str, Any] | None, message: str
) -> int:
    """Save the draft as a revision on top of all others, with the same author and state."""
    draft = standing.draft
    if draft is None:
        raise ValueError("there is no draft")
    last = max(draft.number, standing.person.published or 0)
    again = _revision(
        draft.person_id, last, record or draft.record, message, draft.author, draft.author_id
    )
    again.state, again.credit, again.writers = draft.state, draft.credit, draft.writers
    again.agrees = _agreed(session, standing)
    # Only the latest revision is reviewed.
    draft.state = "draft"
    session.add(again)
    return again.number


def _revision(
    person_id: str,
    last: int,
    record: Mapping[str, Any],
    message: str,
    author: str,
    author_id: int | None,
) -> Revision:
    return Revision(
        person_id=person_id,
        number=last + 1,
        state="draft",
        record=dict(record),
        author=author,
        author_id=author_id,
        message=message,
        at=outbox.now(),
        base=last,
        agrees=[],
        credit="",
    )


def _agreed(session: Session, standing: Standing) -> list[str]:
    """Return languages confirmed to agree since the previous public revision."""
    since = standing.public.number if standing.public else 0
    query = select(Revision.agrees).where(
        Revision.person_id == standing.person.id, Revision.number > since
    )
    return sorted({lang for said in session.scalars(query) for lang in said or ()})


def _ages(session: Session, ids: Iterable[str]) -> dict[tuple[str, str], tuple[int, int]]:
    query = select(TextAge).where(TextAge.person_id.in_(list(ids)))
    return {(it.person_id, it.lang): (it.changed, it.agrees) for it in session.scalars(query)}


def _set_ages(session: Session, ages: Mapping[tuple[str, str], tuple[int, int]]) -> None:
    """Restore the ages: a replaced id in a citation does not make a translation outdated."""
    query = select(TextAge).where(TextAge.person_id.in_({person for person, _ in ages}))
    for age in session.scalars(query):
        age.changed, age.agrees = ages.get((age.person_id, age.lang), (age.changed, age.agrees))
