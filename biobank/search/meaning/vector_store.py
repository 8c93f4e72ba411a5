"""The vectors of an index generation, in one SQLite file in its folder."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biobank.common.files import create_private_file, temporary_folder
from biobank.search.meaning.encoder import Vectors

FILE_NAME = "vectors.sqlite"
#: Largest value of a signed byte.
MAX_BYTE = 127
#: Seconds to wait for another writer, which never holds the lock while it encodes.
LOCK_TIMEOUT_SECONDS = 30.0

SCHEMA = """
CREATE TABLE state (encoder TEXT NOT NULL, dimensions INTEGER NOT NULL, change INTEGER NOT NULL);
CREATE TABLE people (
  id TEXT PRIMARY KEY, updated REAL NOT NULL, digest TEXT NOT NULL,
  change INTEGER NOT NULL, scales BLOB NOT NULL, vectors BLOB NOT NULL
);
CREATE INDEX people_change ON people (change);
"""


@dataclass(frozen=True)
class QuantizedVectors:
    """Vectors as signed bytes, of shape (n, dimensions), with a factor for each, of shape (n,)."""

    scales: NDArray[np.float32]
    vectors: NDArray[np.int8]


@dataclass(frozen=True)
class EncodedState:
    """Which state of a person the vectors are of: publication time and hash of the passages."""

    updated: float
    digest: str


def quantize(vectors: Vectors) -> QuantizedVectors:
    """Return vectors as signed bytes; the largest component of each becomes 127 or -127."""
    largest = np.abs(vectors).max(axis=1, initial=0.0)
    scales = (np.maximum(largest, np.finfo(np.float32).tiny) / MAX_BYTE).astype(np.float32)
    return QuantizedVectors(scales, np.rint(vectors / scales[:, None]).astype(np.int8))


class VectorStore:
    """The vectors of one generation. It needs no encoder, so that every bank can delete them."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME

    @property
    def exists(self) -> bool:
        return self.path.is_file()

    def create(self, encoder: str, dimensions: int) -> None:
        """Create the file; one of another encoder, or a damaged one, is replaced by an empty one."""
        if self.matches(encoder, dimensions):
            return
        with temporary_folder(self.path.parent) as folder:
            new = VectorStore(folder)
            create_private_file(new.path)
            with new._write() as connection:
                connection.executescript(SCHEMA)
                connection.execute("INSERT INTO state VALUES (?, ?, 0)", (encoder, dimensions))
            self.delete_file()
            new.path.replace(self.path)

    def move_to(self, folder: Path) -> None:
        """Move the file to the folder of another generation."""
        self.path.replace(folder / FILE_NAME)

    def matches(self, encoder: str, dimensions: int) -> bool:
        """Return whether the file holds vectors of this encoder."""
        try:
            with self._read() as connection:
                rows = connection.execute("SELECT encoder, dimensions FROM state").fetchall()
        except sqlite3.DatabaseError:
            return False
        return rows == [(encoder, dimensions)]

    def delete_file(self) -> None:
        """Delete the vectors of everybody."""
        for path in (self.path, self.path.with_name(f"{FILE_NAME}-journal")):
            path.unlink(missing_ok=True)

    def people(self) -> dict[str, EncodedState]:
        """Return the people with vectors, by id."""
        with self._read() as connection:
            rows = connection.execute("SELECT id, updated, digest FROM people")
            return {id_: EncodedState(updated, digest) for id_, updated, digest in rows}

    @contextmanager
    def lock(self) -> Iterator["VectorWriter"]:
        """Hold the write lock: changes are saved at the end, or not at all after an error."""
        with self._write() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield VectorWriter(connection)
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def version(self) -> tuple[int, int]:
        """Return a pair that every change alters: the file's number and that of the last change.

        Raises:
            FileNotFoundError: If there is no file.
        """
        with self._read() as connection:
            return self.path.stat().st_ino, _last_change(connection)

    def changed_since(self, change: int) -> tuple[int, set[str], dict[str, QuantizedVectors]]:
        """Return the latest change, the ids of all people, and the vectors changed after `change`."""
        with self._read() as connection:
            connection.execute("BEGIN")
            latest = _last_change(connection)
            (dimensions,) = connection.execute("SELECT dimensions FROM state").fetchone()
            ids = {id_ for (id_,) in connection.execute("SELECT id FROM people")}
            rows = connection.execute("SELECT id, scales, vectors FROM people WHERE change > ?", (change,))
            changed = {
                id_: QuantizedVectors(
                    np.frombuffer(scales, np.float32),
                    np.frombuffer(vectors, np.int8).reshape(-1, dimensions),
                )
                for id_, scales, vectors in rows
            }
        return latest, ids, changed

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        uri = f"{self.path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=LOCK_TIMEOUT_SECONDS)) as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with closing(
            sqlite3.connect(self.path, timeout=LOCK_TIMEOUT_SECONDS, isolation_level=None)
        ) as connection:
            # Deleted vectors are overwritten, so that nothing of a removed text remains in the file.
            connection.execute("PRAGMA secure_delete = ON")
            yield connection


class VectorWriter:
    """Changes to a vector store, within its write lock."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def save(self, id_: str, person: EncodedState, quantized: QuantizedVectors) -> None:
        """Store the vectors of a person in place of earlier ones."""
        self._connection.execute(
            "INSERT OR REPLACE INTO people VALUES (?, ?, ?, ?, ?, ?)",
            (
                id_,
                person.updated,
                person.digest,
                self._next_change(),
                quantized.scales.tobytes(),
                quantized.vectors.tobytes(),
            ),
        )

    def delete(self, ids: Iterable[str]) -> None:
        """Delete the vectors of people."""
        ids = list(ids)
        if ids:
            self._connection.executemany("DELETE FROM people WHERE id = ?", ((id_,) for id_ in ids))
            self._next_change()

    def delete_changed(self, people: Mapping[str, EncodedState]) -> None:
        """Delete the vectors of those of `people` whose passages changed; confirm the others."""
        rows = self._connection.execute("SELECT id, digest FROM people").fetchall()
        stored = {id_: digest for id_, digest in rows if id_ in people}
        self.delete(id_ for id_, digest in stored.items() if people[id_].digest != digest)
        self._connection.executemany(
            "UPDATE people SET updated = ? WHERE id = ?",
            ((people[id_].updated, id_) for id_, digest in stored.items() if people[id_].digest == digest),
        )

    def _next_change(self) -> int:
        row = self._connection.execute("UPDATE state SET change = change + 1 RETURNING change").fetchone()
        return int(row[0])


def _last_change(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT change FROM state").fetchone()[0])
