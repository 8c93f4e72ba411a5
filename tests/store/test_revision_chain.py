"""Revisions are only appended, banks of every version are upgraded, and every step leads back."""

import gzip
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from biobank.accounts import audit
from biobank.accounts.identity import OPERATOR
from biobank.editorial.revisions.bulk_save import save_records
from biobank.errors import StoreUnavailable
from biobank.exchange import seeding
from biobank.records.people import queries
from biobank.store import schema
from biobank.store.base import Base
from biobank.store.session import Database
from tests.conftest import SEED
from tests.support import seed

#: The chain so far. Append new revisions; never insert, rename or change one of these.
CHAIN = tuple(f"{number:04}" for number in range(1, 20))
#: Schema of each released version. A new release adds a line, and a bank in tests/store/banks.
RELEASES = {"0.1.0": "0014", "0.2.0": "0016"}

#: Revisions that banks of six earlier commits of main applied, before others were inserted. The last
#: one is what they report.
SKIPPING_CHAINS = {
    "dc0e84e": ("0001", "0002", "0003", "0004", "0008"),
    "cb7eb05": ("0001", "0002", "0003", "0004", "0007", "0008"),
    "3102466": ("0001", "0002", "0003", "0004", "0007", "0008", "0010"),
    "580b7f1": ("0001", "0002", "0003", "0004", "0007", "0008", "0009", "0010"),
    "44d8039": ("0001", "0002", "0003", "0004", "0005", "0007", "0008", "0009", "0010"),
    "26bfef0": (*CHAIN[:10], "0012", "0013"),
}


BANKS = Path(__file__).parent / "banks"
#: Tables of every schema.
CORE_TABLES = ("people", "revisions", "biographies", "events", "sources", "terms", "outbox")


def script() -> ScriptDirectory:
    return ScriptDirectory(str(schema.MIGRATIONS_DIR))


def apply(database: Database, revisions: Sequence[str]) -> None:
    """Apply these revisions only, as the code of that time did, and report the last one."""
    with database.engine.execution_options(biobank_writes=True).begin() as connection:
        context = MigrationContext.configure(connection)
        with Operations.context(context):
            for revision in revisions:
                script().get_revision(revision).module.upgrade()
        context.stamp(script(), revisions[-1])


def load_dump(database: Database, file: Path) -> None:
    """Execute the SQL dump of a bank, with the programs of its database."""
    script_text = gzip.decompress(file.read_bytes()).decode()
    if database.is_sqlite:
        with closing(sqlite3.connect(database.engine.url.database or "")) as connection:
            connection.executescript(script_text)
        return
    url = database.engine.url.set(drivername="postgresql").render_as_string()
    command = ["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null", url]
    subprocess.run(command, input=script_text, text=True, check=True)


def count_rows(database: Database, tables: Sequence[str]) -> dict[str, int]:
    with database.read() as session:
        return {table: session.scalar(text(f"SELECT count(*) FROM {table}")) or 0 for table in tables}


def differences(database: Database) -> list[object]:
    with database.engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))


def test_revisions_are_only_appended() -> None:
    chain = tuple(revision.revision for revision in script().walk_revisions())[::-1]
    assert chain[: len(CHAIN)] == CHAIN
    assert len(script().get_heads()) == 1
    files = sorted(path.name[:4] for path in (schema.MIGRATIONS_DIR / "versions").glob("*.py"))
    assert files == list(chain)


@pytest.mark.parametrize("commit", SKIPPING_CHAINS)
def test_a_bank_that_skipped_revisions_is_repaired(empty_database: Database, commit: str) -> None:
    apply(empty_database, SKIPPING_CHAINS[commit])
    schema.upgrade(empty_database)
    assert differences(empty_database) == []


def test_tables_that_changed_after_they_were_applied_are_repaired(empty_database: Database) -> None:
    """Until fbf7fea, merges had two columns less, and an organisation one registration."""
    apply(empty_database, CHAIN[:10])
    with empty_database.engine.execution_options(biobank_writes=True).begin() as connection:
        for column in ("messages", "ages"):
            connection.execute(text(f"ALTER TABLE merges DROP COLUMN {column}"))
        with (
            Operations.context(MigrationContext.configure(connection)) as operations,
            operations.batch_alter_table("registrations") as batch,
        ):
            batch.drop_index("ix_registrations_organisation_id")
            batch.create_unique_constraint("uq_registrations_organisation_id", ["organisation_id"])
    schema.upgrade(empty_database)
    assert differences(empty_database) == []


def test_a_repaired_bank_can_be_used(empty_database: Database) -> None:
    apply(empty_database, SKIPPING_CHAINS["26bfef0"])
    schema.upgrade(empty_database)
    assert not seeding.seed(empty_database, SEED).refusals


def test_a_bank_that_lacks_a_table_is_not_called_current(empty_database: Database) -> None:
    schema.upgrade(empty_database)
    with empty_database.engine.execution_options(biobank_writes=True).begin() as connection:
        connection.execute(text("DROP TABLE webhooks"))
    with pytest.raises(StoreUnavailable, match=r"lacks webhooks\.address.*restore a backup"):
        schema.upgrade(empty_database)


def test_a_newer_bank_is_left_alone(empty_database: Database) -> None:
    schema.upgrade(empty_database)
    with empty_database.engine.execution_options(biobank_writes=True).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for action in (schema.upgrade, schema.downgrade, schema.require_current_schema):
        with pytest.raises(StoreUnavailable, match="9999, which is newer than this version"):
            action(empty_database)


def test_every_step_leads_back_with_people_in_the_bank(database: Database) -> None:
    """Alembic copies tables of SQLite, which deleted or refused rows that refer to them."""
    record = seed.person_without_relations("uzeyir-hacibeyov")
    with database.write() as session:
        save_records(session, [record], OPERATOR, "test", publish=True)
        audit.record(session, OPERATOR, "test")
    counts = count_rows(database, CORE_TABLES)
    for revision in schema.older_revisions(database):
        schema.downgrade(database, revision)
        assert count_rows(database, CORE_TABLES) == counts
    schema.upgrade(database)
    assert differences(database) == []
    assert count_rows(database, CORE_TABLES) == counts
    with database.read() as session:
        assert queries.load_records(session, [record["id"]])


@pytest.mark.parametrize("version", RELEASES)
def test_a_bank_of_a_release_is_upgraded(empty_database: Database, version: str) -> None:
    kind = "sqlite" if empty_database.is_sqlite else "postgresql"
    load_dump(empty_database, BANKS / f"{version}-{kind}.sql.gz")
    assert schema.current_revision(empty_database) == RELEASES[version]
    counts = count_rows(empty_database, (*CORE_TABLES, "users", "audit_events"))
    schema.upgrade(empty_database)
    assert differences(empty_database) == []
    # 0018 adds a row to the audit.
    counts["audit_events"] += 1
    assert count_rows(empty_database, (*CORE_TABLES, "users", "audit_events")) == counts
    with empty_database.read() as session:
        assert len(queries.load_records(session, ["uzeyir-hacibeyov", "ceyhun-hacibeyli"])) == 2
    assert audit.verify(empty_database, OPERATOR).broken_id is None
