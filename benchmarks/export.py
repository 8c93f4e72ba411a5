"""Measure exports of a large bank: rate and peak memory of each format, in separate processes.

`python -m benchmarks.export [PEOPLE]`: by default 10,000 people, copies of the seed with the
relations among them, in a temporary SQLite database.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path
from typing import Any

from benchmarks.corpus import SEED
from benchmarks.memory import peak_mb
from biobank.accounts.identity import OPERATOR
from biobank.exchange import seeding
from biobank.exchange.exports.formats import EXPORT_FORMATS, export, iter_people, make_export_context
from biobank.exchange.imports.importer import import_people
from biobank.exchange.imports.items import ImportItem, read_yaml_folder
from biobank.records.catalogue import load_catalogue
from biobank.store import schema
from biobank.store.session import Database

MEGABYTE = 2**20
SEED_PEOPLE = [item.data for item in read_yaml_folder(SEED / "people")]


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/biobank.db"
        fill(url, number)
        for name in EXPORT_FORMATS:
            command = [sys.executable, "-m", "benchmarks.export", url, name, f"{folder}/out"]
            # This module itself, with arguments from above.
            subprocess.run(command, check=True)  # noqa: S603


def fill(url: str, number: int) -> None:
    database = Database(url)
    schema.upgrade(database)
    with database.write() as session:
        for kind in seeding.REFERENCE_KINDS:
            seeding.load_kind(session, kind, SEED)
    # Whole copies of the seed, as relations stay within one copy.
    total = -(-number // len(SEED_PEOPLE)) * len(SEED_PEOPLE)
    items = (ImportItem(record["id"], record) for record in islice(copies(), total))
    report = import_people(database, items, file="copies", actor=OPERATOR, publish=True)
    assert not report.refusals, report.refusals[:3]
    database.dispose()


def copies() -> Iterator[dict[str, Any]]:
    """Yield the people of the seed repeatedly under distinct ids."""
    for copy_number in count():
        for person in SEED_PEOPLE:
            seed_relations = person.get("relations", [])
            relations = [
                {**relation, "person": f"{relation['person']}-{copy_number}"} for relation in seed_relations
            ]
            yield {**person, "id": f"{person['id']}-{copy_number}", "relations": relations}


def measure(url: str, name: str, file: str) -> None:
    database = Database(url)
    with database.read() as session:
        catalogue = load_catalogue(session)
    day = datetime.now(UTC).date()
    context = make_export_context(database, catalogue, "az", "https://bank.example", day)
    # CPU time, so that other processes do not count.
    memory_before, started = peak_mb(), time.process_time()
    with Path(file).open("wb") as out:
        written = export(iter_people(database), EXPORT_FORMATS[name], context, out)
    seconds = time.process_time() - started
    size = Path(file).stat().st_size / MEGABYTE
    print(
        f"{name:>8}: {written:,} people in {seconds:.1f} s of the processor, "
        f"{written / seconds:,.0f}/s, {size:.1f} MB; "
        f"memory {memory_before:.0f} MB at start, {peak_mb():.0f} MB at most"
    )


if __name__ == "__main__":
    if sys.argv[1:] and sys.argv[1].startswith("sqlite:"):
        measure(*sys.argv[1:])
    else:
        main()
