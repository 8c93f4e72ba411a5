"""Loading of what is cited: a biography in one of its revisions, and its sources."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from biobank.editorial import history
from biobank.editorial.models import Revision
from biobank.exchange.answers.edition import Edition
from biobank.exchange.citing.biography import Stamp, biography
from biobank.exchange.citing.item import read
from biobank.exchange.citing.work import CitedWork
from biobank.records.people.browsing import cited, in_utc
from biobank.records.people.citations import sources_of
from biobank.records.people.mapping import Record

#: Builds the permanent URL of a revision from the person's id and the revision number.
Address = Callable[[str, int], str]


@dataclass(frozen=True)
class CitedBiography:
    """A biography as an entry, with the cited record and revision."""

    entry: CitedWork
    record: Record
    stamp: Stamp


def find_biography(
    session: Session, edition: Edition, person_id: str, number: int | None, address: Address
) -> CitedBiography:
    """Return the biography of a public person in a published revision, by default the current one.

    Raises:
        NotFound: if the person is not public, or the revision was never published.
        Gone: if the revision was redacted.
    """
    if number is None:
        revision = history.current(session, person_id)
    else:
        revision = history.at(session, person_id, number)
    stamp = stamp_of(revision, address)
    item = biography(revision.record, edition, stamp)
    return CitedBiography(CitedWork(person_id, item), revision.record, stamp)


def stamp_of(revision: Revision, address: Address) -> Stamp:
    day = in_utc(revision.published_at or revision.at).date()
    return Stamp(revision.number, day, address(revision.person_id, revision.number))


def find_sources(session: Session, record: Record) -> Sequence[CitedWork]:
    """Return every source of a record, in order of listing and citation."""
    ids = sources_of(record)
    items = cited(session, ids)
    return [CitedWork(id_, read(items[id_])) for id_ in ids if id_ in items]
