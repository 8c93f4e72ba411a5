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
from biobank.editorial.publishing import walk_with_drafts
from biobank.exchange.answers.formats import FORMATS
from biobank.exchange.exporter import everybody, make_edition
from biobank.exchange.exporter import export as export_all
from biobank.records.catalogue import Catalogue
from biobank.records.people.models import Person
from biobank.store.session import Database
from tests.support import seed
from tests.support.contents import contents
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
    records = everybody(database, with_drafts=with_drafts)
    edition = make_edition(database, Catalogue(), "az", "", date(2026, 11, 26))
    written = export_all(records, FORMATS["jsonl"], edition, out)
    lines = out.getvalue().decode().splitlines()
    assert written == len(lines)
    return lines


def exported(database: Database, *, with_drafts: bool = False) -> dict[str, dict[str, Any]]:
    records = [json.loads(line) for line in export(database, with_drafts=with_drafts)]
    by_id = {record["id"]: record for record in records}
    assert len(by_id) == len(records)
    return by_id


def test_an_exported_bank_imported_into_an_empty_one_is_equal(
    database: Database, empty_bank: Database
) -> None:
    everybody = seed.some(40)
    assert not import_lines(database, everybody).refusals
    lines = export(database)
    assert len(lines) == len(everybody)
    assert not import_lines(empty_bank, lines).refusals
    assert export(empty_bank) == lines
    first, second = contents(database), contents(empty_bank)
    assert {table for table in first if first[table] != second[table]} == set()


def test_an_export_is_in_the_order_of_ids_whatever_the_database(database: Database) -> None:
    ids = ["niyazi", UZEYIR, "banin", NIZAMI]
    import_lines(database, map(seed.alone, ids))
    assert list(exported(database)) == sorted(ids)


def test_drafts_are_left_out_unless_asked_for(database: Database) -> None:
    import_lines(database, [seed.alone(UZEYIR)])
    draft = {**seed.alone(UZEYIR), "gender": "other"}
    import_lines(database, [draft, seed.alone(NIZAMI)], publish=False)
    public = exported(database)
    assert public.keys() == {UZEYIR}
    assert public[UZEYIR]["gender"] == "male"
    newest = exported(database, with_drafts=True)
    assert newest.keys() == {UZEYIR, NIZAMI}
    assert newest[UZEYIR]["gender"] == "other"


def test_a_line_is_one_line_of_readable_letters(database: Database) -> None:
    import_lines(database, [seed.alone(UZEYIR)])
    (line,) = export(database)
    assert "Üzeyir Hacıbəyov" in line


def test_an_empty_bank_exports_nothing(database: Database) -> None:
    assert export(database) == []
    assert export(database, with_drafts=True) == []


def test_what_is_under_review_is_a_draft_and_who_was_taken_out_is_left_out(
    database: Database,
) -> None:
    import_lines(database, [seed.alone(UZEYIR), seed.alone(NIZAMI), seed.alone("banin")])
    drafts = [{**seed.alone(id_), "gender": "other"} for id_ in (UZEYIR, NIZAMI, "banin")]
    import_lines(database, drafts, publish=False)
    gone = {"published": None, "withdrawn_at": datetime.now(UTC), "withdrawal": "wish"}
    with database.write() as session:
        mine = (Revision.person_id == UZEYIR, Revision.state == "draft")
        session.execute(update(Revision).where(*mine).values(state="review"))
        session.execute(update(Person).where(Person.id == "banin").values(**gone))
    assert exported(database).keys() == {UZEYIR, NIZAMI}
    newest = exported(database, with_drafts=True)
    assert {id_: record["gender"] for id_, record in newest.items()} == {
        UZEYIR: "other",
        NIZAMI: "other",
    }


def test_drafts_are_read_in_steps(database: Database) -> None:
    people = [{**seed.alone(UZEYIR), "id": f"person-{number}"} for number in range(7)]
    import_lines(database, people[::2])
    import_lines(database, people[1::2], publish=False)
    with database.read() as session:
        steps = list(walk_with_drafts(session, chunk=2))
    assert [len(step) for step in steps] == [2, 2, 2, 1]
    assert [id_ for step in steps for id_ in step] == [record["id"] for record in people]
