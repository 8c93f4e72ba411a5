"""`biobank housekeeping`: due maintenance is done and reported."""

import json
from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from biobank.accounts import audit, audit_erasure
from biobank.accounts.identity import Identity, anonymous
from biobank.common.clock import now
from biobank.editorial.inbox.submission import Submission, submit_message
from biobank.editorial.models import InboxMessage
from biobank.store.session import Database
from tests.cli.conftest import Run

EARLIER = Identity("editor", "session", "Nigar", 7, "nigar@example.az", ip_address="203.0.113.7")
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


def test_old_network_addresses_are_erased_from_the_audit_log(bank: Run) -> None:
    store = Database("sqlite:///biobank.db")
    with store.write() as session:
        audit.record_for(session, EARLIER, "published", "person", "p")
        (event,) = session.info[audit.PENDING_EVENTS_KEY]
        event.at = now() - audit_erasure.AUDIT_ADDRESS_RETENTION - timedelta(days=1)
    result = bank("housekeeping")
    assert "1 network address erased" in result.output
    stored = b"".join(file.read_bytes() for file in Path().glob("biobank.db*"))
    assert EARLIER.ip_address.encode() not in stored
    assert bank("audit", "verify").exit_code == 0
    store.dispose()
