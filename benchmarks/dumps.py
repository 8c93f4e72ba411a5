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

from benchmarks.memory import MEGABYTE, held, most
from biobank.accounts.identity import OPERATOR
from biobank.editorial.publishing import save_many
from biobank.exchange import seeding
from biobank.exchange.dumps.files import FORMATS
from biobank.exchange.dumps.manifest import Manifest
from biobank.exchange.dumps.writing import write_dumps
from biobank.exchange.importing.reading import yaml_items
from biobank.exchange.linked import reading
from biobank.exchange.linked.forms import FORMS
from biobank.exchange.linked.uris import Uris
from biobank.records.catalogue import load_catalogue
from biobank.records.people import queries
from biobank.store import schema
from biobank.store.session import Database

SEED = Path(__file__).parents[1] / "seed_data"
BASE = "https://bank.example"
#: The formats as rdflib names them.
THEIRS = ("turtle", "json-ld", "xml", "nt")
#: Number of people in the comparison with rdflib.
COMPARED = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, help="keeps the bank there, and finds it again")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as own:
        folder = args.folder or Path(own)
        folder.mkdir(parents=True, exist_ok=True)
        database = _bank(folder, args.people)
        _against_rdflib(database)
        _dump(database, folder / "out", ["nt"])
        _dump(database, folder / "out", list(FORMATS))
        database.dispose()


def _bank(folder: Path, people: int) -> Database:
    file = folder / f"{people}.db"
    made = file.exists()
    database = Database(f"sqlite:///{file}")
    if made:
        return database
    schema.upgrade(database)
    seeding.seed(database, SEED)
    for records in _copies(people):
        with database.write() as session:
            save_many(session, records, OPERATOR, "", publish=True)
    return database


def _copies(people: int) -> Iterator[list[dict[str, Any]]]:
    """Yield the seed under other ids until there are enough people, one whole seed at a time."""
    seed = [item.data for item in yaml_items(SEED / "people")]
    for copy in range(1, people // len(seed)):
        yield [
            {
                **{key: value for key, value in record.items() if key != "sources"},
                "id": f"{record['id']}-{copy}",
                "sources": [it if isinstance(it, str) else it["id"] for it in record["sources"]],
                "relations": [
                    {**tie, "person": f"{tie['person']}-{copy}"}
                    for tie in record.get("relations", [])
                ],
            }
            for record in seed
        ]


def _dump(database: Database, out: Path, formats: list[str]) -> None:
    out.mkdir(exist_ok=True)
    before, start, worked = held(), time.perf_counter(), time.process_time()
    manifest = write_dumps(database, out, BASE, formats)
    seconds, worked = time.perf_counter() - start, time.process_time() - worked
    rate = manifest.people / seconds
    print(
        f"{', '.join(formats)}: {manifest.people} people in {seconds:.0f} s, "
        f"{worked:.0f} of them work, {rate:.0f} a second; "
        f"{before:.0f} MB before, {most():.0f} MB at most; {manifest.triples} statements"
    )
    _sizes(out, manifest)


def _sizes(out: Path, manifest: Manifest) -> None:
    for file in manifest.files:
        with gzip.open(out / file.name) as read:
            whole = sum(len(part) for part in iter(lambda: read.read(1 << 20), b""))
        print(f"  {file.name:20} {file.bytes / MEGABYTE:7.1f} MB of {whole / MEGABYTE:7.1f}")


def _against_rdflib(database: Database) -> None:
    """Compare the writers; building the descriptions is the same for both."""
    uris = Uris(BASE)
    with database.read() as session:
        catalogue = load_catalogue(session)
        ids = list(queries.page(session, 1, COMPARED))
        start = time.perf_counter()
        described = [reading.person(session, id_, catalogue, uris) for id_ in ids]
        print(f"described one by one: {(time.perf_counter() - start) / len(ids) * 1000:.1f} ms")
    start = time.perf_counter()
    texts = [FORMS["nt"].of(description, uris) for description in described]
    for form in list(FORMS.values())[:-1]:
        texts += [form.of(description, uris) for description in described]
    ours = time.perf_counter() - start
    start = time.perf_counter()
    graphs = [Graph().parse(data=text, format="nt") for text in texts[: len(ids)]]
    parsed = time.perf_counter() - start
    start = time.perf_counter()
    for graph in graphs:
        for form in THEIRS:
            graph.serialize(format=form)
    theirs = time.perf_counter() - start
    print(
        f"written in four forms: {ours / len(ids) * 1000:.1f} ms a person; rdflib "
        f"{theirs / len(ids) * 1000:.1f} ms and {parsed / len(ids) * 1000:.1f} ms to make its "
        f"graph: {(theirs + parsed) / ours:.0f} times as long"
    )


if __name__ == "__main__":
    main()
