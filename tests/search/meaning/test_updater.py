"""Vectors follow the index: encoded once, deleted with every change of the texts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from biobank.bootstrap import Services
from biobank.common.progress import null_progress
from biobank.search.meaning.vector_store import FILE_NAME, VectorStore
from tests.search.meaning.conftest import EXECUTED, PILOT, SHOT, TEXTS
from tests.support.concept_encoder import ConceptEncoder

Publish = Callable[[str, str], None]


def serving_store(services: Services) -> VectorStore:
    folder = services.engine.serving_folder()
    assert folder is not None
    return VectorStore(folder)


def without_encoder(services: Services) -> Services:
    return Services(services.settings, services.database, services.engine)


def vector_files(services: Services) -> list[Path]:
    return sorted(services.settings.index_dir.rglob(FILE_NAME))


def test_everybody_in_the_index_is_encoded(bank: Services) -> None:
    assert set(serving_store(bank).people()) == set(TEXTS)
    assert bank.indexer.vectors.count() == len(TEXTS)


def test_only_changed_people_are_encoded_again(
    bank: Services, encoder: ConceptEncoder, publish: Publish
) -> None:
    encoder.encoded.clear()
    publish(SHOT, "He was a poet.")
    bank.indexer.sync()
    assert bank.indexer.vectors.fill() == 1
    assert encoder.encoded == ["Mikayil Mushfig. \nHe was a poet."]


def test_a_change_without_another_text_keeps_the_vectors(
    bank: Services, encoder: ConceptEncoder, publish: Publish
) -> None:
    encoder.encoded.clear()
    publish(SHOT, TEXTS[SHOT][1])
    bank.indexer.sync()
    assert bank.indexer.vectors.fill() == 0
    assert set(serving_store(bank).people()) == set(TEXTS)
    assert encoder.encoded == []


@pytest.mark.parametrize("with_encoder", [True, False])
def test_vectors_of_a_withdrawn_person_are_deleted_with_the_next_change(
    bank: Services, withdraw: Callable[[str], None], with_encoder: bool
) -> None:
    withdraw(SHOT)
    (bank if with_encoder else without_encoder(bank)).indexer.sync()
    assert set(serving_store(bank).people()) == {EXECUTED, PILOT}


@pytest.mark.parametrize("with_encoder", [True, False])
def test_vectors_of_a_redacted_text_are_deleted_with_the_next_change(
    bank: Services, publish: Publish, with_encoder: bool
) -> None:
    publish(SHOT, "He was a poet.")
    (bank if with_encoder else without_encoder(bank)).indexer.sync()
    assert set(serving_store(bank).people()) == {EXECUTED, PILOT}


def test_nothing_of_deleted_vectors_remains_in_the_file(
    bank: Services, withdraw: Callable[[str], None]
) -> None:
    store = serving_store(bank)
    _latest, _ids, vectors = store.changed_since(0)
    digest = store.people()[SHOT].digest.encode()
    assert digest in store.path.read_bytes()
    assert SHOT in vectors
    withdraw(SHOT)
    bank.indexer.sync()
    assert digest not in store.path.read_bytes()


def test_a_rebuilt_index_takes_over_what_is_still_valid(bank: Services, encoder: ConceptEncoder) -> None:
    encoder.encoded.clear()
    before = vector_files(bank)
    bank.indexer.rebuild(null_progress)
    assert bank.indexer.vectors.fill() == 0
    assert set(serving_store(bank).people()) == set(TEXTS)
    assert encoder.encoded == []
    assert vector_files(bank) == [serving_store(bank).path] != before


def test_a_rebuilt_index_does_not_take_over_what_changed(
    bank: Services, publish: Publish, withdraw: Callable[[str], None]
) -> None:
    publish(SHOT, "He was a poet.")
    withdraw(PILOT)
    bank.indexer.rebuild(null_progress)
    assert bank.indexer.vectors.fill() == 1
    assert set(serving_store(bank).people()) == {SHOT, EXECUTED}


def test_a_person_changed_while_being_encoded_is_not_stored(bank: Services, publish: Publish) -> None:
    class ChangingEncoder(ConceptEncoder):
        """Publishes another text while the first one is encoded."""

        def encode_passages(self, texts):  # type: ignore[no-untyped-def]
            if not self.encoded:
                self.encoded += texts
                publish(SHOT, "He was a teacher.")
                changing.indexer.sync()
            return super().encode_passages(texts)

    changing = Services(bank.settings, bank.database, bank.engine, encoder=ChangingEncoder())
    publish(SHOT, "He was a poet.")
    changing.indexer.sync()
    assert changing.indexer.vectors.fill() == 0
    assert SHOT not in serving_store(bank).people()
    assert changing.indexer.vectors.fill() == 1


def test_vectors_of_another_encoder_are_replaced(bank: Services) -> None:
    class OtherEncoder(ConceptEncoder):
        name = "others"

    other = Services(bank.settings, bank.database, bank.engine, encoder=OtherEncoder())
    assert other.indexer.vectors.fill() == len(TEXTS)
    assert serving_store(bank).matches("others/1", OtherEncoder.dimensions)


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + bytes(200)])
def test_a_damaged_file_is_made_again(bank: Services, content: bytes) -> None:
    serving_store(bank).path.write_bytes(content)
    assert bank.indexer.vectors.count() == 0
    assert bank.indexer.vectors.fill() == len(TEXTS)


def test_a_damaged_file_does_not_stop_the_indexer(bank: Services, publish: Publish) -> None:
    serving_store(bank).path.write_bytes(b"no database")
    publish(SHOT, "He was a poet.")
    assert bank.indexer.sync() == 1
    assert vector_files(bank) == []


def test_an_indexer_without_encoder_makes_no_file(small_services: Services, publish: Publish) -> None:
    publish(SHOT, TEXTS[SHOT][1])
    small_services.indexer.sync()
    assert small_services.indexer.vectors.fill() == 0
    assert vector_files(small_services) == []
