"""`biobank housekeeping`: due maintenance is done and reported."""

import json
from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from biobank.accounts.identity import anonymous
from biobank.common.clock import now
from biobank.editorial.inbox.submission import Submission, submit_message
from biobank.editorial.models import InboxMessage
from biobank.store.session import Database
from tests.cli.conftest import Run

FORM_DATA = {"names": "Sınaq Sınaqlı", "why": "x", "source": "y", "email": "reader@example.az"}


def test_an_expired_address_is_erased(bank: Run) -> None:
    store = Database("sqlite:///biobank.db")
    submit_message(
        store, anonymous("203.0.113.7"), Submission("proposal", "TEST-0001", "az", FORM_DATA, trapped=True)
    )
    assert json.loads(bank("housekeeping", "--json").stdout)["erased"] == 0
    with store.write() as session:
        session.execute(update(InboxMessage).values(settled_at=now() - timedelta(days=91)))
    result = bank("housekeeping")
    assert result.exit_code == 0
    assert "1 address erased" in result.output
    with store.read() as session:
        assert session.get_one(InboxMessage, 1).address == ""
    stored = b"".join(file.read_bytes() for file in Path().glob("biobank.db*"))
    assert FORM_DATA["email"].encode() not in stored
    store.dispose()
