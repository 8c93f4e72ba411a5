"""`biobank housekeeping`: due maintenance is done and reported."""

import json
from datetime import timedelta

from sqlalchemy import update

from biobank.accounts.clock import now
from biobank.accounts.identity import anonymous
from biobank.editorial.inbox.models import Message
from biobank.editorial.inbox.sending import Sent, send
from biobank.store.session import Database
from tests.cli.conftest import Run

GIVEN = {"names": "Sınaq Sınaqlı", "why": "x", "source": "y", "email": "reader@example.az"}


def test_an_address_whose_term_is_over_goes(bank: Run) -> None:
    store = Database("sqlite:///biobank.db")
    send(store, anonymous("203.0.113.7"), Sent("proposal", "TEST-0001", "az", GIVEN, trapped=True))
    assert json.loads(bank("housekeeping", "--json").output)["erased"] == 0
    with store.write() as session:
        session.execute(update(Message).values(settled_at=now() - timedelta(days=91)))
    result = bank("housekeeping")
    assert result.exit_code == 0
    assert "1 addresses erased" in result.output
    with store.read() as session:
        assert session.get_one(Message, 1).address == ""
    store.dispose()
