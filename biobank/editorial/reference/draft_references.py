"""Unpublished revisions that refer to a reference record."""

from collections.abc import Iterator

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from biobank.editorial.models import Revision
from biobank.editorial.revisions.latest_revisions import is_latest
from biobank.records.people.models import Person
from biobank.records.reference.kinds import TERM_KIND, ReferenceKind
from biobank.records.reference.redirects import Redirects, redirect_references
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
