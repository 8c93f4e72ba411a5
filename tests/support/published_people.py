"""Published people without authors, reviews or an outbox."""

from collections.abc import Mapping, Sequence
from typing import Any

from biobank.common.clock import now
from biobank.records.people import models as m
from biobank.records.people import queries
from biobank.store.session import Database


def publish_rows(database: Database, records: Sequence[Mapping[str, Any]]) -> None:
    """Store each record as the published revision of its person, with its rows."""
    with database.write() as session:
        rows = []
        for record in records:
            person = session.get(m.Person, record["id"]) or m.Person(id=record["id"])
            person.published = (person.published or 0) + 1
            person.updated_at = now()
            session.add(person)
            revision = m.Revision(
                person_id=person.id,
                number=person.published,
                state="published",
                record=dict(record),
                author="",
                at=person.updated_at,
                published_at=person.updated_at,
            )
            session.add(revision)
            rows.append((person, record))
        session.flush()
        queries.write_records(session, rows)
