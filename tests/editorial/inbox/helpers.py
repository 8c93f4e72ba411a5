"""Helpers of the inbox tests: a bank with one person, a sender and two editors."""

import itertools
from collections.abc import Mapping

from biobank.accounts.identity import OPERATOR, Identity, anonymous
from biobank.editorial.inbox.queue import QueueFilter, list_messages
from biobank.editorial.inbox.submission import Submission, submit_message
from biobank.editorial.models import InboxMessage
from biobank.editorial.revisions.bulk_save import save_records
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.store.session import Database
from tests.support import seed

UZEYIR = "uzeyir-hacibeyov"
SENDER = anonymous("203.0.113.7")
EDITOR = Identity("editor", "session", "Nigar", 1, "nigar@example.az")
SECOND = Identity("editor", "session", "Rəsul", 2, "resul@example.az")

CORRECTION = {
    "text": "1885-09-17",
    "source": "Metric book of 1885, p. 3",
    "name": "Attentive Reader",
    "email": "reader@example.az",
}
OBJECTION = {"what": "All of it", "why": "It is about me", "email": "me@example.az"}
REGISTRATION = {
    "name_en": "Society of Testers",
    "country": "DE",
    "city": "Musterstadt",
    "founded": "1998",
    "about": "It tests.",
    "email": "society@example.az",
}

_numbers = itertools.count(1)


def publish_uzeyir(database: Database) -> None:
    with database.write() as session:
        record = load_validated(person_schema, seed.person_without_relations(UZEYIR))
        save_records(session, [record], OPERATOR, "", publish=True)


def submit(
    database: Database,
    kind: str = "correction",
    values: Mapping[str, str] = CORRECTION,
    *,
    field: str = "birth",
    person_id: str = "",
    actor: Identity = SENDER,
    reference: str = "",
    trapped: bool = False,
) -> InboxMessage:
    """Submit a message and return the stored one."""
    reference = reference or f"TEST-{next(_numbers):04}"
    about_person = person_id or (UZEYIR if kind in ("correction", "objection") else "")
    field = field if kind == "correction" else ""
    submit_message(database, actor, Submission(kind, reference, "en", values, about_person, field, trapped))
    return find_message(database, reference)


def find_message(database: Database, reference: str) -> InboxMessage:
    messages = list_messages(database, EDITOR, QueueFilter(state="")).messages
    spam = list_messages(database, EDITOR, QueueFilter(state="spam")).messages
    return next(message for message in (*messages, *spam) if message.reference == reference)
