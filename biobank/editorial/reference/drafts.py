"""What is not public and refers to a reference record: drafts, what is in review."""

from collections.abc import Iterator

from sqlalchemy import Text, cast, exists, select
from sqlalchemy.orm import Session, aliased

from biobank.editorial.models import Revision
from biobank.records.people.models import Person
from biobank.records.reference.kinds import TERM, Kind
from biobank.records.reference.redirects import Redirects, readdressed
from biobank.records.vocabulary.models import term_id

#: Revisions that are held in memory at a time.
CHUNK = 200
#: A key that nothing has: as no id begins so, what is led to it was referred to.
NOWHERE = "/"


def unpublished(session: Session, naming: str = "") -> Iterator[Revision]:
    """The newest revision of everybody whose newest one is not the public one, by person.

    Where `naming` is an id, those are left out in whose record it stands nowhere.
    """
    later = aliased(Revision)
    query = (
        select(Revision)
        .join(Person, Person.id == Revision.person_id)
        .where(
            Revision.state.in_(("draft", "review", "withdrawn")),
            Revision.redacted_at.is_(None),
            ~exists().where(later.person_id == Revision.person_id, later.number > Revision.number),
        )
        .order_by(Revision.person_id)
    )
    if naming:
        query = query.where(cast(Revision.record, Text).contains(f'"{naming}"', autoescape=True))
    yield from session.scalars(query.execution_options(yield_per=CHUNK))


def drafts_using(session: Session, kind: Kind, key: str) -> list[str]:
    """Ids of people whose newest revision is not public and refers to `key`."""
    return [row.person_id for row in unpublished_using(session, kind, key)]


def unpublished_using(session: Session, kind: Kind, key: str) -> list[Revision]:
    """Newest revisions that are not public and refer to `key`, by person."""
    moved = {kind.name: {key: NOWHERE}}
    naming = term_id(key) if kind is TERM else key
    return [row for row in unpublished(session, naming) if refers(row, moved)]


def refers(revision: Revision, redirects: Redirects) -> bool:
    """Whether a revision refers to something that `redirects` lead away from."""
    return bool(revision.record) and readdressed(revision.record, redirects) != revision.record
