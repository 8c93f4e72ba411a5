"""The indexer: the index matches the store, whatever happens in between."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from benchmarks.publishing import until_found
from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.publishing import save_many
from biobank.errors import SearchUnavailable
from biobank.exchange.importing.importer import silent
from biobank.records.people.models import Person
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.search.document import Document
from biobank.search.indexer import BATCH, Indexer, Verification
from biobank.search.query import SearchQuery
from biobank.search.whoosh_engine import WhooshEngine
from biobank.store import outbox
from biobank.store.session import Database
from tests.support import seed

UZEYIR, CEYHUN, SOLTAN = "uzeyir-hacibeyov", "ceyhun-hacibeyli", "soltan-hacibeyov"
NIZAMI, MEHSETI = "nizami-gencevi", "mehseti-gencevi"

AGREES = Verification((), (), ())


def record(person_id: str, **changes: Any) -> dict[str, Any]:
    """Return a seed person without relations, with `changes`."""
    return load(person_schema, {**seed.alone(person_id), **changes})


def publish(database: Database, *records: dict[str, Any], public: bool = True) -> None:
    with database.write() as session:
        save_many(session, records, OPERATOR, "", publish=public)


def withdraw(database: Database, person_id: str) -> None:
    """Unpublish a person; the record remains."""
    with database.write() as session:
        session.get_one(Person, person_id).published = None
        outbox.add(session, [person_id])


def found(engine: WhooshEngine, text: str) -> list[str]:
    return [hit.id for hit in engine.search(SearchQuery(text)).hits]


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    return WhooshEngine(tmp_path / "index")


@pytest.fixture
def indexer(database: Database, engine: WhooshEngine) -> Indexer:
    """Return the indexer of an empty bank with an index."""
    indexer = Indexer(database, engine)
    indexer.rebuild(silent)
    return indexer


# The outbox


def test_what_is_published_is_outstanding_until_it_is_found(
    database: Database, engine: WhooshEngine, indexer: Indexer
) -> None:
    publish(database, record(UZEYIR), record(NIZAMI))
    assert indexer.outstanding() == 2
    assert found(engine, "hacibeyov") == []
    assert indexer.verify() == Verification((NIZAMI, UZEYIR), (), ())
    assert indexer.sync() == 2
    assert indexer.outstanding() == indexer.sync() == 0
    assert found(engine, "hacibeyov") == [UZEYIR]
    assert indexer.verify() == AGREES


def test_changes_of_one_person_are_one_and_the_last_counts(
    database: Database, engine: WhooshEngine, indexer: Indexer
) -> None:
    for headline in ("Publisist", "Dirijor", "Dramaturq"):
        publish(database, record(UZEYIR, headline={"az": headline}))
    assert indexer.outstanding() == 3
    assert indexer.sync() == 1
    answer = engine.search(SearchQuery("dramaturq hacıbəyov"))
    assert ([hit.id for hit in answer.hits], answer.let_go) == ([UZEYIR], ())


def test_more_changes_than_one_step_takes_are_all_applied(
    database: Database, engine: WhooshEngine, indexer: Indexer
) -> None:
    publish(database, record(UZEYIR), record(NIZAMI))
    with database.write() as session:
        outbox.add(session, [UZEYIR] * (BATCH + 1))
    assert indexer.outstanding() == BATCH + 3
    assert indexer.sync() == 3  # Both people are in the first batch, Üzeyir again in the second.
    assert (indexer.outstanding(), len(engine.ids())) == (0, 2)


def test_a_draft_is_not_found_and_does_not_hide_what_is_public(
    database: Database, engine: WhooshEngine, indexer: Indexer
) -> None:
    publish(database, record(UZEYIR))
    publish(database, record(UZEYIR, headline={"az": "Eskiz"}), record(NIZAMI), public=False)
    indexer.sync()
    assert list(engine.ids()) == [UZEYIR]
    assert found(engine, "eskiz") == []


def test_who_is_withdrawn_is_found_no_more(
    database: Database, engine: WhooshEngine, indexer: Indexer
) -> None:
    publish(database, record(UZEYIR), record(NIZAMI))
    indexer.sync()
    withdraw(database, UZEYIR)
    assert indexer.verify() == Verification((), (UZEYIR,), ())
    indexer.sync()
    assert list(engine.ids()) == [NIZAMI]
    assert indexer.verify() == AGREES


def test_a_change_that_was_rolled_back_is_not_indexed(
    database: Database, engine: WhooshEngine, indexer: Indexer
) -> None:
    with pytest.raises(ArithmeticError), database.write() as session:  # noqa: PT012
        save_many(session, [record(UZEYIR)], OPERATOR, "", publish=True)
        raise ArithmeticError
    assert (indexer.sync(), dict(engine.ids())) == (0, {})


def test_who_is_pointed_at_by_somebody_new_rises_among_equals(
    database: Database, engine: WhooshEngine, indexer: Indexer
) -> None:
    """Relations to a person count towards the documentation score."""
    few = {"names": [{"text": "Hacıbəyov", "lang": "az", "kind": "preferred"}]}
    publish(database, *(load(person_schema, {"id": id_, **few}) for id_ in (SOLTAN, UZEYIR)))
    indexer.sync()
    assert found(engine, "hacıbəyov") == [SOLTAN, UZEYIR]
    brother = record(CEYHUN, names=[{"text": "Ceyhun", "lang": "az", "kind": "preferred"}])
    publish(database, {**brother, "relations": [{"type": "sibling", "person": UZEYIR}]})
    indexer.sync()
    assert found(engine, "hacıbəyov")[:2] == [UZEYIR, SOLTAN]
    publish(database, brother)
    indexer.sync()
    assert found(engine, "hacıbəyov") == [SOLTAN, UZEYIR]


def test_replaying_a_change_is_harmless(
    database: Database, engine: WhooshEngine, indexer: Indexer
) -> None:
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
        Indexer(database, Dying(tmp_path / "index")).sync()
    assert indexer.outstanding() == 1
    assert indexer.sync() == 1
    assert list(engine.ids()) == [UZEYIR]


# Rebuilding


class Dying(WhooshEngine):
    """An engine of a process that is killed after writing."""

    def apply(self, upserts: Sequence[Document], deletes: Sequence[str]) -> None:
        super().apply(upserts, deletes)
        raise KeyboardInterrupt


class Interrupted(WhooshEngine):
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
        self, generation: str, upserts: Sequence[Document] = (), deletes: Sequence[str] = ()
    ) -> None:
        self.before_switch()
        super().activate(generation, upserts, deletes)

    def apply(self, upserts: Sequence[Document], deletes: Sequence[str]) -> None:
        super().apply(upserts, deletes)
        self.after_writing()


@pytest.fixture
def slow(indexer: Indexer, tmp_path: Path) -> Interrupted:
    """Return an engine for a rebuild in a second process beside `indexer`."""
    return Interrupted(tmp_path / "index")


def test_a_rebuild_has_everybody_who_is_public_and_nobody_else(
    database: Database, engine: WhooshEngine, indexer: Indexer
) -> None:
    publish(database, record(UZEYIR), record(NIZAMI))
    publish(database, record(MEHSETI), public=False)
    steps: list[tuple[str, int, int | None]] = []
    assert indexer.rebuild(lambda *step: steps.append(step)) == 2
    assert steps[-1] == ("indexed", 2, 2)
    assert set(engine.ids()) == {UZEYIR, NIZAMI}
    assert (indexer.outstanding(), indexer.verify()) == (0, AGREES)


def test_changes_during_a_rebuild_are_in_the_new_generation(
    database: Database, indexer: Indexer, slow: Interrupted
) -> None:
    publish(database, record(UZEYIR), record(NIZAMI))
    indexer.sync()

    def change() -> None:
        publish(database, record(MEHSETI), record(NIZAMI, headline={"az": "Xəmsə"}))
        withdraw(database, UZEYIR)

    slow.while_building = change
    Indexer(database, slow).rebuild(silent)
    assert set(slow.ids()) == {MEHSETI, NIZAMI}
    assert found(slow, "xəmsə nizami")[0] == NIZAMI
    assert (indexer.outstanding(), indexer.verify()) == (0, AGREES)


def test_changes_another_process_applied_during_a_rebuild_are_replayed(
    database: Database, indexer: Indexer, slow: Interrupted
) -> None:
    publish(database, record(UZEYIR), record(NIZAMI))
    indexer.sync()

    def change() -> None:
        publish(database, record(MEHSETI))
        withdraw(database, UZEYIR)
        assert indexer.sync() == 2

    slow.while_building = change
    Indexer(database, slow).rebuild(silent)
    assert set(slow.ids()) == {MEHSETI, NIZAMI}
    assert indexer.verify() == AGREES


def test_changes_another_process_applied_just_before_the_switch_are_replayed(
    database: Database, indexer: Indexer, slow: Interrupted
) -> None:
    """Such changes are neither in the built documents nor pending."""
    publish(database, record(UZEYIR))
    indexer.sync()

    def change() -> None:
        publish(database, record(NIZAMI))
        withdraw(database, UZEYIR)
        assert indexer.sync() == 2

    slow.before_switch = change
    Indexer(database, slow).rebuild(silent)
    assert list(slow.ids()) == [NIZAMI]
    assert indexer.verify() == AGREES


def test_a_change_written_before_the_switch_and_marked_after_it_is_not_lost(
    database: Database, indexer: Indexer, slow: Interrupted, tmp_path: Path
) -> None:
    """Another process applied it to the old generation but did not mark it done yet."""
    publish(database, record(UZEYIR))
    indexer.sync()

    def write() -> None:
        publish(database, record(NIZAMI))
        with contextlib.suppress(KeyboardInterrupt):
            Indexer(database, Dying(tmp_path / "index")).sync()

    def mark() -> None:
        with database.write() as session:
            outbox.mark_done(session, outbox.pending_ids(session))

    slow.while_building, slow.after_writing = write, mark
    Indexer(database, slow).rebuild(silent)
    assert set(slow.ids()) == {UZEYIR, NIZAMI}
    assert indexer.verify() == AGREES


def test_a_rebuild_that_dies_leaves_the_old_index_and_the_outbox_as_they_were(
    database: Database, engine: WhooshEngine, indexer: Indexer, slow: Interrupted
) -> None:
    publish(database, record(UZEYIR))
    indexer.sync()
    publish(database, record(NIZAMI))

    def die() -> None:
        raise MemoryError

    slow.while_building = die
    with pytest.raises(MemoryError):
        Indexer(database, slow).rebuild(silent)
    assert list(engine.ids()) == [UZEYIR]
    assert indexer.outstanding() == 1
    indexer.sync()
    assert indexer.verify() == AGREES


def test_ensuring_makes_what_is_missing_and_brings_up_to_date_what_is_there(
    database: Database, engine: WhooshEngine
) -> None:
    indexer = Indexer(database, engine)
    publish(database, record(UZEYIR))
    with pytest.raises(SearchUnavailable):
        indexer.verify()
    indexer.ensure(silent)
    generation = engine.health().generation
    publish(database, record(NIZAMI))
    indexer.ensure(silent)
    assert set(engine.ids()) == {UZEYIR, NIZAMI}
    assert engine.health().generation == generation


# Verifying


def test_verifying_names_the_missing_the_surplus_and_the_outdated(
    database: Database, engine: WhooshEngine, indexer: Indexer
) -> None:
    publish(database, record(UZEYIR), record(NIZAMI), record(MEHSETI))
    indexer.sync()
    assert indexer.verify() == AGREES
    assert indexer.verify().agrees
    engine.apply([], [UZEYIR])
    withdraw(database, NIZAMI)
    publish(database, record(MEHSETI, headline={"az": "Şairə"}))
    assert indexer.verify() == Verification((UZEYIR,), (NIZAMI,), (MEHSETI,))
    assert not indexer.verify().agrees
    indexer.rebuild(silent)
    assert indexer.verify() == AGREES


# Another process


def test_a_publish_is_found_by_a_process_that_only_reads(own_services: Services) -> None:
    assert len(until_found(own_services, 3)) == 3
