"""The indexer: the index matches the store, whatever happens in between."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from benchmarks.publishing import time_until_found
from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.common.progress import null_progress
from biobank.editorial.revisions.bulk_save import save_records
from biobank.errors import SearchUnavailable
from biobank.records.people.models import Person
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.search.document import Document
from biobank.search.indexer import OUTBOX_BATCH_ROWS, Indexer, IndexVerification
from biobank.search.query import SearchQuery
from biobank.search.whoosh_engine import WhooshEngine
from biobank.store import outbox
from biobank.store.session import Database
from tests.support import seed

UZEYIR, CEYHUN, SOLTAN = "uzeyir-hacibeyov", "ceyhun-hacibeyli", "soltan-hacibeyov"
NIZAMI, MEHSETI = "nizami-gencevi", "mehseti-gencevi"

AGREES = IndexVerification((), (), ())


def record(person_id: str, **changes: Any) -> dict[str, Any]:
    """Return a seed person without relations, with `changes`."""
    return load_validated(person_schema, {**seed.person_without_relations(person_id), **changes})


def publish(database: Database, *records: dict[str, Any], public: bool = True) -> None:
    with database.write() as session:
        save_records(session, records, OPERATOR, "", publish=public)


def withdraw(database: Database, person_id: str) -> None:
    """Unpublish a person; the record remains."""
    with database.write() as session:
        session.get_one(Person, person_id).published = None
        outbox.add(session, [person_id])


def search_ids(engine: WhooshEngine, text: str) -> list[str]:
    return [hit.id for hit in engine.search(SearchQuery(text)).hits]


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    return WhooshEngine(tmp_path / "index")


@pytest.fixture
def indexer(database: Database, engine: WhooshEngine) -> Indexer:
    """Return the indexer of an empty bank with an index."""
    indexer = Indexer(database, engine)
    indexer.rebuild(null_progress)
    return indexer


# The outbox


def test_publication_is_outstanding_until_indexed(
    database: Database, engine: WhooshEngine, indexer: Indexer
) -> None:
    publish(database, record(UZEYIR), record(NIZAMI))
    assert indexer.count_outstanding() == 2
    assert search_ids(engine, "hacibeyov") == []
    assert indexer.verify() == IndexVerification((NIZAMI, UZEYIR), (), ())
    assert indexer.sync() == 2
    assert indexer.count_outstanding() == indexer.sync() == 0
    assert search_ids(engine, "hacibeyov") == [UZEYIR]
    assert indexer.verify() == AGREES


def test_changes_of_one_person_are_merged(database: Database, engine: WhooshEngine, indexer: Indexer) -> None:
    for headline in ("Publisist", "Dirijor", "Dramaturq"):
        publish(database, record(UZEYIR, headline={"az": headline}))
    assert indexer.count_outstanding() == 3
    assert indexer.sync() == 1
    response = engine.search(SearchQuery("dramaturq hacıbəyov"))
    assert ([hit.id for hit in response.hits], response.dropped_positions) == ([UZEYIR], ())


def test_changes_beyond_batch_size_are_applied(
    database: Database, engine: WhooshEngine, indexer: Indexer
) -> None:
    publish(database, record(UZEYIR), record(NIZAMI))
    with database.write() as session:
        outbox.add(session, [UZEYIR] * (OUTBOX_BATCH_ROWS + 1))
    assert indexer.count_outstanding() == OUTBOX_BATCH_ROWS + 3
    assert indexer.sync() == 3  # Both people are in the first batch, Üzeyir again in the second.
    assert (indexer.count_outstanding(), len(engine.ids())) == (0, 2)


def test_draft_is_not_indexed_and_keeps_published_version(
    database: Database, engine: WhooshEngine, indexer: Indexer
) -> None:
    publish(database, record(UZEYIR))
    publish(database, record(UZEYIR, headline={"az": "Eskiz"}), record(NIZAMI), public=False)
    indexer.sync()
    assert list(engine.ids()) == [UZEYIR]
    assert search_ids(engine, "eskiz") == []


def test_withdrawn_person_is_removed(database: Database, engine: WhooshEngine, indexer: Indexer) -> None:
    publish(database, record(UZEYIR), record(NIZAMI))
    indexer.sync()
    withdraw(database, UZEYIR)
    assert indexer.verify() == IndexVerification((), (UZEYIR,), ())
    indexer.sync()
    assert list(engine.ids()) == [NIZAMI]
    assert indexer.verify() == AGREES


def test_a_change_that_was_rolled_back_is_not_indexed(
    database: Database, engine: WhooshEngine, indexer: Indexer
) -> None:
    with pytest.raises(ArithmeticError), database.write() as session:  # noqa: PT012
        save_records(session, [record(UZEYIR)], OPERATOR, "", publish=True)
        raise ArithmeticError
    assert (indexer.sync(), dict(engine.ids())) == (0, {})


def test_new_inbound_relation_improves_rank_among_equals(
    database: Database, engine: WhooshEngine, indexer: Indexer
) -> None:
    """Relations to a person count towards the documentation score."""
    few = {"names": [{"text": "Hacıbəyov", "lang": "az", "kind": "preferred"}]}
    publish(database, *(load_validated(person_schema, {"id": id_, **few}) for id_ in (SOLTAN, UZEYIR)))
    indexer.sync()
    assert search_ids(engine, "hacıbəyov") == [SOLTAN, UZEYIR]
    brother = record(CEYHUN, names=[{"text": "Ceyhun", "lang": "az", "kind": "preferred"}])
    publish(database, {**brother, "relations": [{"type": "sibling", "person": UZEYIR}]})
    indexer.sync()
    assert search_ids(engine, "hacıbəyov")[:2] == [UZEYIR, SOLTAN]
    publish(database, brother)
    indexer.sync()
    assert search_ids(engine, "hacıbəyov") == [SOLTAN, UZEYIR]


def test_replaying_a_change_is_harmless(database: Database, engine: WhooshEngine, indexer: Indexer) -> None:
    publish(database, record(UZEYIR))
    indexer.sync()
    before = engine.search(SearchQuery("opera"))
    with database.write() as session:
        outbox.add(session, [UZEYIR, "nobody"])
    indexer.sync()
    assert engine.search(SearchQuery("opera")) == before


def test_an_indexer_that_dies_between_writing_and_marking_ends_the_same(
    database: Database, engine: WhooshEngine, indexer: Indexer, tmp_path: Path
) -> None:
    publish(database, record(UZEYIR))
    with pytest.raises(KeyboardInterrupt):
        Indexer(database, CrashingEngine(tmp_path / "index")).sync()
    assert indexer.count_outstanding() == 1
    assert indexer.sync() == 1
    assert list(engine.ids()) == [UZEYIR]


# Rebuilding


class CrashingEngine(WhooshEngine):
    """An engine of a process that is killed after writing."""

    def apply(self, upserts: Sequence[Document], deletes: Sequence[str], mark: str = "") -> None:
        super().apply(upserts, deletes, mark)
        raise KeyboardInterrupt


class InterruptedEngine(WhooshEngine):
    """An engine that runs a callback just before or after an operation."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.before_switch: Callable[[], object] = lambda: None
        self.while_building: Callable[[], object] = lambda: None
        self.after_writing: Callable[[], object] = lambda: None

    def build(self, documents: Any) -> str:
        def all_then_more() -> Iterator[Document]:
            yield from documents
            self.while_building()

        return super().build(all_then_more())

    def activate(
        self,
        generation: str,
        upserts: Sequence[Document] = (),
        deletes: Sequence[str] = (),
        mark: str = "",
    ) -> None:
        self.before_switch()
        super().activate(generation, upserts, deletes, mark)

    def apply(self, upserts: Sequence[Document], deletes: Sequence[str], mark: str = "") -> None:
        super().apply(upserts, deletes, mark)
        self.after_writing()


@pytest.fixture
def rebuilding_engine(indexer: Indexer, tmp_path: Path) -> InterruptedEngine:
    """Return an engine for a rebuild in a second process beside `indexer`."""
    return InterruptedEngine(tmp_path / "index")


def test_rebuild_contains_exactly_public_people(
    database: Database, engine: WhooshEngine, indexer: Indexer
) -> None:
    publish(database, record(UZEYIR), record(NIZAMI))
    publish(database, record(MEHSETI), public=False)
    steps: list[tuple[str, int, int | None]] = []
    assert indexer.rebuild(lambda *step: steps.append(step)) == 2
    assert steps[-1] == ("indexed", 2, 2)
    assert set(engine.ids()) == {UZEYIR, NIZAMI}
    assert (indexer.count_outstanding(), indexer.verify()) == (0, AGREES)


def test_changes_during_a_rebuild_are_in_the_new_generation(
    database: Database, indexer: Indexer, rebuilding_engine: InterruptedEngine
) -> None:
    publish(database, record(UZEYIR), record(NIZAMI))
    indexer.sync()

    def change() -> None:
        publish(database, record(MEHSETI), record(NIZAMI, headline={"az": "Xəmsə"}))
        withdraw(database, UZEYIR)

    rebuilding_engine.while_building = change
    Indexer(database, rebuilding_engine).rebuild(null_progress)
    assert set(rebuilding_engine.ids()) == {MEHSETI, NIZAMI}
    assert search_ids(rebuilding_engine, "xəmsə nizami")[0] == NIZAMI
    assert (indexer.count_outstanding(), indexer.verify()) == (0, AGREES)


def test_changes_another_process_applied_during_a_rebuild_are_replayed(
    database: Database, indexer: Indexer, rebuilding_engine: InterruptedEngine
) -> None:
    publish(database, record(UZEYIR), record(NIZAMI))
    indexer.sync()

    def change() -> None:
        publish(database, record(MEHSETI))
        withdraw(database, UZEYIR)
        assert indexer.sync() == 2

    rebuilding_engine.while_building = change
    Indexer(database, rebuilding_engine).rebuild(null_progress)
    assert set(rebuilding_engine.ids()) == {MEHSETI, NIZAMI}
    assert indexer.verify() == AGREES


def test_changes_another_process_applied_just_before_the_switch_are_replayed(
    database: Database, indexer: Indexer, rebuilding_engine: InterruptedEngine
) -> None:
    """Such changes are neither in the built documents nor pending."""
    publish(database, record(UZEYIR))
    indexer.sync()

    def change() -> None:
        publish(database, record(NIZAMI))
        withdraw(database, UZEYIR)
        assert indexer.sync() == 2

    rebuilding_engine.before_switch = change
    Indexer(database, rebuilding_engine).rebuild(null_progress)
    assert list(rebuilding_engine.ids()) == [NIZAMI]
    assert indexer.verify() == AGREES


def test_change_applied_before_switch_and_marked_after_it_is_kept(
    database: Database, indexer: Indexer, rebuilding_engine: InterruptedEngine, tmp_path: Path
) -> None:
    """Another process applied it to the old generation but did not mark it done yet."""
    publish(database, record(UZEYIR))
    indexer.sync()

    def write() -> None:
        publish(database, record(NIZAMI))
        with contextlib.suppress(KeyboardInterrupt):
            Indexer(database, CrashingEngine(tmp_path / "index")).sync()

    def mark() -> None:
        with database.write() as session:
            outbox.mark_applied(session, outbox.pending_ids(session))

    rebuilding_engine.while_building, rebuilding_engine.after_writing = write, mark
    Indexer(database, rebuilding_engine).rebuild(null_progress)
    assert set(rebuilding_engine.ids()) == {UZEYIR, NIZAMI}
    assert indexer.verify() == AGREES


def test_a_rebuild_that_dies_leaves_the_old_index_and_the_outbox_as_they_were(
    database: Database, engine: WhooshEngine, indexer: Indexer, rebuilding_engine: InterruptedEngine
) -> None:
    publish(database, record(UZEYIR))
    indexer.sync()
    publish(database, record(NIZAMI))

    def die() -> None:
        raise MemoryError

    rebuilding_engine.while_building = die
    with pytest.raises(MemoryError):
        Indexer(database, rebuilding_engine).rebuild(null_progress)
    assert list(engine.ids()) == [UZEYIR]
    assert indexer.count_outstanding() == 1
    indexer.sync()
    assert indexer.verify() == AGREES


def test_ensure_builds_missing_index_and_updates_existing(database: Database, engine: WhooshEngine) -> None:
    indexer = Indexer(database, engine)
    publish(database, record(UZEYIR))
    with pytest.raises(SearchUnavailable):
        indexer.verify()
    indexer.ensure(null_progress)
    generation = engine.health().generation
    publish(database, record(NIZAMI))
    indexer.ensure(null_progress)
    assert set(engine.ids()) == {UZEYIR, NIZAMI}
    assert engine.health().generation == generation


# Verifying


def test_verifying_names_the_missing_the_surplus_and_the_outdated(
    database: Database, engine: WhooshEngine, indexer: Indexer
) -> None:
    publish(database, record(UZEYIR), record(NIZAMI), record(MEHSETI))
    indexer.sync()
    assert indexer.verify() == AGREES
    assert indexer.verify().matches
    engine.apply([], [UZEYIR])
    withdraw(database, NIZAMI)
    publish(database, record(MEHSETI, headline={"az": "Şairə"}))
    assert indexer.verify() == IndexVerification((UZEYIR,), (NIZAMI,), (MEHSETI,))
    assert not indexer.verify().matches
    indexer.rebuild(null_progress)
    assert indexer.verify() == AGREES


# Another process


def test_publication_is_visible_to_reading_process(own_services: Services) -> None:
    assert len(time_until_found(own_services, 3)) == 3
