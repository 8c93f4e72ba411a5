"""A database of each kind, with two published and numbered people."""

import pytest

from biobank.accounts.identity import Identity
from biobank.editorial.revisions.bulk_save import save_records
from biobank.store import outbox
from biobank.store.session import Database
from tests.support import seed

EDITOR = Identity("editor", "session", "an editor", 1)
FIRST, SECOND = "uzeyir-hacibeyov", "qara-qarayev"


def save(database: Database, *records: seed.Record, publish: bool = True) -> None:
    with database.write() as session:
        save_records(session, records, EDITOR, "", publish=publish)


def apply_pending(database: Database) -> None:
    """Mark pending changes as applied, as the indexer does."""
    with database.write() as session:
        outbox.mark_applied(session, outbox.pending_ids(session))


@pytest.fixture
def store(database: Database) -> Database:
    save(database, seed.person_without_relations(FIRST))
    apply_pending(database)
    save(database, seed.person_without_relations(SECOND))
    apply_pending(database)
    return database
