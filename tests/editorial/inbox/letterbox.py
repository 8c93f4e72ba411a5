"""Helpers of the inbox tests: a bank with one person, a sender and two editors."""

import itertools
from collections.abc import Mapping

from biobank.accounts.identity import OPERATOR, Identity, anonymous
from biobank.editorial.inbox.models import Message
from biobank.editorial.inbox.queue import Asked, queue
from biobank.editorial.inbox.sending import Sent, send
from biobank.editorial.publishing import save_many
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
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
        record = load(person_schema, seed.alone(UZEYIR))
        save_many(session, [record], OPERATOR, "", publish=True)


def post(
    database: Database,
    kind: str = "correction",
    given: Mapping[str, str] = CORRECTION,
    *,
    field: str = "birth",
    person_id: str = "",
    who: Identity = SENDER,
    reference: str = "",
    trapped: bool = False,
) -> Message:
    """Submit a message and return the stored one."""
    reference = reference or f"TEST-{next(_numbers):04}"
    about = person_id or (UZEYIR if kind in ("correction", "objection") else "")
    field = field if kind == "correction" else ""
    send(database, who, Sent(kind, reference, "en", given, about, field, trapped))
    return found(database, reference)


def found(database: Database, reference: str) -> Message:
    messages = queue(database, EDITOR, Asked(state="")).messages
    spam = queue(database, EDITOR, Asked(state="spam")).messages
    return next(it for it in (*messages, *spam) if it.reference == reference)
