"""Data that records refer to: sources, other people, revisions and merged ids."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from biobank.editorial import history
from biobank.editorial.merging.leading import led_to
from biobank.records.people import queries
from biobank.records.people.mapping import Record
from biobank.records.sources import queries as sources
from biobank.store.outbox import PORTION, batched
from biobank.store.session import Database


@dataclass(frozen=True)
class Surroundings:
    """Related data of some records, by id; covers public people only."""

    #: CSL-JSON of sources.
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    #: Preferred names of people by language.
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: Number and timestamp of every public revision, oldest first.
    revisions: Mapping[str, Sequence[tuple[int, datetime]]] = field(default_factory=dict)
    #: Ids that were merged into the person.
    old_ids: Mapping[str, Sequence[str]] = field(default_factory=dict)


def with_surroundings(
    records: Iterable[Record], database: Database | None
) -> Iterator[tuple[Record, Surroundings]]:
    """Pair each record with its related data, loaded in chunks."""
    rest = iter(records)
    while batch := list(islice(rest, queries.CHUNK)):
        around = surroundings(database, batch) if database else Surroundings()
        for record in batch:
            yield record, around


def surroundings(database: Database, records: Sequence[Record]) -> Surroundings:
    ids = [record["id"] for record in records]
    cited = sorted({id_ for record in records for id_ in record.get("sources", ())})
    tied = sorted({tie["person"] for record in records for tie in record.get("relations", ())})
    with database.read() as session:
        return Surroundings(
            csl_of(session, cited),
            {
                id_: names
                for portion in batched(tied, PORTION)
                for id_, names in queries.names(session, portion).items()
            },
            history.days_of_many(session, ids),
            led_to(session, ids),
        )


def csl_of(session: Session, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Return the CSL-JSON of sources by id, without unknown ids."""
    return {
        id_: source["csl"]
        for portion in batched(list(ids), PORTION)
        for id_, source in sources.by_ids(session, portion).items()
    }
