"""Trigram search of databases: SQLite's FTS5 and PostgreSQL's pg_trgm.

Both receive names and queries in lower-case Latin letters, whatever the original script.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from anyascii import anyascii

from benchmarks.retrieval_systems import NamedPeople, RankedAnswer, RetrievalSystem, SystemUnavailable
from tests.support.postgres import PostgresMissing, cluster

_APOSTROPHES = re.compile("['`]")
_NON_ALPHANUMERIC = re.compile("[^a-z0-9]+")


def to_latin(text: str) -> str:
    """Return letters a–z and digits in words; signs for an apostrophe, ayn or ь are left out."""
    return _NON_ALPHANUMERIC.sub(" ", _APOSTROPHES.sub("", anyascii(text).lower())).strip()


class Fts5:
    """All trigrams of the query, joined by OR, ranked by bm25.

    Spaces count, also before the first and after the last word. This was the best of four variants:
    on the list `variants` it found .80 first, trigrams within words with their spaces .73, without
    spaces .65, whole words .28.
    """

    pause = 0.0

    def __init__(self, people: NamedPeople) -> None:
        self._ids = [id_ for id_, _ in people]
        self._store = sqlite3.connect(":memory:")
        self._store.execute("CREATE VIRTUAL TABLE names USING fts5(name, tokenize='trigram')")
        rows = [(number, f" {to_latin(name)} ") for number, (_, name) in enumerate(people)]
        self._store.executemany("INSERT INTO names (rowid, name) VALUES (?, ?)", rows)
        self._store.execute("INSERT INTO names (names) VALUES ('optimize')")

    def find(self, text: str, limit: int) -> RankedAnswer:
        padded = f" {to_latin(text)} "
        grams = {padded[start : start + 3] for start in range(len(padded) - 2)}
        question = " OR ".join(f'"{gram}"' for gram in sorted(grams))
        rows = self._store.execute(
            "SELECT rowid FROM names WHERE names MATCH ? ORDER BY bm25(names), rowid LIMIT ?",
            (question, limit),
        )
        return RankedAnswer([self._ids[number] for (number,) in rows])


class PgTrgm:
    """The nearest names by trigram similarity, using a GiST index, which is exact.

    Ties come in any order, so that runs differ by up to a hundredth; ordering them takes ten times
    as long.
    """

    pause = 0.0

    def __init__(self, store: psycopg.Connection, people: NamedPeople) -> None:
        self._ids = [id_ for id_, _ in people]
        self._store = store
        store.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        store.execute("CREATE TABLE names (number int, name text)")
        with store.cursor().copy("COPY names FROM STDIN") as copy:
            for number, (_, name) in enumerate(people):
                copy.write_row((number, to_latin(name)))
        store.execute("CREATE INDEX ON names USING gist (name gist_trgm_ops)")
        store.execute("ANALYZE names")

    def find(self, text: str, limit: int) -> RankedAnswer:
        rows = self._store.execute(
            "SELECT number, similarity(name, %(asked)s) FROM names "
            "ORDER BY name <-> %(asked)s LIMIT %(limit)s",
            {"asked": to_latin(text), "limit": limit},
        ).fetchall()
        # The nearest names are returned even if they share no trigram.
        return RankedAnswer([self._ids[number] for number, similarity in rows if similarity > 0])


@contextmanager
def fts5(people: NamedPeople) -> Iterator[RetrievalSystem]:
    try:
        finder = Fts5(people)
    except sqlite3.OperationalError as error:
        raise SystemUnavailable(f"SQLite {sqlite3.sqlite_version}: {error}") from error
    yield finder


@contextmanager
def pg_trgm(people: NamedPeople) -> Iterator[RetrievalSystem]:
    try:
        with cluster() as url, psycopg.connect(url.replace("+psycopg", "")) as store:
            yield PgTrgm(store, people)
    except (PostgresMissing, psycopg.errors.FeatureNotSupported) as error:
        raise SystemUnavailable(str(error)) from error
