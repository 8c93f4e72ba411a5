"""Migration and version check of the database schema."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from biobank.errors import StoreUnavailable
from biobank.store.session import Database, translate_db_errors

MIGRATIONS_DIR = Path(__file__).parent / "migrations"


def alembic_config(database: Database) -> Config:
    """Return the Alembic configuration of a database."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS_DIR))
    settings.attributes["engine"] = database.engine
    return settings


def upgrade(database: Database, revision: str = "head") -> None:
    """Migrate the schema up to a revision."""
    with translate_db_errors():
        command.upgrade(alembic_config(database), revision)


def downgrade(database: Database, revision: str = "base") -> None:
    """Migrate the schema down to a revision."""
    with translate_db_errors():
        command.downgrade(alembic_config(database), revision)


def current_revision(database: Database) -> str | None:
    """Return the schema revision of the database; None if it is empty."""
    with translate_db_errors(), database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def require_current_schema(database: Database) -> None:
    """Check that the schema is the one of this version.

    Raises:
        StoreUnavailable: the schema is older or newer.
    """
    expected, actual = _expected_revision(), current_revision(database)
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
def _expected_revision() -> str | None:
    """Return the latest schema revision of this version; reads every migration once."""
    return ScriptDirectory(str(MIGRATIONS_DIR)).get_current_head()
