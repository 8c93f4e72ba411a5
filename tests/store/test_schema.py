"""Migrations run up and down on both databases and match the models."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from biobank.store import schema
from biobank.store.base import Base
from biobank.store.session import Database


def test_migrations_run_up_and_down_again(empty_database: Database) -> None:
    schema.upgrade(empty_database)
    assert "people" in inspect(empty_database.engine).get_table_names()
    schema.downgrade(empty_database)
    assert inspect(empty_database.engine).get_table_names() == ["alembic_version"]
    schema.upgrade(empty_database)
    schema.require_current_schema(empty_database)


def test_migrations_match_the_models(empty_database: Database) -> None:
    schema.upgrade(empty_database)
    with empty_database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []
