"""Similarity keys are stored at each publication, and by the migration for older records."""

from sqlalchemy import select

from biobank.records.people import models as m
from biobank.records.people import queries
from biobank.records.people.likenesses import likenesses
from biobank.store import outbox, schema
from biobank.store.session import Database
from tests.support import seed


def kept(database: Database) -> list[tuple[str, int, str, str]]:
    query = select(m.Likeness).order_by(m.Likeness.person_id, m.Likeness.position)
    with database.read() as session:
        return [(row.person_id, row.position, row.kind, row.key) for row in session.scalars(query)]


def test_a_database_of_before_gets_the_same_rows_as_a_publish_makes(database: Database) -> None:
    records = [without_cites(person) for person in seed.people().values()]
    with database.write() as session:
        people = [m.Person(id=it["id"], published=1, updated_at=outbox.now()) for it in records]
        session.add_all(people)
        session.flush()
        queries.write(session, list(zip(people, records, strict=True)))
    published = kept(database)
    assert len(published) > 1000
    schema.downgrade(database, "0001")
    schema.upgrade(database)
    assert kept(database) == published


def without_cites(record: dict[str, object]) -> dict[str, object]:
    """Return the parts that similarity keys are derived from, without citations."""
    parts = ("id", "names", "birth", "death", "events", "works")
    found = {part: record[part] for part in parts if part in record}
    for part in ("birth", "death"):
        if isinstance(fact := found.get(part), dict):
            found[part] = {key: value for key, value in fact.items() if key != "cites"}
    for part in ("events", "works"):
        if isinstance(entries := found.get(part), list):
            found[part] = [{k: v for k, v in it.items() if k != "cites"} for it in entries]
    return found


def test_a_person_of_a_name_alone_shares_nothing() -> None:
    assert likenesses({"names": [{"text": "x"}]}) == []
