"""Export: what import reads again, so that an empty bank becomes an equal one."""

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL

from biobank.exchange.exporter import export_jsonl
from biobank.store.session import Database
from tests.support import seed
from tests.support.contents import contents
from tests.support.jsonl import import_lines

UZEYIR, NIZAMI = "uzeyir-hacibeyov", "nizami-gencevi"


@pytest.fixture
def empty_bank(sqlite_template: URL, tmp_path: Path) -> Iterator[Database]:
    """A second bank with the reference records and nobody in it."""
    shutil.copyfile(str(sqlite_template.database), tmp_path / "second.db")
    database = Database(f"sqlite:///{tmp_path}/second.db")
    yield database
    database.dispose()


def export(database: Database, *, with_drafts: bool = False) -> list[str]:
    out = io.StringIO()
    written = export_jsonl(database, out, with_drafts=with_drafts)
    lines = out.getvalue().splitlines()
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
