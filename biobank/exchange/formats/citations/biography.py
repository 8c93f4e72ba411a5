"""Biographies as cited works: the entry of a record, and loading of a cited revision and its sources."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from sqlalchemy.orm import Session

from biobank.common.clock import as_utc
from biobank.editorial.models import Revision
from biobank.editorial.revisions import history
from biobank.exchange.exports.context import ExportContext, collapse_whitespace
from biobank.exchange.formats.citations.item import (
    KEYWORD_SEPARATOR,
    CitationEntry,
    CitedItem,
    PartialDate,
    parse_csl,
)
from biobank.records.people.browse_queries import load_csl_items
from biobank.records.people.citations import all_source_ids
from biobank.records.people.name_parts import preferred_name_parts
from biobank.records.people.record import PersonRecord


@dataclass(frozen=True)
class CitedRevision:
    """The cited revision: its number, date of publication and permanent URL."""

    number: int
    published_on: date
    url: str


def biography_item(
    record: PersonRecord, context: ExportContext, revision: CitedRevision | None = None
) -> CitedItem:
    """Return the biography in the context's language; without a revision, the current state."""
    russian = replace(context, lang="ru")
    return CitedItem(
        type="entry-encyclopedia",
        title=collapse_whitespace(context.title(record)),
        container=context.bank_name,
        version=str(revision.number) if revision else "",
        issued=_partial_date(revision.published_on) if revision else None,
        accessed=_partial_date(context.date),
        url=revision.url if revision else context.url(record["id"]),
        lang=context.lang,
        abstract=collapse_whitespace(context.headline(record)),
        keywords=KEYWORD_SEPARATOR.join(context.professions(record)),
        is_name=True,
        sort_title=collapse_whitespace(preferred_name_parts(record, context.lang).inverted),
        russian=None if context.lang == "ru" else biography_item(record, russian, revision),
    )


def biography_entries(records: Iterable[PersonRecord], context: ExportContext) -> Iterator[CitationEntry]:
    """Return the entries of many people in their current state, for exports."""
    return (CitationEntry(record["id"], biography_item(record, context)) for record in records)


def _partial_date(published_on: date) -> PartialDate:
    return PartialDate(published_on.year, published_on.month, published_on.day)


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
    published_on = as_utc(revision.published_at or revision.at).date()
    return CitedRevision(revision.number, published_on, revision_url(revision.person_id, revision.number))


def load_sources(session: Session, record: PersonRecord) -> Sequence[CitationEntry]:
    """Return every source of a record, in order of listing and citation."""
    ids = all_source_ids(record)
    items = load_csl_items(session, ids)
    return [CitationEntry(id_, parse_csl(items[id_])) for id_ in ids if id_ in items]
