"""The file of vectors: what is written is read, in parts and all or nothing."""

import contextlib
import stat
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from biobank.search.meaning.encoder import Vectors
from biobank.search.meaning.vector_store import EncodedState, VectorStore, quantize

PERSON = EncodedState(1.5, "digest")
COMPONENTS = st.floats(-1, 1, width=32)


@pytest.fixture
def store(tmp_path: Path) -> VectorStore:
    store = VectorStore(tmp_path)
    store.create("encoder", 4)
    return store


@given(arrays(np.float32, st.tuples(st.integers(0, 5), st.just(4)), elements=COMPONENTS))
def test_bytes_differ_from_vectors_by_half_a_step(vectors: Vectors) -> None:
    quantized = quantize(vectors)
    restored = quantized.vectors * quantized.scales[:, None]
    assert (np.abs(restored - vectors) <= quantized.scales[:, None] * 0.51).all()


def test_vectors_are_read_as_written(store: VectorStore) -> None:
    quantized = quantize(np.eye(2, 4, dtype=np.float32))
    with store.lock() as writer:
        writer.save("a", PERSON, quantized)
        writer.save("b", PERSON, quantize(np.zeros((0, 4), dtype=np.float32)))
    latest, ids, changed = store.changed_since(0)
    assert store.people() == {"a": PERSON, "b": PERSON}
    assert ids == {"a", "b"}
    assert (changed["a"].vectors == quantized.vectors).all()
    assert (changed["a"].scales == quantized.scales).all()
    assert changed["b"].vectors.shape == (0, 4)
    assert store.changed_since(latest) == (latest, ids, {})


def test_every_change_alters_the_version(store: VectorStore) -> None:
    versions = [store.version()]
    for change in (
        lambda writer: writer.save("a", PERSON, quantize(np.eye(1, 4, dtype=np.float32))),
        lambda writer: writer.delete(["a"]),
    ):
        with store.lock() as writer:
            change(writer)
        versions.append(store.version())
    assert len(set(versions)) == 3


def test_an_error_undoes_all_changes_of_a_lock(store: VectorStore) -> None:
    with contextlib.suppress(KeyError), store.lock() as writer:
        writer.save("a", PERSON, quantize(np.eye(1, 4, dtype=np.float32)))
        raise KeyError
    assert store.people() == {}


def test_the_file_is_readable_by_its_owner_only(store: VectorStore) -> None:
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


def test_creating_an_existing_file_keeps_its_vectors(store: VectorStore) -> None:
    with store.lock() as writer:
        writer.save("a", PERSON, quantize(np.eye(1, 4, dtype=np.float32)))
    store.create("encoder", 4)
    assert store.people() == {"a": PERSON}
    store.create("encoder", 8)
    assert store.people() == {}
