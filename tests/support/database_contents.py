"""Contents of a database, to compare two of them."""

import json
from typing import Any

from sqlalchemy import select

from biobank.store.base import Base
from biobank.store.session import Database

#: Columns that differ between two equal runs: surrogate keys, timestamps, import runs.
VOLATILE_COLUMNS = {"id", "at", "done_at", "updated_at", "published_at", "import_run"}
#: Log tables: an import that is killed and repeated adds rows again.
LOG_TABLES = {"audit_events", "import_runs", "import_lines"}
#: Tables without a surrogate key.
NATURAL_KEY_TABLES = {"people", "places", "organisations", "sources"}


def database_contents(database: Database) -> dict[str, list[str]]:
    """Return every row of every table as JSON in a fixed order, without volatile columns."""
    with database.read() as session:
        return {
            table.name: sorted(_to_json(table.name, row) for row in session.execute(select(table)).mappings())
            for table in Base.metadata.sorted_tables
            if table.name not in LOG_TABLES
        }


def _to_json(table: str, row: Any) -> str:
    passing = VOLATILE_COLUMNS - {"id"} if table in NATURAL_KEY_TABLES else VOLATILE_COLUMNS
    stable = {name: value for name, value in row.items() if name not in passing}
    return json.dumps(stable, ensure_ascii=False, sort_keys=True)


def database_rows(database: Database) -> dict[str, list[str]]:
    """Return every row of every table completely, in a fixed order."""
    with database.read() as session:
        return {
            table.name: sorted(str(tuple(row)) for row in session.execute(select(table)))
            for table in Base.metadata.sorted_tables
        }
