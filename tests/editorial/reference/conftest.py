"""A database of each kind for every test here, quickly."""

from tests.support.templates import database, postgres_template, sqlite_template

__all__ = ["database", "postgres_template", "sqlite_template"]
