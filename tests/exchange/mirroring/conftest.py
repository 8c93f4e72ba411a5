"""A database of each kind, with two published and numbered people."""

import pytest

from biobank.accounts.identity import Identity
from biobank.editorial.publishing import save_many
from biobank.store import outbox
from biobank.store.session import Database
from tests.support import seed

EDITOR = Identity("editor", "session", "an editor", 1)
FIRST, SECOND = "uzeyir-hacibeyov", "qara-qarayev"


def save(database: Database, *records: seed.Record, publish: bool = True) -> None:
    with database.write() as session:
        save_many(session, records, EDITOR, "", publish=publish)


def apply(database: Database) -> None:
    """Mark pending changes as applied, as the indexer does."""
    with database.write() as session:
        outbox.mark_done(session, outbox.pending_ids(session))


@pytest.fixture
def store(database: Database) -> Database:
    save(database, seed.alone(FIRST))
    apply(database)
    save(database, seed.alone(SECOND))
    apply(database)
    return database
