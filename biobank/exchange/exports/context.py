"""The context that export formats share: texts about a person, and the records around people."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from biobank.common.i18n import best_text
from biobank.common.messages import BANK_NAME
from biobank.editorial.merging.redirects import find_public_aliases
from biobank.editorial.revisions import history
from biobank.records.catalogue import Catalogue
from biobank.records.date_formatting import format_life_years
from biobank.records.people import queries
from biobank.records.people.mapping import preferred_name
from biobank.records.people.record import PersonRecord, vital_event
from biobank.records.sources import queries as sources
from biobank.store.outbox import MAX_STATEMENT_VALUES, batched
from biobank.store.session import Database


@dataclass(frozen=True)
class ExportContext:
    """The catalogue, language, base URL and date of an export."""

    catalogue: Catalogue
    lang: str
    #: Build the permanent URL, with scheme and host, from a person's id.
    url: Callable[[str], str]
    date: date
    #: Database for related records; formats write bare ids without it.
    database: Database | None = None

    @property
    def bank_name(self) -> str:
        return BANK_NAME.translate(self.lang)

    def name(self, record: PersonRecord) -> str:
        return preferred_name(record, self.lang)

    def title(self, record: PersonRecord) -> str:
        """Return the name and, if known, the years: `Üzeyir Hacıbəyov (1885–1948)`."""
        years = self.years(record)
        return f"{self.name(record)} ({years})" if years else self.name(record)

    def years(self, record: PersonRecord) -> str:
        born, died = date_of(record, "birth"), date_of(record, "death")
        return format_life_years(born, died, self.lang, living="death" not in record)

    def headline(self, record: PersonRecord) -> str:
        return best_text(record.get("headline"), self.lang)

    def professions(self, record: PersonRecord) -> list[str]:
        """Return the labels of the professions, most important first."""
        ids = record.get("professions", ())
        return [self.catalogue.term_label("profession", id_, self.lang) for id_ in ids]

    def place(self, record: PersonRecord, event_type: str) -> str:
        place_id = vital_event(record, event_type).get("place")
        return self.catalogue.place_name(place_id, self.lang) if place_id else ""


def date_of(record: PersonRecord, event_type: str) -> str | None:
    return vital_event(record, event_type).get("date")


def collapse_whitespace(text: str) -> str:
    """Collapse line breaks and runs of spaces into single spaces."""
    return " ".join(text.split())


def iter_records(database: Database, ids: Sequence[str]) -> Iterator[PersonRecord]:
    """Iterate over the public records of `ids` in that order, read in chunks.

    No database session stays open between chunks, however slowly the records are consumed. A person
    withdrawn meanwhile is left out.
    """
    for start in range(0, len(ids), queries.CHUNK_PEOPLE):
        with database.read() as session:
            records = queries.load_records(session, ids[start : start + queries.CHUNK_PEOPLE])
        yield from records.values()


@dataclass(frozen=True)
class RelatedRecords:
    """Related data of some records, by id; covers public people only."""

    #: CSL-JSON of sources.
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    #: Preferred names of people by language.
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: Number and timestamp of every public revision, oldest first.
    revisions: Mapping[str, Sequence[tuple[int, datetime]]] = field(default_factory=dict)
    #: Ids that were merged into the person.
    old_ids: Mapping[str, Sequence[str]] = field(default_factory=dict)


def with_related_records(
    records: Iterable[PersonRecord], database: Database | None
) -> Iterator[tuple[PersonRecord, RelatedRecords]]:
    """Pair each record with its related data, loaded in chunks."""
    remaining = iter(records)
    while batch := list(islice(remaining, queries.CHUNK_PEOPLE)):
        related = load_related_records(database, batch) if database else RelatedRecords()
        for record in batch:
            yield record, related


def load_related_records(database: Database, records: Sequence[PersonRecord]) -> RelatedRecords:
    ids = [record["id"] for record in records]
    source_ids = sorted({id_ for record in records for id_ in record.get("sources", ())})
    related_ids = sorted(
        {relation["person"] for record in records for relation in record.get("relations", ())}
    )
    with database.read() as session:
        return RelatedRecords(
            load_csl(session, source_ids),
            {
                id_: names
                for chunk in batched(related_ids, MAX_STATEMENT_VALUES)
                for id_, names in queries.preferred_names(session, chunk).items()
            },
            history.publication_dates_by_person(session, ids),
            find_public_aliases(session, ids),
        )


def load_csl(session: Session, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Return the CSL-JSON of sources by id, without unknown ids."""
    return {
        id_: source["csl"]
        for chunk in batched(list(ids), MAX_STATEMENT_VALUES)
        for id_, source in sources.load_by_ids(session, chunk).items()
    }
