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
from biobank.editorial.models import Revision, TextAge
from biobank.editorial.reference.draft_references import iter_unpublished
from biobank.editorial.revisions.publication import public_revisions, publish_revisions
from biobank.records.people.models import Person
from biobank.records.reference.kinds import KINDS_BY_NAME
from biobank.records.reference.redirects import Redirects, redirect_references
from biobank.records.reference.usage import people_using
from biobank.store import outbox

#: Number of people whose records are held in memory at a time.
REWRITE_BATCH_SIZE = 200


@dataclass(frozen=True)
class PersonRevisions:
    """The public revision of a person and the draft on top of it, each None if missing."""

    person: Person
    public: Revision | None
    draft: Revision | None


@dataclass(frozen=True)
class RewriteRequest:
    """New records for the public revision and the draft, each None to leave it unchanged."""

    current: PersonRevisions
    public: dict[str, Any] | None = None
    draft: dict[str, Any] | None = None


def people_to_rewrite(session: Session, redirects: Redirects) -> list[str]:
    """Return ids of people whose public record or draft refers to a key in `redirects`."""
    ids: set[str] = set()
    for name, replaced in redirects.items():
        ids |= people_using(session, KINDS_BY_NAME[name], replaced)
    for revision in iter_unpublished(session):
        if revision.state != "withdrawn" and _with_redirects(revision, redirects) is not None:
            ids.add(revision.person_id)
    return sorted(ids)


def rewrite_people(
    session: Session, actor: Identity, redirects: Redirects, message: str
) -> list[dict[str, Any]]:
    """Replace ids in all public records and drafts.

    Returns for each person the revision numbers before and after: `{"id": …, "public": [3, 4],
    "draft": [2, 5]}`; a list is empty if nothing was replaced.
    """
    changes: list[dict[str, Any]] = []
    for batch in outbox.batched(people_to_rewrite(session, redirects), REWRITE_BATCH_SIZE):
        requests = [
            RewriteRequest(
                current, _with_redirects(current.public, redirects), _with_redirects(current.draft, redirects)
            )
            for current in load_person_revisions(session, batch)
        ]
        changes += write_revisions(session, actor, requests, message)
    return changes


def load_person_revisions(session: Session, ids: Sequence[str]) -> list[PersonRevisions]:
    """Return the revisions of each person, locked until the transaction ends."""
    query = select(Person).where(Person.id.in_(ids)).order_by(Person.id)
    people = list(session.scalars(query.with_for_update(key_share=True)))
    public = public_revisions(session, people)
    latest: dict[str, Revision] = {}
    rows = select(Revision).where(Revision.person_id.in_(ids)).order_by(Revision.number)
    for revision in session.scalars(rows):
        latest[revision.person_id] = revision
    return [
        PersonRevisions(person, public.get(person.id), _open_draft(latest.get(person.id)))
        for person in people
    ]


def write_revisions(
    session: Session, actor: Identity, requests: Sequence[RewriteRequest], message: str
) -> list[dict[str, Any]]:
    """Save the requested records as new revisions, with unchanged text ages."""
    requests = [request for request in requests if request.public is not None or request.draft is not None]
    changes = {request.current.person.id: _revision_numbers(request) for request in requests}
    ages = _load_text_ages(session, changes)
    published = list(_build_published(actor, requests, message))
    session.add_all(revision for _, revision in published)
    session.flush()
    publish_revisions(session, published, outbox.now())
    _restore_text_ages(session, ages)
    for person, revision in published:
        changes[person.id]["public"].append(revision.number)
    for request in requests:
        if request.current.draft is not None:
            number = _rebase_draft(session, request.current, request.draft, message)
            changes[request.current.person.id]["draft"].append(number)
    session.flush()
    return list(changes.values())


def _with_redirects(revision: Revision | None, redirects: Redirects) -> dict[str, Any] | None:
    """Return the record with replaced ids, or None if nothing changes."""
    if revision is None or not revision.record:
        return None
    result = redirect_references(revision.record, redirects)
    return result if result != revision.record else None


def _open_draft(latest: Revision | None) -> Revision | None:
    if latest is None or latest.redacted_at or latest.state not in ("draft", "review"):
        return None
    return latest


def _revision_numbers(request: RewriteRequest) -> dict[str, Any]:
    public, draft = request.current.public, request.current.draft
    return {
        "id": request.current.person.id,
        "public": [public.number] if public and request.public is not None else [],
        "draft": [draft.number] if draft else [],
    }


def _build_published(
    actor: Identity, requests: Sequence[RewriteRequest], message: str
) -> Iterator[tuple[Person, Revision]]:
    for request in requests:
        if request.public is not None and request.current.public is not None:
            last_number = max(
                request.current.public.number, request.current.draft.number if request.current.draft else 0
            )
            yield (
                request.current.person,
                _build_revision(
                    request.current.person.id, last_number, request.public, message, actor.name, actor.user_id
                ),
            )


def _rebase_draft(
    session: Session, current: PersonRevisions, record: dict[str, Any] | None, message: str
) -> int:
    """Save the draft as a revision on top of all others, with the same author and state."""
    draft = current.draft
    if draft is None:
        raise ValueError("no draft")
    last_number = max(draft.number, current.person.published or 0)
    rebased = _build_revision(
        draft.person_id, last_number, record or draft.record, message, draft.author, draft.author_id
    )
    rebased.state, rebased.credit, rebased.writers = draft.state, draft.credit, draft.writers
    rebased.agrees = _confirmed_languages(session, current)
    # Only the latest revision is reviewed.
    draft.state = "draft"
    session.add(rebased)
    return rebased.number


def _build_revision(
    person_id: str,
    last_number: int,
    record: Mapping[str, Any],
    message: str,
    author: str,
    author_id: int | None,
) -> Revision:
    return Revision(
        person_id=person_id,
        number=last_number + 1,
        state="draft",
        record=dict(record),
        author=author,
        author_id=author_id,
        message=message,
        at=outbox.now(),
        base=last_number,
        agrees=[],
        credit="",
    )


def _confirmed_languages(session: Session, current: PersonRevisions) -> list[str]:
    """Return languages confirmed to agree since the previous public revision."""
    since_number = current.public.number if current.public else 0
    query = select(Revision.agrees).where(
        Revision.person_id == current.person.id, Revision.number > since_number
    )
    return sorted({lang for languages in session.scalars(query) for lang in languages or ()})


def _load_text_ages(session: Session, ids: Iterable[str]) -> dict[tuple[str, str], tuple[int, int]]:
    query = select(TextAge).where(TextAge.person_id.in_(list(ids)))
    return {(age.person_id, age.lang): (age.changed, age.agrees) for age in session.scalars(query)}


def _restore_text_ages(session: Session, ages: Mapping[tuple[str, str], tuple[int, int]]) -> None:
    """Restore the ages: a replaced id in a citation does not make a translation outdated."""
    query = select(TextAge).where(TextAge.person_id.in_({person for person, _ in ages}))
    for age in session.scalars(query):
        age.changed, age.agrees = ages.get((age.person_id, age.lang), (age.changed, age.agrees))
