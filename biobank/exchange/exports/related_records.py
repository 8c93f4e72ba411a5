"""Data that records refer to: sources, other people, revisions and merged ids."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from biobank.editorial.merging.redirects import find_public_aliases
from biobank.editorial.revisions import history
from biobank.records.people import queries
from biobank.records.people.record import PersonRecord
from biobank.records.sources import queries as sources
from biobank.store.outbox import MAX_STATEMENT_VALUES, batched
from biobank.store.session import Database


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
