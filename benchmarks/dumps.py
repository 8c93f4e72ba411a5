"""Measure dumps of the whole bank: time and memory, and rdflib as an alternative writer.

    python -m benchmarks.dumps [--people 10000] [--folder FOLDER]

The people are copies of the seed under other ids, with relations and complete texts.
"""

import argparse
import gzip
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rdflib import Graph

from benchmarks.memory import MEGABYTE, peak_mb, resident_mb
from biobank.accounts.identity import OPERATOR
from biobank.editorial.revisions.bulk_save import save_records
from biobank.exchange import seeding
from biobank.exchange.dumps.files import DUMP_FORMATS, Manifest
from biobank.exchange.dumps.publisher import write_dumps
from biobank.exchange.formats.linked_data import description_queries
from biobank.exchange.formats.linked_data.graph import Uris
from biobank.exchange.formats.linked_data.serializations import SERIALIZATIONS
from biobank.exchange.imports.items import read_yaml_folder
from biobank.records.catalogue import load_catalogue
from biobank.records.people import queries
from biobank.store import schema
from biobank.store.session import Database

SEED = Path(__file__).parents[1] / "seed_data"
BASE_URL = "https://bank.example"
#: The formats as rdflib names them.
RDFLIB_FORMATS = ("turtle", "json-ld", "xml", "nt")
#: Number of people in the comparison with rdflib.
COMPARED_PEOPLE = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, help="keeps the bank there, and finds it again")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temp_folder:
        folder = args.folder or Path(temp_folder)
        folder.mkdir(parents=True, exist_ok=True)
        database = _open_database(folder, args.people)
        _compare_with_rdflib(database)
        _dump(database, folder / "out", ["nt"])
        _dump(database, folder / "out", list(DUMP_FORMATS))
        database.dispose()


def _open_database(folder: Path, people: int) -> Database:
    file = folder / f"{people}.db"
    exists = file.exists()
    database = Database(f"sqlite:///{file}")
    if exists:
        return database
    schema.upgrade(database)
    seeding.seed(database, SEED)
    for records in _copies(people):
        with database.write() as session:
            save_records(session, records, OPERATOR, "", publish=True)
    return database


def _copies(people: int) -> Iterator[list[dict[str, Any]]]:
    """Yield the seed under other ids until there are enough people, one whole seed at a time."""
    seed = [item.data for item in read_yaml_folder(SEED / "people")]
    for copy in range(1, people // len(seed)):
        yield [
            {
                **{key: value for key, value in record.items() if key != "sources"},
                "id": f"{record['id']}-{copy}",
                "sources": [
                    source if isinstance(source, str) else source["id"] for source in record["sources"]
                ],
                "relations": [
                    {**relation, "person": f"{relation['person']}-{copy}"}
                    for relation in record.get("relations", [])
                ],
            }
            for record in seed
        ]


def _dump(database: Database, out: Path, formats: list[str]) -> None:
    out.mkdir(exist_ok=True)
    memory_before, start, cpu_seconds = resident_mb(), time.perf_counter(), time.process_time()
    manifest = write_dumps(database, out, BASE_URL, formats)
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu_seconds
    rate = manifest.people / seconds
    print(
        f"{', '.join(formats)}: {manifest.people} people in {seconds:.0f} s, "
        f"{cpu_seconds:.0f} of them work, {rate:.0f} a second; "
        f"{memory_before:.0f} MB before, {peak_mb():.0f} MB at most; {manifest.triple_count} statements"
    )
    _print_sizes(out, manifest)


def _print_sizes(out: Path, manifest: Manifest) -> None:
    for file in manifest.files:
        with gzip.open(out / file.name) as stream:
            size = sum(len(chunk) for chunk in iter(lambda: stream.read(1 << 20), b""))
        print(f"  {file.name:20} {file.bytes / MEGABYTE:7.1f} MB of {size / MEGABYTE:7.1f}")


def _compare_with_rdflib(database: Database) -> None:
    """Compare the writers; building the descriptions is the same for both."""
    uris = Uris(BASE_URL)
    with database.read() as session:
        catalogue = load_catalogue(session)
        ids = list(queries.list_records_page(session, 1, COMPARED_PEOPLE))
        start = time.perf_counter()
        described_people = [
            description_queries.describe_person_by_id(session, id_, catalogue, uris) for id_ in ids
        ]
        print(f"described one by one: {(time.perf_counter() - start) / len(ids) * 1000:.1f} ms")
    start = time.perf_counter()
    texts = [SERIALIZATIONS["nt"].serialize(description, uris) for description in described_people]
    for form in list(SERIALIZATIONS.values())[:-1]:
        texts += [form.serialize(description, uris) for description in described_people]
    our_seconds = time.perf_counter() - start
    start = time.perf_counter()
    graphs = [Graph().parse(data=text, format="nt") for text in texts[: len(ids)]]
    parse_seconds = time.perf_counter() - start
    start = time.perf_counter()
    for graph in graphs:
        for form in RDFLIB_FORMATS:
            graph.serialize(format=form)
    rdflib_seconds = time.perf_counter() - start
    print(
        f"written in four forms: {our_seconds / len(ids) * 1000:.1f} ms a person; rdflib "
        f"{rdflib_seconds / len(ids) * 1000:.1f} ms and {parse_seconds / len(ids) * 1000:.1f} ms to make its "
        f"graph: {(rdflib_seconds + parse_seconds) / our_seconds:.0f} times as long"
    )


if __name__ == "__main__":
    main()
