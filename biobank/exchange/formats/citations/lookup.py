"""Loading of what is cited: a biography in one of its revisions, and its sources."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy.orm import Session

from biobank.editorial.models import Revision
from biobank.editorial.revisions import history
from biobank.exchange.exports.export_context import ExportContext
from biobank.exchange.formats.citations.formatting import CitedRevision, biography_item
from biobank.exchange.formats.citations.item import CitationEntry, parse_csl
from biobank.records.people.browse_queries import load_csl_items, to_utc
from biobank.records.people.citations import all_source_ids
from biobank.records.people.record import PersonRecord

#: Builds the permanent URL of a revision from the person's id and the revision number.
RevisionUrl = Callable[[str, int], str]


@dataclass(frozen=True)
class CitedBiography:
    """A biography as an entry, with the cited record and revision."""

    entry: CitationEntry
    record: PersonRecord
    revision: CitedRevision


def load_biography(
    session: Session,
    context: ExportContext,
    person_id: str,
    revision_number: int | None,
    revision_url: RevisionUrl,
) -> CitedBiography:
    """Return the biography of a public person in a published revision, by default the current one.

    Raises:
        NotFound: if the person is not public, or the revision was never published.
        Gone: if the revision was redacted.
    """
    if revision_number is None:
        revision = history.get_current_revision(session, person_id)
    else:
        revision = history.get_revision(session, person_id, revision_number)
    cited = cited_revision(revision, revision_url)
    record = cast(PersonRecord, revision.record)
    item = biography_item(record, context, cited)
    return CitedBiography(CitationEntry(person_id, item), record, cited)


def cited_revision(revision: Revision, revision_url: RevisionUrl) -> CitedRevision:
    published_on = to_utc(revision.published_at or revision.at).date()
    return CitedRevision(revision.number, published_on, revision_url(revision.person_id, revision.number))


def load_sources(session: Session, record: PersonRecord) -> Sequence[CitationEntry]:
    """Return every source of a record, in order of listing and citation."""
    ids = all_source_ids(record)
    items = load_csl_items(session, ids)
    return [CitationEntry(id_, parse_csl(items[id_])) for id_ in ids if id_ in items]
