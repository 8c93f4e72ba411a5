"""Export and re-import into an empty bank gives an equal bank."""

import io
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, update

from biobank.editorial.models import Revision
from biobank.editorial.revisions.bulk_save import iter_current_records
from biobank.exchange.exports.formats import EXPORT_FORMATS, iter_people, make_export_context
from biobank.exchange.exports.formats import export as export_all
from biobank.records.catalogue import Catalogue
from biobank.records.people.models import Person
from biobank.store.session import Database
from tests.support import seed
from tests.support.database_contents import database_contents
from tests.support.jsonl import import_lines

UZEYIR, NIZAMI = "uzeyir-hacibeyov", "nizami-gencevi"


@pytest.fixture
def empty_bank(sqlite_template: URL, tmp_path: Path) -> Iterator[Database]:
    """Provide a second bank with reference records and no people."""
    shutil.copyfile(str(sqlite_template.database), tmp_path / "second.db")
    database = Database(f"sqlite:///{tmp_path}/second.db")
    yield database
    database.dispose()


def export(database: Database, *, with_drafts: bool = False) -> list[str]:
    out = io.BytesIO()
    records = iter_people(database, with_drafts=with_drafts)
    context = make_export_context(database, Catalogue(), "az", "", date(2026, 11, 26))
    written = export_all(records, EXPORT_FORMATS["jsonl"], context, out)
    lines = out.getvalue().decode().splitlines()
    assert written == len(lines)
    return lines


def exported(database: Database, *, with_drafts: bool = False) -> dict[str, dict[str, Any]]:
    records = [json.loads(line) for line in export(database, with_drafts=with_drafts)]
    by_id = {record["id"]: record for record in records}
    assert len(by_id) == len(records)
    return by_id


def test_export_and_import_round_trip(database: Database, empty_bank: Database) -> None:
    people = seed.first_people(40)
    assert not import_lines(database, people).refusals
    lines = export(database)
    assert len(lines) == len(people)
    assert not import_lines(empty_bank, lines).refusals
    assert export(empty_bank) == lines
    first, second = database_contents(database), database_contents(empty_bank)
    assert {table for table in first if first[table] != second[table]} == set()


def test_export_is_sorted_by_id_on_every_database(database: Database) -> None:
    ids = ["niyazi", UZEYIR, "banin", NIZAMI]
    import_lines(database, map(seed.person_without_relations, ids))
    assert list(exported(database)) == sorted(ids)


def test_drafts_are_exported_only_on_request(database: Database) -> None:
    import_lines(database, [seed.person_without_relations(UZEYIR)])
    draft = {**seed.person_without_relations(UZEYIR), "gender": "other"}
    import_lines(database, [draft, seed.person_without_relations(NIZAMI)], publish=False)
    public = exported(database)
    assert public.keys() == {UZEYIR}
    assert public[UZEYIR]["gender"] == "male"
    latest = exported(database, with_drafts=True)
    assert latest.keys() == {UZEYIR, NIZAMI}
    assert latest[UZEYIR]["gender"] == "other"


def test_lines_keep_non_ascii_characters(database: Database) -> None:
    import_lines(database, [seed.person_without_relations(UZEYIR)])
    (line,) = export(database)
    assert "Üzeyir Hacıbəyov" in line


def test_an_empty_bank_exports_nothing(database: Database) -> None:
    assert export(database) == []
    assert export(database, with_drafts=True) == []


def test_reviews_are_drafts_and_withdrawn_people_are_omitted(database: Database) -> None:
    import_lines(
        database,
        [
            seed.person_without_relations(UZEYIR),
            seed.person_without_relations(NIZAMI),
            seed.person_without_relations("banin"),
        ],
    )
    drafts = [{**seed.person_without_relations(id_), "gender": "other"} for id_ in (UZEYIR, NIZAMI, "banin")]
    import_lines(database, drafts, publish=False)
    withdrawn = {"published": None, "withdrawn_at": datetime.now(UTC), "withdrawal": "wish"}
    with database.write() as session:
        conditions = (Revision.person_id == UZEYIR, Revision.state == "draft")
        session.execute(update(Revision).where(*conditions).values(state="review"))
        session.execute(update(Person).where(Person.id == "banin").values(**withdrawn))
    assert exported(database).keys() == {UZEYIR, NIZAMI}
    latest = exported(database, with_drafts=True)
    assert {id_: record["gender"] for id_, record in latest.items()} == {UZEYIR: "other", NIZAMI: "other"}


def test_drafts_are_read_in_chunks(database: Database) -> None:
    people = [{**seed.person_without_relations(UZEYIR), "id": f"person-{number}"} for number in range(7)]
    import_lines(database, people[::2])
    import_lines(database, people[1::2], publish=False)
    with database.read() as session:
        chunks = list(iter_current_records(session, chunk=2))
    assert [len(chunk) for chunk in chunks] == [2, 2, 2, 1]
    assert [id_ for chunk in chunks for id_ in chunk] == [record["id"] for record in people]
