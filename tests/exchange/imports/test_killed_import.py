"""An import that is killed at any point leads to the same result when it is repeated."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL

from biobank.editorial.revisions.bulk_save import find_known_ids
from biobank.records.people import queries
from biobank.store.session import Database
from tests.support import seed
from tests.support.database_contents import database_contents

ROUNDS = 3


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Write the seed people several times, related to people later in the file."""
    file = tmp_path / "people.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for record in _many_people():
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
    return file


def _many_people() -> Iterator[dict[str, Any]]:
    for number in range(ROUNDS):
        for person_id, record in seed.people().items():
            fields = [key for key in ("names", "birth", "sources") if key in record]
            short: dict[str, Any] = {key: record[key] for key in fields}
            relations = [
                {**relation, "person": _copy(relation["person"], (number + 1) % ROUNDS)}
                for relation in record.get("relations", [])
            ]
            yield {"id": _copy(person_id, number), **short, "relations": relations}
            if number % 2:
                # The id is generated from the name the first time, and found by the line the next.
                yield short


def _copy(person_id: str, number: int) -> str:
    return f"{person_id}-copy-{number}"


def create_database(template: URL, folder: Path) -> str:
    """Create a database with the reference records and no people; return its URL."""
    folder.mkdir()
    shutil.copyfile(str(template.database), folder / "biobank.db")
    return f"sqlite:///{folder}/biobank.db"


def start_import(url: str, file: Path) -> subprocess.Popen[str]:
    """Start `biobank import` with progress on its standard output."""
    command = [sys.executable, "-m", "biobank.cli", "import", str(file), "--publish", "--json"]
    environment = {**os.environ, "BIOBANK_DATABASE_URL": url}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def kill(process: subprocess.Popen[str], after: str, delay: float) -> None:
    """Kill the process `delay` seconds after it reported the step `after`."""
    assert process.stdout
    for line in process.stdout:
        if json.loads(line)["step"] == after:
            break
    else:
        pytest.fail(f"the import ended before {after!r}")
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert process.returncode == -signal.SIGKILL


def wait_for_result(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Wait for an import and return its last line."""
    out, _ = process.communicate()
    assert process.returncode == 0
    last: dict[str, Any] = json.loads(out.splitlines()[-1])
    return last


def test_a_killed_import_can_be_repeated(sqlite_template: URL, file: Path, tmp_path: Path) -> None:
    lines = len(file.read_text(encoding="utf-8").splitlines())
    undisturbed = start_import(create_database(sqlite_template, tmp_path / "undisturbed"), file)
    url = create_database(sqlite_template, tmp_path / "killed")
    database = Database(url)
    kill(start_import(url, file), "checked", 0.0)
    kill(start_import(url, file), "kept", 0.0)
    stored = _count_complete_records(database)
    assert 0 < stored < lines
    kill(start_import(url, file), "kept", 0.05)
    assert stored <= _count_complete_records(database) < lines
    result = wait_for_result(start_import(url, file))
    assert result["refused"] == 0
    assert result["same"] >= stored
    assert result["new"] + result["same"] == lines
    assert wait_for_result(undisturbed)["new"] == lines
    undisturbed_database = Database(f"sqlite:///{tmp_path}/undisturbed/biobank.db")
    resumed_contents, completed = database_contents(database), database_contents(undisturbed_database)
    database.dispose()
    undisturbed_database.dispose()
    assert {table for table in completed if resumed_contents[table] != completed[table]} == set()


def _count_complete_records(database: Database) -> int:
    """Count the records, and check that none is public in part."""
    with database.read() as session:
        public = {id_ for step in queries.iter_chunks(session) for id_ in step}
        assert public == find_known_ids(session)
        return len(public)
