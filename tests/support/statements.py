"""Counts the SQL statements of a block, the rows they read, and the tables they read entirely."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

from biobank.store.session import Database

#: Statements that read; only their rows and plans are examined.
READING_VERBS = ("SELECT", "WITH")


@dataclass(frozen=True)
class Statement:
    """One executed statement; `rows` are those a query returned, `scans` the tables read whole."""

    sql: str
    rows: int
    scans: tuple[str, ...]


@dataclass
class StatementLog:
    """The statements of a block in order, each with its parameters; filled as they execute."""

    executed: list[tuple[str, Any]] = field(default_factory=list)

    def examine(self, database: Database) -> list[Statement]:
        """Return the executed statements; queries are repeated on SQLite to count their rows."""
        connection = database.engine.raw_connection()
        try:
            cursor = connection.cursor()
            return [_examine(cursor, sql, parameters) for sql, parameters in self.executed]
        finally:
            connection.close()


@contextmanager
def logged_statements(engine: Engine) -> Iterator[StatementLog]:
    """Log all statements executed within the context, by any connection of the engine."""
    log = StatementLog()

    def add(
        _connection: Any, _cursor: Any, sql: str, parameters: Any, _context: Any, executemany: bool
    ) -> None:
        is_list = executemany and isinstance(parameters, list)
        log.executed.append((sql, parameters[0] if is_list else parameters))

    event.listen(engine, "before_cursor_execute", add)
    try:
        yield log
    finally:
        event.remove(engine, "before_cursor_execute", add)


def _examine(cursor: Any, sql: str, parameters: Any) -> Statement:
    if not sql.lstrip().upper().startswith(READING_VERBS):
        return Statement(sql, 0, ())
    rows = len(cursor.execute(sql, parameters).fetchall())
    plan = cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters).fetchall()
    scans = tuple(
        step[3].split()[1] for step in plan if step[3].startswith("SCAN ") and "CONSTANT" not in step[3]
    )
    return Statement(sql, rows, scans)
