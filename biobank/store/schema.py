"""Migration and version check of the database schema."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from biobank.errors import StoreUnavailable
from biobank.store.base import Base
from biobank.store.session import Database, translate_db_errors

MIGRATIONS_DIR = Path(__file__).parent / "migrations"


def alembic_config(database: Database) -> Config:
    """Return the Alembic configuration of a database."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS_DIR))
    settings.attributes["engine"] = database.engine
    return settings


def upgrade(database: Database, revision: str = "head") -> None:
    """Migrate the schema up to a revision.

    Raises:
        StoreUnavailable: the schema is newer than this version, or parts of it are missing.
    """
    require_known_schema(database)
    with translate_db_errors():
        command.upgrade(alembic_config(database), revision)
        if revision == "head":
            _require_complete_schema(database)


def downgrade(database: Database, revision: str = "base") -> None:
    """Migrate the schema down to a revision."""
    require_known_schema(database)
    with translate_db_errors():
        command.downgrade(alembic_config(database), revision)


def current_revision(database: Database) -> str | None:
    """Return the schema revision of the database; None if it is empty."""
    with translate_db_errors(), database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def older_revisions(database: Database) -> list[str]:
    """Return the revisions that the database can be downgraded to, the newest first."""
    current = current_revision(database)
    if current is None or not is_known(current):
        return []
    script = ScriptDirectory(str(MIGRATIONS_DIR))
    return [revision.revision for revision in script.iterate_revisions(current, "base")][1:]


def require_known_schema(database: Database) -> None:
    """Check that the schema is not newer than this version.

    Raises:
        StoreUnavailable: a later version of Biobank has upgraded the database.
    """
    current = current_revision(database)
    if current is not None and not is_known(current):
        raise StoreUnavailable(
            f"the database is at schema {current}, which is newer than this version ({expected_revision()}); "
            "install the version that upgraded it, or restore a backup from before"
        )


def _require_complete_schema(database: Database) -> None:
    """Check that no table or column of the models is missing.

    Migrations have loaded all models.
    """
    inspector = inspect(database.engine)
    existing = {
        (table, column["name"])
        for table in inspector.get_table_names()
        for column in inspector.get_columns(table)
    }
    expected = {
        (table.name, column.name) for table in Base.metadata.sorted_tables for column in table.columns
    }
    if missing := sorted(expected - existing):
        names = ", ".join(f"{table}.{column}" for table, column in missing[:5])
        raise StoreUnavailable(
            f"the database reports schema {current_revision(database)}, but lacks {names}; "
            "restore a backup (biobank restore), or report it with this line"
        )


def require_current_schema(database: Database) -> None:
    """Check that the schema is the one of this version.

    Raises:
        StoreUnavailable: the schema is older or newer.
    """
    require_known_schema(database)
    expected, actual = expected_revision(), current_revision(database)
    if actual != expected:
        raise StoreUnavailable(
            f"the database is at schema {actual or 'none'}, this version needs {expected}; "
            "run: biobank db upgrade"
        )


def is_known(revision: str) -> bool:
    """Return whether a schema revision is one of this version or older."""
    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS_DIR)).walk_revisions()}
    return revision in known


@cache
def expected_revision() -> str | None:
    """Return the latest schema revision of this version; reads every migration once."""
    return ScriptDirectory(str(MIGRATIONS_DIR)).get_current_head()
