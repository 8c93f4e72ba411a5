"""Publish under load, kill (SIGKILL) at random times, and verify consistency each time.

    python -m benchmarks.killed --times 100          SQLite, in a temporary folder
    python -m benchmarks.killed --url postgresql://…  an existing empty database

Two publishers and an indexer run as separate processes and are killed together. Then, as at the
next start, the index is brought up to date, and it is verified that every acknowledged change is
stored, that every public row matches its revision, and that index and database agree.
"""

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from biobank.accounts.identity import OPERATOR, Identity
from biobank.bootstrap import Services, make_services
from biobank.common.progress import null_progress
from biobank.editorial.models import Revision
from biobank.editorial.review import workflow
from biobank.editorial.revisions import drafts
from biobank.editorial.revisions.bulk_save import save_records
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.errors import EditConflict
from biobank.exchange import seeding
from biobank.records.people import queries
from biobank.records.people.models import Person
from biobank.settings import Settings
from biobank.store import schema
from tests.support import seed

PUBLISHERS = 2
PEOPLE_COUNT = 12
#: Maximum load time before a kill, in seconds, counted once both publishers work.
MAX_LOAD_SECONDS = 0.8
WRITER = Identity("contributor", "session", "writer", 1)
REVIEWER = Identity("editor", "session", "reviewer", 2)


@dataclass
class Outcome:
    """The result of `times` kills: acknowledged changes and all violations."""

    times: int = 0
    acknowledged: int = 0
    violations: list[str] = field(default_factory=list)


def run(settings: Settings, times: int, rng: random.Random) -> Outcome:
    """Kill and verify `times` times over one bank that is empty at first."""
    outcome = Outcome()
    _fill(settings)
    for _ in range(times):
        acknowledged = _run_round(settings, rng.uniform(0, MAX_LOAD_SECONDS))
        outcome.times += 1
        outcome.acknowledged += len(acknowledged)
        services = make_services(settings)
        services.indexer.ensure(null_progress)
        outcome.violations += _find_violations(services, acknowledged)
        services.close()
    return outcome


def publish_forever(settings: Settings, rng: random.Random) -> None:
    """Edit, submit and publish people; print each change once it is acknowledged."""
    services = make_services(settings)
    ids = sorted(seed.people())[:PEOPLE_COUNT]
    while True:
        person_id = rng.choice(ids)
        # The other publisher may edit the same person: that is refused, and another one is tried.
        with contextlib.suppress(EditConflict):
            number = _publish(services, person_id, f"{rng.random()}")
            print(f"{person_id} {number}", flush=True)


def _publish(services: Services, person_id: str, label: str) -> int:
    with services.database.read() as session:
        latest = latest_revision(session, person_id)
    assert latest
    changed = {**latest.record, "headline": {"en": f"Headline {label}"}}
    number = drafts.save_draft(services.database, WRITER, changed, latest.number).number
    workflow.submit(services.database, WRITER, person_id, number)
    workflow.publish(services.database, REVIEWER, person_id, number)
    return number


def _fill(settings: Settings) -> None:
    services = make_services(settings)
    schema.upgrade(services.database)
    with services.database.write() as session:
        for kind in seeding.REFERENCE_KINDS:
            seeding.load_kind(session, kind, settings.seed_dir)
    with services.database.write() as session:
        people = [
            seed.person_without_relations(person_id) for person_id in sorted(seed.people())[:PEOPLE_COUNT]
        ]
        save_records(session, people, OPERATOR, "", publish=True)
    services.indexer.rebuild(null_progress)
    services.close()


def _run_round(settings: Settings, seconds: float) -> list[tuple[str, int]]:
    """Run publishers and an indexer, kill them, and return the changes acknowledged before."""
    environment = {
        **os.environ,
        "BIOBANK_DATABASE_URL": settings.database_url,
        "BIOBANK_INDEX_DIR": str(settings.index_dir),
    }
    publisher_command = [sys.executable, "-m", "benchmarks.killed", "--publish"]
    commands = [publisher_command] * PUBLISHERS + [[sys.executable, "-m", "biobank.cli", "index", "follow"]]
    processes = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)  # noqa: S603
        for command in commands
    ]
    # Before the first acknowledgement nothing can be lost: a busy machine may take longer over the
    # first change than a whole round lasts.
    first_lines = [_read_line(process) for process in processes[:PUBLISHERS]]
    time.sleep(seconds)
    for process in processes:
        process.send_signal(signal.SIGKILL)
    outputs = [*first_lines, *(process.communicate()[0] for process in processes)]
    # An incomplete last line was not acknowledged, as no reader could have parsed it.
    lines = [line.split() for text in outputs for line in text.splitlines(True) if line.endswith("\n")]
    return [(person_id, int(number)) for person_id, number in lines]


def _read_line(publisher: subprocess.Popen[str]) -> str:
    """Return the next acknowledged change of a publisher."""
    assert publisher.stdout
    return publisher.stdout.readline()


def _find_violations(services: Services, acknowledged: list[tuple[str, int]]) -> list[str]:
    violations: list[str] = []
    with services.database.read() as session:
        rows = session.execute(select(Revision.person_id, Revision.number, Revision.state))
        states = {(row.person_id, row.number): row.state for row in rows}
        violations += [f"lost: {change}" for change in acknowledged if states.get(change) != "published"]
        for person in session.scalars(select(Person)):
            violations += _find_row_violations(session, person)
    verification = services.indexer.verify()
    if not verification.matches:
        violations.append(f"index: {verification}")
    return violations


def _find_row_violations(session: Any, person: Person) -> list[str]:
    """Return the differences between published rows and the public revision."""
    query = select(Revision).where(Revision.person_id == person.id, Revision.number == person.published)
    revision = session.scalar(query)
    if revision is None or revision.state != "published":
        return [f"no public revision: {person.id}"]
    record = queries.load_record(session, person.id)
    return [] if record == revision.record else [f"rows differ: {person.id}"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--url", default="")
    parser.add_argument("--publish", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.publish:
        settings = Settings(
            database_url=os.environ["BIOBANK_DATABASE_URL"], index_dir=Path(os.environ["BIOBANK_INDEX_DIR"])
        )
        publish_forever(settings, random.Random())  # noqa: S311 - not for secrets
        return 0
    with tempfile.TemporaryDirectory() as folder:
        url = args.url or f"sqlite:///{folder}/biobank.db"
        settings = Settings(database_url=url, index_dir=Path(folder) / "index")
        started = time.monotonic()
        outcome = run(settings, args.times, random.Random(1))  # noqa: S311
    print(
        f"{outcome.times} kills in {time.monotonic() - started:.0f} s; "
        f"{outcome.acknowledged} changes acknowledged; {len(outcome.violations)} things wrong"
    )
    for violation in outcome.violations[:20]:
        print(" ", violation)
    return 1 if outcome.violations else 0


if __name__ == "__main__":
    sys.exit(main())
