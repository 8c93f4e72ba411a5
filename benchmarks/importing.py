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

from benchmarks.corpus import SEED, seeded_random
from benchmarks.duplicates import generate_people
from biobank.exchange import seeding
from biobank.exchange.imports.items import read_yaml_folder
from biobank.records.reference.kinds import REFERENCE_KINDS
from biobank.store import schema
from biobank.store.session import Database
from tests.support.postgres import cluster

#: The system reports the memory of a process in kilobytes.
MEGABYTE_IN_KILOBYTES = 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--made", type=int, default=0, help="make so many records instead")
    parser.add_argument("--postgres", action="store_true", help="into a cluster made for it")
    parser.add_argument("--bank", action="store_true", help="the seed's people are there already")
    parser.add_argument("--dry", action="store_true", help="a dry run before the others")
    args, options = parser.parse_known_args()
    if not args.file and not args.made:
        parser.error("name a file, or say --made N")
    with tempfile.TemporaryDirectory() as temp_folder, _store(args.postgres, temp_folder) as url:
        file = args.file or _generate_file(Path(temp_folder) / "made.jsonl", args.made)
        _prepare(url, with_people=args.bank)
        print(f"{file.name}, {file.stat().st_size / 1e6:.0f} MB; {'  '.join(options)}")
        runs = [["--dry-run"]] * args.dry + [[], []]
        results = [_run(url, file, [*options, *extra_options]) for extra_options in runs]
    return max(results)


@contextlib.contextmanager
def _store(postgres: bool, folder: str) -> Iterator[str]:
    if not postgres:
        yield f"sqlite:///{folder}/biobank.db"
        return
    with cluster() as url:
        yield url


def _prepare(url: str, *, with_people: bool) -> None:
    database = Database(url)
    schema.upgrade(database)
    with database.write() as session:
        for kind in REFERENCE_KINDS:
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
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - started
    report: dict[str, Any] = json.loads(lines[0]) if lines else {}
    counts = ", ".join(f"{report.get(name)} {name}" for name in ("new", "changed", "same", "refused"))
    print(
        f"{seconds:7.1f} s, {usage.ru_utime + usage.ru_stime:.1f} of a processor  "
        f"{report.get('read', 0) / seconds:7.0f} records/s  "
        f"{usage.ru_maxrss / MEGABYTE_IN_KILOBYTES:5.0f} MB at most  {counts}"
        f"  {report.get('duplicates_found')} duplicates",
        flush=True,
    )
    return int(os.waitstatus_to_exitcode(status) > 1)


def _generate_file(file: Path, count: int) -> Path:
    seed = [item.data for item in read_yaml_folder(SEED / "people")]
    rng = seeded_random()
    donors = [
        person for person in seed if person.get("professions") and (person.get("birth") or {}).get("place")
    ]
    with file.open("w", encoding="utf-8") as out:
        for record in generate_people(seed, count):
            donor = rng.choice(donors)
            record["birth"]["place"] = donor["birth"]["place"]
            copied = {name: donor[name] for name in ("professions", "countries", "headline") if name in donor}
            out.write(json.dumps({**record, **copied}, ensure_ascii=False) + "\n")
    return file


if __name__ == "__main__":
    sys.exit(main())
