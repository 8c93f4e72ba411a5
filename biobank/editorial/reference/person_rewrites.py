"""The references of people's records: unpublished ones, and their rewriting after a merge.

After a merge of reference records, or its undo, public records are published again, so that pages
and index are updated. Drafts stay on top and keep their authors. Withdrawn records are not changed;
their ids are resolved on reinstatement.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session, undefer

from biobank.accounts.identity import Identity
from biobank.common.clock import now
from biobank.editorial.models import Revision
from biobank.editorial.revisions.latest_revisions import confirmed_languages, is_latest, join_latest
from biobank.editorial.revisions.publication import public_revisions, republish
from biobank.records.people.models import Person
from biobank.records.reference.kinds import KINDS_BY_NAME, TERM_KIND, ReferenceKind
from biobank.records.reference.redirects import Redirects, redirect_references
from biobank.records.reference.usage import people_using
from biobank.records.vocabulary.models import term_id

#: Number of revisions held in memory at a time.
UNPUBLISHED_CHUNK_ROWS = 200
#: A key that no record can have; redirecting a key to it shows whether a record refers to the key.
UNUSED_KEY = "/"


def iter_unpublished(session: Session, mentioned_id: str = "") -> Iterator[Revision]:
    """Yield the latest revision of every person whose latest revision is not public, by person id.

    With `mentioned_id` only those whose record contains that id.
    """
    query = (
        select(Revision)
        .join(Person, Person.id == Revision.person_id)
        .where(
            Revision.state.in_(("draft", "review", "withdrawn")), Revision.redacted_at.is_(None), is_latest()
        )
        .order_by(Revision.person_id)
    )
    if mentioned_id:
        query = query.where(cast(Revision.record, Text).contains(f'"{mentioned_id}"', autoescape=True))
    yield from session.scalars(query.execution_options(yield_per=UNPUBLISHED_CHUNK_ROWS))


def draft_ids_using(session: Session, kind: ReferenceKind, key: str) -> list[str]:
    """Return the ids of people whose latest revision is not public and refers to `key`."""
    return [row.person_id for row in unpublished_using(session, kind, key)]


def unpublished_using(session: Session, kind: ReferenceKind, key: str) -> list[Revision]:
    """Return the latest revisions that are not public and refer to `key`, by person id."""
    redirects = {kind.name: {key: UNUSED_KEY}}
    mentioned_id = term_id(key) if kind is TERM_KIND else key
    return [row for row in iter_unpublished(session, mentioned_id) if refers_to(row, redirects)]


def refers_to(revision: Revision, redirects: Redirects) -> bool:
    """Return whether a revision refers to a key in `redirects`."""
    return bool(revision.record) and redirect_references(revision.record, redirects) != revision.record


#: Number of people whose records are rewritten in one transaction, which locks the database.
REWRITE_BATCH_SIZE = 400
#: Seconds between two such transactions. SQLite lets a waiting writer try every 0.1 s.
PAUSE_SECONDS = 0.15


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
    session: Session, actor: Identity, ids: Sequence[str], redirects: Redirects, message: str
) -> list[dict[str, Any]]:
    """Replace ids in the public records and drafts of people.

    Returns for each person the revision numbers before and after: `{"id": …, "public": [3, 4],
    "draft": [2, 5], "base": 3}`; a list is empty if nothing was replaced, `base` was public before.
    """
    requests = [
        RewriteRequest(
            current, _with_redirects(current.public, redirects), _with_redirects(current.draft, redirects)
        )
        for current in load_person_revisions(session, ids)
    ]
    return write_revisions(session, actor, requests, message)


def load_person_revisions(session: Session, ids: Sequence[str]) -> list[PersonRevisions]:
    """Return the revisions of each person, locked until the transaction ends."""
    query = select(Person).where(Person.id.in_(ids)).order_by(Person.id)
    query = query.options(undefer(Person.redirected_record))
    people = list(session.scalars(query.with_for_update(key_share=True)))
    public = public_revisions(session, people)
    open_draft = Revision.state.in_(("draft", "review")) & Revision.redacted_at.is_(None)
    rows = session.scalars(join_latest(select(Revision), ids).where(open_draft))
    drafts = {revision.person_id: revision for revision in rows}
    return [PersonRevisions(person, public.get(person.id), drafts.get(person.id)) for person in people]


def write_revisions(
    session: Session, actor: Identity, requests: Sequence[RewriteRequest], message: str
) -> list[dict[str, Any]]:
    """Save the requested records as new revisions, with unchanged text ages.

    A replaced id in a citation does not make a translation outdated.
    """
    requests = [request for request in requests if request.public is not None or request.draft is not None]
    changes = {request.current.person.id: _revision_numbers(request) for request in requests}
    replacements = list(_build_replacements(actor, requests, message))
    if replacements:
        republish(session, replacements, now())
    for person, _, columns in replacements:
        changes[person.id]["public"].append(columns["number"])
    for request in requests:
        if (draft := request.current.draft) is not None:
            number = _rebase_draft(session, request.current, draft, request.draft or draft.record, message)
            changes[request.current.person.id]["draft"].append(number)
    session.flush()
    return list(changes.values())


def _with_redirects(revision: Revision | None, redirects: Redirects) -> dict[str, Any] | None:
    """Return the record with replaced ids, or None if nothing changes."""
    if revision is None or not revision.record:
        return None
    result = redirect_references(revision.record, redirects)
    return result if result != revision.record else None


def _revision_numbers(request: RewriteRequest) -> dict[str, Any]:
    public, draft = request.current.public, request.current.draft
    return {
        "id": request.current.person.id,
        "public": [public.number] if public and request.public is not None else [],
        "draft": [draft.number] if draft else [],
        "base": public.number if public else None,
    }


def _build_replacements(
    actor: Identity, requests: Sequence[RewriteRequest], message: str
) -> Iterator[tuple[Person, Revision, dict[str, Any]]]:
    for request in requests:
        person, public, draft = request.current.person, request.current.public, request.current.draft
        if request.public is not None and public is not None:
            last_number = max(public.number, draft.number if draft else 0)
            author = (actor.name, actor.user_id)
            yield person, public, _revision_columns(person.id, last_number, request.public, message, author)


def _rebase_draft(
    session: Session, current: PersonRevisions, draft: Revision, record: dict[str, Any], message: str
) -> int:
    """Save the draft as a revision on top of all others, with the same author and state."""
    last_number = max(draft.number, current.person.published or 0)
    author = (draft.author, draft.author_id)
    rebased = Revision(**_revision_columns(draft.person_id, last_number, record, message, author))
    rebased.state, rebased.credit, rebased.writers = draft.state, draft.credit, draft.writers
    rebased.agrees = confirmed_languages(session, draft, current.public.number if current.public else 0)
    # Only the latest revision is reviewed.
    draft.state = "draft"
    session.add(rebased)
    return rebased.number


def _revision_columns(
    person_id: str, last_number: int, record: Mapping[str, Any], message: str, author: tuple[str, int | None]
) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "number": last_number + 1,
        "state": "draft",
        "record": dict(record),
        "author": author[0],
        "author_id": author[1],
        "message": message,
        "at": now(),
        "base": last_number,
        "agrees": [],
        "credit": "",
    }
