"""The indexer: applies the outbox of the store to the engine; rebuild, sync and verify."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from prometheus_client import Histogram
from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.common.clock import as_utc, now
from biobank.common.progress import ProgressReporter, null_progress
from biobank.errors import SearchUnavailable
from biobank.records.catalogue import Catalogue, load_catalogue
from biobank.records.people import queries
from biobank.records.people.models import Person
from biobank.records.people.queries import stale_translations_by_person
from biobank.records.people.record import PersonRecord
from biobank.records.sources import queries as sources
from biobank.records.vocabulary.models import term_id
from biobank.search.document import Document, RelatedData, make_document
from biobank.search.engine import SearchEngine
from biobank.search.meaning.encoder import Encoder
from biobank.search.meaning.updater import VectorUpdater
from biobank.store import outbox
from biobank.store.session import Database

#: Outbox rows read and documents written per step.
OUTBOX_BATCH_ROWS = 500
#: Seconds between polls of the outbox.
POLL_SECONDS = 0.2
#: Idle polls between two checks whether the index is damaged or the database was replaced: five
#: seconds.
POLLS_PER_STATE_CHECK = 25
OTHER_STATE_MESSAGE = "the index is of another state of the database; run: biobank index rebuild"

#: Measured by the process that follows the store; `serve` adds it to the metrics of its workers.
index_delay_seconds = Histogram(
    "biobank_index_delay_seconds",
    "Seconds from a change of a public record to its being found",
    buckets=(0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600),
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class IndexVerification:
    """Differences between the index and the store, by id."""

    missing: tuple[str, ...]
    surplus: tuple[str, ...]
    outdated: tuple[str, ...]
    #: Whether applying the pending changes removes all differences.
    is_pending: bool = field(default=False, compare=False)

    @property
    def matches(self) -> bool:
        """Return whether index and store are equal."""
        return not (self.missing or self.surplus or self.outdated)


class Indexer:
    """Keeps one engine in sync with one store."""

    def __init__(self, database: Database, engine: SearchEngine, encoder: Encoder | None = None) -> None:
        self._database = database
        self._engine = engine
        self.vectors = VectorUpdater(engine, encoder, self._load_documents)

    def rebuild(self, progress: ProgressReporter) -> int:
        """Build a new generation from the store, switch to it, and return the number of people.

        The old generation serves until the switch, and remains if the rebuild fails. Changes made
        meanwhile, which another process may have applied to the old generation, are replayed on the
        new one.
        """
        started = now()
        with self._database.read() as session:
            # Changes that are pending now are included in the documents read below.
            seen_rows = set(outbox.pending_ids(session))
            applied_id = outbox.latest_applied_id(session)
        with self._database.read() as session:
            total = queries.count(session)
            documents = self._documents(session, progress, total)
            generation = self._engine.build(documents)
        changes = self._take_unseen(seen_rows, started)
        self._engine.activate(generation, *changes, self._mark(max(seen_rows, default=0), applied_id))
        # Replay what another process applied to the old generation before the switch.
        changes = self._take_unseen(seen_rows, started)
        self._apply(*changes, self._mark(max(seen_rows, default=0), applied_id))
        with self._database.write() as session:
            outbox.mark_applied(session, sorted(seen_rows))
        self.sync()
        return total

    def sync(self) -> int:
        """Apply all pending changes of the outbox and return the number of affected people."""
        total = 0
        while applied := self._apply_batch():
            total += applied
        return total

    def ensure(self, progress: ProgressReporter) -> None:
        """Apply pending changes; build the index if it is missing, damaged or of another state."""
        try:
            self._engine.health()
            self.sync()
            self.require_same_state()
        except SearchUnavailable:
            self.rebuild(progress)

    def require_same_state(self) -> None:
        """Check that the index was built from this database, neither from an older nor a newer one.

        The mark of the index names the latest change that it has. A database that was restored
        from a backup lacks that change or has another one with its number, and an index that was
        restored lacks changes that the database has as applied.

        Raises:
            SearchUnavailable: the index is of another state.
        """
        mark = self._engine.mark()
        change_id = outbox.parse_id(mark)
        with self._database.read() as session:
            is_same = mark != "" and mark == outbox.describe(session, change_id)
            if not is_same or outbox.latest_applied_id(session) > change_id:
                raise SearchUnavailable(OTHER_STATE_MESSAGE)

    def follow(self, should_stop: Callable[[], bool]) -> None:
        """Apply changes as they arrive until `should_stop` returns true."""
        polls = 0
        while not should_stop():
            try:
                if not self.sync():
                    time.sleep(POLL_SECONDS)
                    polls += 1
                    if polls % POLLS_PER_STATE_CHECK == 0:
                        self._engine.health()
                        self.require_same_state()
            except SearchUnavailable as error:
                log.warning("%s; rebuilding the index", error.message)
                self.rebuild(null_progress)

    def count_outstanding(self, up_to: int | None = None) -> int:
        """Return the number of pending changes, optionally only those up to an outbox row."""
        with self._database.read() as session:
            return sum(up_to is None or row <= up_to for row in outbox.pending_ids(session))

    def latest_outstanding(self) -> int:
        """Return the latest pending outbox row; 0 if there is none."""
        with self._database.read() as session:
            return max(outbox.pending_ids(session), default=0)

    def first_outstanding_at(self) -> datetime | None:
        """Return the time of the oldest pending change."""
        with self._database.read() as session:
            return outbox.first_pending_at(session)

    def verify(self) -> IndexVerification:
        """Compare all ids and publication times with the store."""
        with self._database.read() as session:
            query = select(Person.id, Person.updated_at).where(Person.published.is_not(None))
            stored = {row.id: _timestamp(row.updated_at) for row in session.execute(query)}
            pending = outbox.pending_people(session)
        indexed = self._engine.ids()
        missing, surplus = stored.keys() - indexed.keys(), indexed.keys() - stored.keys()
        outdated = {id_ for id_ in stored.keys() & indexed.keys() if indexed[id_] != stored[id_]}
        return IndexVerification(
            missing=tuple(sorted(missing)),
            surplus=tuple(sorted(surplus)),
            outdated=tuple(sorted(outdated)),
            is_pending=missing | surplus | outdated <= pending,
        )

    def _apply_batch(self) -> int:
        with self._database.read() as session:
            rows = outbox.pending(session, OUTBOX_BATCH_ROWS)
            if not rows:
                return 0
            ids = list(dict.fromkeys(row.person_id for row in rows))
            upserts, deletes = self._current_documents(session, self._with_neighbours(session, ids))
        self.require_same_state()
        last_id = max(row.id for row in rows)
        self._apply(upserts, deletes, self._mark(last_id, outbox.parse_id(self._engine.mark())))
        with self._database.write() as session:
            outbox.mark_applied(session, [row.id for row in rows])
        for row in rows:
            index_delay_seconds.observe(max(0.0, (now() - as_utc(row.at)).total_seconds()))
        return len(ids)

    def _apply(self, upserts: Sequence[Document], deletes: Sequence[str], mark: str) -> None:
        """Apply changes to the index, then to the vectors: a crash in between repeats both."""
        self._engine.apply(upserts, deletes, mark)
        self.vectors.apply(upserts, deletes)

    def _load_documents(self, ids: Sequence[str]) -> list[Document]:
        """Return the documents of those of `ids` that are public."""
        with self._database.read() as session:
            return self._current_documents(session, ids)[0]

    def _mark(self, *change_ids: int) -> str:
        """Return the mark of an index that has these changes."""
        with self._database.read() as session:
            return outbox.describe(session, max(change_ids))

    def _take_unseen(self, seen_rows: set[int], since: datetime) -> tuple[list[Document], list[str]]:
        """Return the upserts and deletes of outbox rows not in `seen_rows`, and add them to it."""
        with self._database.read() as session:
            rows = outbox.unapplied_since(session, since)
            ids = dict.fromkeys(person_id for row, person_id in rows.items() if row not in seen_rows)
            seen_rows.update(rows)
            return self._current_documents(session, self._with_neighbours(session, list(ids)))

    def _with_neighbours(self, session: Session, ids: Sequence[str]) -> list[str]:
        """Return `ids` and the people they refer to, whose score changes with them."""
        related_ids = dict.fromkeys(ids)
        for chunk in outbox.batched(ids, OUTBOX_BATCH_ROWS):
            for record in queries.load_records(session, chunk).values():
                related_ids.update(dict.fromkeys(part["person"] for part in record.get("relations", ())))
        return list(related_ids)

    def _current_documents(self, session: Session, ids: Sequence[str]) -> tuple[list[Document], list[str]]:
        """Return documents of those of `ids` that are public, and the ids of the others."""
        catalogue = load_catalogue(session) if ids else Catalogue()
        documents = [
            document
            for chunk in outbox.batched(ids, OUTBOX_BATCH_ROWS)
            for document in _build_documents(session, catalogue, queries.load_records(session, chunk))
        ]
        public = {document.id for document in documents}
        return documents, [id_ for id_ in ids if id_ not in public]

    def _documents(self, session: Session, progress: ProgressReporter, total: int) -> Iterator[Document]:
        catalogue = load_catalogue(session)
        processed = 0
        for records in queries.iter_chunks(session):
            yield from _build_documents(session, catalogue, records)
            processed += len(records)
            progress("indexed", processed, total)


def _build_documents(
    session: Session, catalogue: Catalogue, records: dict[str, PersonRecord]
) -> Iterator[Document]:
    ids = list(records)
    inbound_rows = queries.relations_to(session, ids)
    cited = {id_ for record in records.values() for id_ in record.get("sources", ())}
    titles = sources.load_titles(session, cited)
    stale = stale_translations_by_person(session, ids)
    query = select(Person.id, Person.updated_at).where(Person.id.in_(ids))
    updated = {row.id: _timestamp(row.updated_at) for row in session.execute(query)}
    for id_, record in records.items():
        inbound_relations = [(row.person_id, term_id(row.type_key)) for row in inbound_rows.get(id_, ())]
        related_data = RelatedData(inbound_relations, titles, stale.get(id_, {}))
        yield make_document(record, catalogue, related_data=related_data, updated=updated[id_])


def _timestamp(value: datetime) -> float:
    """Return seconds since 1970; SQLite returns UTC times without a time zone."""
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
