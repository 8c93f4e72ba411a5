"""Similarity keys are stored at each publication, and by the migration for older records."""

from sqlalchemy import select

from biobank.records.people import models as m
from biobank.records.people.similarity_keys import compute_similarity_keys
from biobank.store import schema
from biobank.store.session import Database
from tests.support import seed
from tests.support.published_people import publish_rows


def stored_keys(database: Database) -> list[tuple[str, int, str, str]]:
    query = select(m.SimilarityKey).order_by(m.SimilarityKey.person_id, m.SimilarityKey.position)
    with database.read() as session:
        return [(row.person_id, row.position, row.kind, row.key) for row in session.scalars(query)]


def test_the_migration_creates_the_same_rows_as_publishing(database: Database) -> None:
    records = [strip_cites(person) for person in seed.people().values()]
    publish_rows(database, records)
    published = stored_keys(database)
    assert len(published) > 1000
    schema.downgrade(database, "0001")
    schema.upgrade(database)
    assert stored_keys(database) == published


def strip_cites(record: dict[str, object]) -> dict[str, object]:
    """Return the parts that similarity keys are derived from, without citations."""
    parts = ("id", "names", "birth", "death", "events", "works")
    stripped = {part: record[part] for part in parts if part in record}
    for part in ("birth", "death"):
        if isinstance(fact := stripped.get(part), dict):
            stripped[part] = {key: value for key, value in fact.items() if key != "cites"}
    for part in ("events", "works"):
        if isinstance(entries := stripped.get(part), list):
            stripped[part] = [{k: v for k, v in entry.items() if k != "cites"} for entry in entries]
    return stripped


def test_a_record_with_only_a_name_has_no_keys() -> None:
    assert compute_similarity_keys({"names": [{"text": "x"}]}) == []
