"""The vectors of the serving generation in memory, and the people most similar to a question."""

import sqlite3
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from biobank.search.engine import EngineHit
from biobank.search.meaning.encoder import Vectors
from biobank.search.meaning.vector_store import QuantizedVectors, VectorStore

#: Vectors converted to floating point at a time: 12 MB with 384 dimensions.
CHUNK_VECTORS = 8192


@dataclass(frozen=True)
class _Snapshot:
    """The vectors of people in a row, and where those of each person start."""

    version: tuple[object, ...] = ()
    people: dict[str, QuantizedVectors] = field(default_factory=dict)
    ids: NDArray[np.str_] = field(default_factory=lambda: np.array([], dtype=np.str_))
    starts: NDArray[np.intp] = field(default_factory=lambda: np.array([], dtype=np.intp))
    scales: NDArray[np.float32] = field(default_factory=lambda: np.array([], dtype=np.float32))
    vectors: NDArray[np.int8] = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int8))


class VectorIndex:
    """A thread-safe view of the vectors that reads only what changed."""

    def __init__(self, folder: Callable[[], Path | None], encoder: str, dimensions: int) -> None:
        self._folder = folder
        self._encoder, self._dimensions = encoder, dimensions
        self._snapshot = _Snapshot()
        self._lock = Lock()

    def find_similar(
        self, question: Vectors, excluded: Collection[str], count: int, min_similarity: float
    ) -> list[EngineHit]:
        """Return people by the similarity of their most similar passage, highest first.

        An index without vectors, or with those of another encoder, yields nobody.
        """
        snapshot = self._current()
        if not snapshot.ids.size:
            return []
        similarities = np.maximum.reduceat(_similarities(snapshot, question), snapshot.starts)
        order = np.argsort(-similarities, kind="stable")
        hits: list[EngineHit] = []
        for number in order:
            similarity, id_ = float(similarities[number]), str(snapshot.ids[number])
            if similarity < min_similarity or len(hits) == count:
                break
            if id_ not in excluded:
                hits.append(EngineHit(id_, similarity))
        return hits

    def _current(self) -> _Snapshot:
        folder = self._folder()
        with self._lock:
            try:
                self._snapshot = self._refresh(VectorStore(folder)) if folder else _Snapshot()
            except (sqlite3.Error, FileNotFoundError):
                # Missing, damaged, or just being replaced.
                self._snapshot = _Snapshot()
            return self._snapshot

    def _refresh(self, store: VectorStore) -> _Snapshot:
        inode, change = store.version()
        version = (store.path, inode, change)
        old = self._snapshot
        if version == old.version:
            return old
        if not store.matches(self._encoder, self._dimensions):
            return _Snapshot(version)
        since, people = 0, {}
        if old.people and old.version[:2] == version[:2]:
            since, people = int(str(old.version[2])), old.people
        latest, ids, changed = store.changed_since(since)
        merged = {id_: part for id_, part in {**people, **changed}.items() if id_ in ids}
        return _arrange((store.path, inode, latest), merged)


def _arrange(version: tuple[object, ...], people: dict[str, QuantizedVectors]) -> _Snapshot:
    filled = {id_: part for id_, part in people.items() if len(part.scales)}
    if not filled:
        return _Snapshot(version, people)
    lengths = [len(part.scales) for part in filled.values()]
    return _Snapshot(
        version,
        people,
        np.array(list(filled)),
        np.cumsum([0, *lengths[:-1]]),
        np.concatenate([part.scales for part in filled.values()]),
        np.concatenate([part.vectors for part in filled.values()]),
    )


def _similarities(snapshot: _Snapshot, question: Vectors) -> Vectors:
    """Return the similarity of each passage; in chunks, since all at once need four times the memory."""
    chunks = [
        snapshot.vectors[start : start + CHUNK_VECTORS].astype(np.float32) @ question
        for start in range(0, len(snapshot.vectors), CHUNK_VECTORS)
    ]
    return np.concatenate(chunks) * snapshot.scales
