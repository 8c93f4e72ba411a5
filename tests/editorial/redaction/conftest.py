"""A bank in which three revisions contain the text to redact."""

import pytest

from biobank.accounts.identity import Identity
from biobank.store.session import Database
from tests.editorial.redaction.redactable import BIOGRAPHY, SECRET, publish, save
from tests.support.users import add_user


@pytest.fixture
def admin(database: Database) -> Identity:
    return add_user(database, "Rəsul", "admin")


@pytest.fixture
def redactable_bank(
    database: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> Database:
    """Return a bank where revisions 1 to 3 contain the text and the public one, 4, does not."""
    publish(database, editor, second_editor, save(database, editor, None, f"{BIOGRAPHY} {SECRET}"))
    save(database, editor, 1, f"{BIOGRAPHY} {SECRET}", gender="male")
    save(database, second_editor, 2, f"{BIOGRAPHY} {SECRET} He wrote.", gender="male")
    publish(database, editor, admin, save(database, editor, 3, f"{BIOGRAPHY} He wrote.", gender="male"))
    return database
