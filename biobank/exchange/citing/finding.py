"""What is cited, read from the store: a biography in one of its revisions, and its sources."""

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

#: From the id of a person and the number of a revision to its permanent address.
Address = Callable[[str, int], str]


@dataclass(frozen=True)
class CitedBiography:
    """A biography as it is cited, and the record that it is told by."""

    entry: CitedWork
    record: Record
    stamp: Stamp


def find_biography(
    session: Session, edition: Edition, person_id: str, number: int | None, address: Address
) -> CitedBiography:
    """The biography of a public person in a published revision, without a number the current.

    Raises:
        NotFound: where the person is not public, or the revision was never published.
        Gone: where the revision was redacted.
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
    """Every source of a record, in the order in which it lists and cites them."""
    ids = sources_of(record)
    items = cited(session, ids)
    return [CitedWork(id_, read(items[id_])) for id_ in ids if id_ in items]
