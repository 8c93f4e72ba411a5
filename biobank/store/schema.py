"""Migration and version check of the database schema."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from biobank.errors import StoreUnavailable
from biobank.store.session import Database, answering

MIGRATIONS = Path(__file__).parent / "migrations"


def config(database: Database) -> Config:
    """Return the Alembic configuration of a database."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["engine"] = database.engine
    return settings


def upgrade(database: Database, revision: str = "head") -> None:
    """Migrate the schema up to a revision."""
    with answering():
        command.upgrade(config(database), revision)


def downgrade(database: Database, revision: str = "base") -> None:
    """Migrate the schema down to a revision."""
    with answering():
        command.downgrade(config(database), revision)


def current(database: Database) -> str | None:
    """Return the schema revision of the database; None if it is empty."""
    with answering(), database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def require_current(database: Database) -> None:
    """Check that the schema is the one of this version.

    Raises:
        StoreUnavailable: the schema is older or newer.
    """
    head, found = _head(), current(database)
    if found != head:
        raise StoreUnavailable(
            f"the database is at schema {found or 'none'}, this version needs {head}; "
            "run: biobank db upgrade"
        )


@cache
def _head() -> str | None:
    """Return the latest schema revision of this version; reads every migration once."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()
