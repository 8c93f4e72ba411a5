"""Trigram search of databases: SQLite's FTS5 and PostgreSQL's pg_trgm.

Both receive names and queries in lower-case Latin letters, whatever the original script.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from anyascii import anyascii

from benchmarks.finders import Answer, Bank, Finder, SystemMissing
from tests.support.postgres import PostgresMissing, cluster

_SILENT = re.compile("['`]")
_OTHER = re.compile("[^a-z0-9]+")


def latin(text: str) -> str:
    """Return letters a–z and digits in words; signs for an apostrophe, ayn or ь are left out."""
    return _OTHER.sub(" ", _SILENT.sub("", anyascii(text).lower())).strip()


class Fts5:
    """All trigrams of the query, joined by OR, ranked by bm25.

    Spaces count, also before the first and after the last word. This was the best of four variants:
    on the list `variants` it found .80 first, trigrams within words with their spaces .73, without
    spaces .65, whole words .28.
    """

    pause = 0.0

    def __init__(self, bank: Bank) -> None:
        self._ids = [id_ for id_, _ in bank]
        self._store = sqlite3.connect(":memory:")
        self._store.execute("CREATE VIRTUAL TABLE names USING fts5(name, tokenize='trigram')")
        rows = [(number, f" {latin(name)} ") for number, (_, name) in enumerate(bank)]
        self._store.executemany("INSERT INTO names (rowid, name) VALUES (?, ?)", rows)
        self._store.execute("INSERT INTO names (names) VALUES ('optimize')")

    def find(self, text: str, limit: int) -> Answer:
        asked = f" {latin(text)} "
        grams = {asked[at : at + 3] for at in range(len(asked) - 2)}
        question = " OR ".join(f'"{gram}"' for gram in sorted(grams))
        rows = self._store.execute(
            "SELECT rowid FROM names WHERE names MATCH ? ORDER BY bm25(names), rowid LIMIT ?",
            (question, limit),
        )
        return Answer([self._ids[number] for (number,) in rows])


class PgTrgm:
    """The nearest names by trigram similarity, using a GiST index, which is exact.

    Ties come in any order, so that runs differ by up to a hundredth; ordering them takes ten times
    as long.
    """

    pause = 0.0

    def __init__(self, store: psycopg.Connection, bank: Bank) -> None:
        self._ids = [id_ for id_, _ in bank]
        self._store = store
        store.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        store.execute("CREATE TABLE names (number int, name text)")
        with store.cursor().copy("COPY names FROM STDIN") as copy:
            for number, (_, name) in enumerate(bank):
                copy.write_row((number, latin(name)))
        store.execute("CREATE INDEX ON names USING gist (name gist_trgm_ops)")
        store.execute("ANALYZE names")

    def find(self, text: str, limit: int) -> Answer:
        rows = self._store.execute(
            "SELECT number, similarity(name, %(asked)s) FROM names "
            "ORDER BY name <-> %(asked)s LIMIT %(limit)s",
            {"asked": latin(text), "limit": limit},
        ).fetchall()
        # The nearest names are returned even if they share no trigram.
        return Answer([self._ids[number] for number, alike in rows if alike > 0])


@contextmanager
def fts5(bank: Bank) -> Iterator[Finder]:
    try:
        finder = Fts5(bank)
    except sqlite3.OperationalError as error:
        raise SystemMissing(f"SQLite {sqlite3.sqlite_version}: {error}") from error
    yield finder


@contextmanager
def pg_trgm(bank: Bank) -> Iterator[Finder]:
    try:
        with cluster() as url, psycopg.connect(url.replace("+psycopg", "")) as store:
            yield PgTrgm(store, bank)
    except (PostgresMissing, psycopg.errors.FeatureNotSupported) as error:
        raise SystemMissing(str(error)) from error
