"""Measure the import of a file: `python -m benchmarks.importing FILE [options of the command]`.

`biobank import` runs as a separate process over an empty bank with the reference records of the
seed, and a second time over the result. Prints wall-clock and CPU seconds, records per second, peak
memory, and the report of each run.

With `--made N` the file is generated: N people whose given name and surname are those of different
people of the seed, in three languages, with a birth, usually a death, professions, a place and a
headline. Options that are not known here are passed to the command: `--format`, `--map`,
`--publish`, `--no-duplicates`.

    python -m benchmarks.importing --made 100000 --no-duplicates
    python -m benchmarks.importing people.csv --format csv --map people.map.yaml
    python -m benchmarks.importing --made 100000 --postgres
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.corpus import SEED, same_chance
from benchmarks.duplicates import made_people
from biobank.exchange import seeding
from biobank.exchange.importing.reading import yaml_items
from biobank.records.reference.kinds import KINDS
from biobank.store import schema
from biobank.store.session import Database
from tests.support.postgres import cluster

#: The system reports the memory of a process in kilobytes.
MEGABYTE_IN_KILOBYTES = 1024


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--made", type=int, default=0, help="make so many records instead")
    parser.add_argument("--postgres", action="store_true", help="into a cluster made for it")
    parser.add_argument("--bank", action="store_true", help="the seed's people are there already")
    parser.add_argument("--dry", action="store_true", help="a dry run before the others")
    given, options = parser.parse_known_args()
    if not given.file and not given.made:
        parser.error("name a file, or say --made N")
    with tempfile.TemporaryDirectory() as place, _store(given.postgres, place) as url:
        file = given.file or _made(Path(place) / "made.jsonl", given.made)
        _prepare(url, with_people=given.bank)
        print(f"{file.name}, {file.stat().st_size / 1e6:.0f} MB; {'  '.join(options)}")
        runs = [["--dry-run"]] * given.dry + [[], []]
        results = [_run(url, file, [*options, *more]) for more in runs]
    return max(results)


@contextlib.contextmanager
def _store(postgres: bool, place: str) -> Iterator[str]:
    if not postgres:
        yield f"sqlite:///{place}/biobank.db"
        return
    with cluster() as url:
        yield url


def _prepare(url: str, *, with_people: bool) -> None:
    database = Database(url)
    schema.upgrade(database)
    with database.write() as session:
        for kind in KINDS:
            seeding.load_kind(session, kind, SEED)
    if with_people:
        seeding.seed(database, SEED)
    database.dispose()


def _run(url: str, file: Path, options: Sequence[str]) -> int:
    """Run the command once; return 0 on success."""
    command = [sys.executable, "-m", "biobank.cli", "import", str(file), "--json", *options]
    environment = {**os.environ, "BIOBANK_DATABASE_URL": url}
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)  # noqa: S603
    assert process.stdout
    lines = deque(process.stdout, 1)
    # wait4 reports usage of this process alone; getrusage covers all children so far.
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - started
    told: dict[str, Any] = json.loads(lines[0]) if lines else {}
    counts = ", ".join(f"{told.get(name)} {name}" for name in ("new", "changed", "same", "refused"))
    print(
        f"{seconds:7.1f} s, {used.ru_utime + used.ru_stime:.1f} of a processor  "
        f"{told.get('read', 0) / seconds:7.0f} records/s  "
        f"{used.ru_maxrss / MEGABYTE_IN_KILOBYTES:5.0f} MB at most  {counts}"
        f"  {told.get('duplicates_found')} duplicates",
        flush=True,
    )
    return int(os.waitstatus_to_exitcode(status) > 1)


def _made(file: Path, count: int) -> Path:
    seed = [item.data for item in yaml_items(SEED / "people")]
    chance = same_chance()
    facts = [
        one for one in seed if one.get("professions") and (one.get("birth") or {}).get("place")
    ]
    with file.open("w", encoding="utf-8") as out:
        for record in made_people(seed, count):
            of = chance.choice(facts)
            record["birth"]["place"] = of["birth"]["place"]
            more = {
                name: of[name] for name in ("professions", "countries", "headline") if name in of
            }
            out.write(json.dumps({**record, **more}, ensure_ascii=False) + "\n")
    return file


if __name__ == "__main__":
    sys.exit(main())
