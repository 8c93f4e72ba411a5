"""The person of the redaction tests, the text to redact, and how users write it into the bank."""

from typing import Any

from sqlalchemy import inspect, select, text

from biobank.accounts.identity import Identity, anonymous
from biobank.editorial.inbox.submission import Submission, submit_message
from biobank.editorial.models import InboxMessage
from biobank.editorial.redaction.occurrences_shared import OCCURRENCE_SOURCES
from biobank.editorial.review import workflow
from biobank.editorial.revisions import drafts
from biobank.exchange.imports.redaction import find_import_lines
from biobank.store.session import Database

SINAQ, OTHER = "sinaq-sinaqov", "basqa-sinaqov"
EVERYWHERE = (*OCCURRENCE_SOURCES, find_import_lines)
#: The text to redact; PART is quoted elsewhere.
SECRET = "In 1931 he betrayed his closest neighbours to the police."
PART = "betrayed his closest neighbours"
BIOGRAPHY = "He was a poet. He lived in Shusha."


def record(person_id: str = SINAQ, biography: str = BIOGRAPHY, **fields: Any) -> dict[str, Any]:
    names = [{"text": f"Sınaq {person_id}", "lang": "az", "kind": "preferred"}]
    return {"id": person_id, "names": names, "biography": {"en": biography}, **fields}


def save(database: Database, actor: Identity, base: int | None, *biography: Any, **fields: Any) -> int:
    return drafts.save_draft(database, actor, record(SINAQ, *biography, **fields), base).number


def publish(database: Database, writer: Identity, reader: Identity, number: int) -> None:
    workflow.submit(database, writer, SINAQ, number)
    workflow.publish(database, reader, SINAQ, number)


def dump_database(database: Database) -> str:
    """Return the contents of all tables as text."""
    rows = []
    with database.read() as session:
        for table in inspect(database.engine).get_table_names():
            rows += [repr(tuple(row)) for row in session.execute(text(f"SELECT * FROM {table}"))]
    return "\n".join(rows)


def submit_correction(database: Database, reference: str, **values: str) -> InboxMessage:
    submission = Submission(
        "correction", reference, "en", {"source": "A book", **values}, SINAQ, "biography.en"
    )
    submit_message(database, anonymous("192.0.2.1"), submission)
    with database.read() as session:
        return session.scalars(select(InboxMessage).where(InboxMessage.reference == reference)).one()
