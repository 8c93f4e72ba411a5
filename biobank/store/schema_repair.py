"""Repair of banks that skipped revisions, and the protection of rows while SQLite copies tables.

On 2026-11-26 revisions 0005, 0006, 0007, 0009 and 0011 were inserted before revisions that banks had
already applied, and 0008 and 0009 were changed. Such a bank reports a later revision than it has
applied. Since then revisions are only appended (tests/store/test_revision_chain.py).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from biobank.errors import StoreUnavailable
from biobank.store.base import NAMING_CONVENTION

#: A table of each revision that a bank at a later revision may lack.
INSERTED_REVISIONS = {
    "0005": "distinct_people",
    "0006": "reference_edits",
    "0007": "pictures",
    "0009": "merges",
    "0010": "saved_searches",
    "0011": "import_runs",
}
#: Columns that revision 0009 did not have at first: what a merge moved, and can move back.
ADDED_MERGE_COLUMNS = ("messages", "ages")
#: Constraint that revision 0008 had at first: one registration of an organisation.
OLD_REGISTRATION_CONSTRAINT = "uq_registrations_organisation_id"


def run_skipped_revisions(context: MigrationContext, script: ScriptDirectory) -> None:
    """Run revisions that the bank has passed without applying them, in their order.

    Their tables do not depend on revisions in between, so they may run late.
    """
    current, connection = context.get_current_revision(), context.connection
    if current is None or connection is None or script.get_revision(current) is None:
        return
    applied = {revision.revision for revision in script.iterate_revisions(current, "base")}
    with Operations.context(context) as operations:
        tables = set(inspect(connection).get_table_names())
        for revision, table in INSERTED_REVISIONS.items():
            if revision in applied and table not in tables:
                script.get_revision(revision).module.upgrade()
        _complete_merges(operations, connection)
        _complete_registrations(operations, connection)


def _complete_merges(operations: Operations, connection: Connection) -> None:
    """Add the columns of 0009; empty for merges from before, which move nothing back."""
    if not inspect(connection).has_table("merges"):
        return
    existing = {column["name"] for column in inspect(connection).get_columns("merges")}
    for name in ADDED_MERGE_COLUMNS:
        if name not in existing:
            operations.add_column("merges", sa.Column(name, sa.JSON(), server_default="[]", nullable=False))


def _complete_registrations(operations: Operations, connection: Connection) -> None:
    """Replace the unique constraint of 0008 by an index."""
    if not inspect(connection).has_table("registrations"):
        return
    constraints = {item["name"] for item in inspect(connection).get_unique_constraints("registrations")}
    if OLD_REGISTRATION_CONSTRAINT in constraints:
        with operations.batch_alter_table("registrations", naming_convention=NAMING_CONVENTION) as batch:
            batch.drop_constraint(OLD_REGISTRATION_CONSTRAINT, type_="unique")
            batch.create_index("ix_registrations_organisation_id", ["organisation_id"])


@contextmanager
def foreign_keys_disabled(connection: Connection) -> Iterator[None]:
    """Disable SQLite's foreign keys, which the block must check before it commits.

    Alembic copies a table and drops the original, which would delete the rows that refer to it. The
    setting cannot change within a transaction, so it is set on the driver's connection.
    """
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def check_foreign_keys(connection: Connection) -> None:
    """Check the foreign keys of a SQLite database.

    Raises:
        StoreUnavailable: rows refer to rows that do not exist.
    """
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise StoreUnavailable(
            f"rows of the table {broken[0]} refer to missing rows of {broken[2]}; restore a backup"
        )
