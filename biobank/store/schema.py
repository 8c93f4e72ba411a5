"""The database schema: brought up to date, and told apart from an older or newer one."""

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
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["engine"] = database.engine
    return settings


def upgrade(database: Database, revision: str = "head") -> None:
    with answering():
        command.upgrade(config(database), revision)


def downgrade(database: Database, revision: str = "base") -> None:
    with answering():
        command.downgrade(config(database), revision)


def current(database: Database) -> str | None:
    """The revision the database is at; none for an empty one."""
    with answering(), database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def require_current(database: Database) -> None:
    """Raises StoreUnavailable where the schema is not the one of this version."""
    head, found = _head(), current(database)
    if found != head:
        raise StoreUnavailable(
            f"the database is at schema {found or 'none'}, this version needs {head}; "
            "run: biobank db upgrade"
        )


@cache
def _head() -> str | None:
    """The newest revision of this version; finding it reads every migration."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()
