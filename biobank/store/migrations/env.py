"""Alembic environment: runs migrations on the engine given by `store.schema`."""

from contextlib import nullcontext

from alembic import context
from sqlalchemy import Engine

from biobank.accounts import models as _accounts  # noqa: F401
from biobank.editorial import models as _editorial  # noqa: F401
from biobank.editorial.duplicates import not_duplicates as _distinct  # noqa: F401
from biobank.exchange.changes import models as _mirroring  # noqa: F401
from biobank.exchange.imports import models as _importing  # noqa: F401
from biobank.records.media import models as _media  # noqa: F401
from biobank.records.organisations import models as _organisations  # noqa: F401
from biobank.records.organisations import registrations as _registrations  # noqa: F401
from biobank.records.people import models as _people  # noqa: F401
from biobank.records.places import models as _places  # noqa: F401
from biobank.records.reference import models as _reference  # noqa: F401
from biobank.records.sources import models as _sources  # noqa: F401
from biobank.records.vocabulary import models as _vocabulary  # noqa: F401
from biobank.store import outbox as _outbox  # noqa: F401
from biobank.store.base import Base
from biobank.store.schema_repair import check_foreign_keys, foreign_keys_disabled, run_skipped_revisions

engine: Engine = context.config.attributes["engine"]
is_sqlite = engine.dialect.name == "sqlite"

with engine.execution_options(biobank_writes=True).connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        # SQLite cannot alter tables; Alembic copies them instead.
        render_as_batch=is_sqlite,
        # Alembic does not assume it for SQLite, which can roll back any change of the schema.
        transactional_ddl=True,
    )
    with foreign_keys_disabled(connection) if is_sqlite else nullcontext(), context.begin_transaction():
        run_skipped_revisions(context.get_context(), context.script)
        context.run_migrations()
        if is_sqlite:
            check_foreign_keys(connection)
