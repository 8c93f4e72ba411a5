"""Biographies of the bank as cited works: encyclopaedia entries in one of their revisions.

They have no author, since the bank does not name its writers. Styles then put the title first, as
for other collaborative encyclopaedias.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from biobank.exchange.exports.export_context import ExportContext, collapse_whitespace
from biobank.exchange.formats.citations.entry import CitationEntry
from biobank.exchange.formats.citations.item import CitedItem, PartialDate
from biobank.records.people.mapping import PersonRecord

#: Separator of keywords, which no label of a term contains.
KEYWORD_SEPARATOR = "; "


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
    )


def biography_entries(
    records: Iterable[PersonRecord], context: ExportContext
) -> Iterator[CitationEntry]:
    """Return the entries of many people in their current state, for exports."""
    return (CitationEntry(record["id"], biography_item(record, context)) for record in records)


def _partial_date(published_on: date) -> PartialDate:
    return PartialDate(published_on.year, published_on.month, published_on.day)
