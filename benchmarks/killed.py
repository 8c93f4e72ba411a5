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
from biobank.editorial import saving, workflow
from biobank.editorial.models import Revision
from biobank.editorial.publishing import save_many
from biobank.errors import EditConflict
from biobank.exchange import seeding
from biobank.exchange.importing.importer import silent
from biobank.records.people import queries
from biobank.records.people.models import Person
from biobank.settings import Settings
from biobank.store import schema
from tests.support import seed

PUBLISHERS = 2
PEOPLE = 12
#: Maximum load time before a kill, in seconds, counted once both publishers work.
LOAD_MOST = 0.8
WRITER = Identity("contributor", "session", "writer", 1)
REVIEWER = Identity("editor", "session", "reviewer", 2)


@dataclass
class Outcome:
    """The result of `times` kills: acknowledged changes and all violations."""

    times: int = 0
    acknowledged: int = 0
    wrong: list[str] = field(default_factory=list)


def run(settings: Settings, times: int, chance: random.Random) -> Outcome:
    """Kill and verify `times` times over one bank that is empty at first."""
    outcome = Outcome()
    _fill(settings)
    for _ in range(times):
        acknowledged = _round(settings, chance.uniform(0, LOAD_MOST))
        outcome.times += 1
        outcome.acknowledged += len(acknowledged)
        services = make_services(settings)
        services.indexer.ensure(silent)
        outcome.wrong += _wrong(services, acknowledged)
        services.close()
    return outcome


def publish_for_ever(settings: Settings, chance: random.Random) -> None:
    """Edit, submit and publish people; print each change once it is acknowledged."""
    services = make_services(settings)
    ids = sorted(seed.people())[:PEOPLE]
    while True:
        person_id = chance.choice(ids)
        # The other publisher may edit the same person: that is refused, and another one is tried.
        with contextlib.suppress(EditConflict):
            number = _publish(services, person_id, f"{chance.random()}")
            print(f"{person_id} {number}", flush=True)


def _publish(services: Services, person_id: str, mark: str) -> int:
    with services.database.read() as session:
        newest = saving.head(session, person_id)
    assert newest
    changed = {**newest.record, "headline": {"en": f"Headline {mark}"}}
    number = saving.save_draft(services.database, WRITER, changed, newest.number).number
    workflow.submit(services.database, WRITER, person_id, number)
    workflow.publish(services.database, REVIEWER, person_id, number)
    return number


def _fill(settings: Settings) -> None:
    services = make_services(settings)
    schema.upgrade(services.database)
    with services.database.write() as session:
        for kind in seeding.KINDS:
            seeding.load_kind(session, kind, settings.seed_dir)
    with services.database.write() as session:
        people = [seed.alone(person_id) for person_id in sorted(seed.people())[:PEOPLE]]
        save_many(session, people, OPERATOR, "", publish=True)
    services.indexer.rebuild(silent)
    services.close()


def _round(settings: Settings, seconds: float) -> list[tuple[str, int]]:
    """Run publishers and an indexer, kill them, and return the changes acknowledged before."""
    environment = {
        **os.environ,
        "BIOBANK_DATABASE_URL": settings.database_url,
        "BIOBANK_INDEX_DIR": str(settings.index_dir),
    }
    itself = [sys.executable, "-m", "benchmarks.killed", "--publish"]
    commands = [itself] * PUBLISHERS + [[sys.executable, "-m", "biobank.cli", "index", "follow"]]
    processes = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)  # noqa: S603
        for command in commands
    ]
    # Before the first acknowledgement nothing can be lost: a busy machine may take longer over the
    # first change than a whole round lasts.
    first = [_line(process) for process in processes[:PUBLISHERS]]
    time.sleep(seconds)
    for process in processes:
        process.send_signal(signal.SIGKILL)
    told = [*first, *(process.communicate()[0] for process in processes)]
    # An incomplete last line was not acknowledged, as no reader could have parsed it.
    lines = [line.split() for text in told for line in text.splitlines(True) if line.endswith("\n")]
    return [(person_id, int(number)) for person_id, number in lines]


def _line(publisher: subprocess.Popen[str]) -> str:
    """Return the next acknowledged change of a publisher."""
    assert publisher.stdout
    return publisher.stdout.readline()


def _wrong(services: Services, acknowledged: list[tuple[str, int]]) -> list[str]:
    wrong: list[str] = []
    with services.database.read() as session:
        rows = session.execute(select(Revision.person_id, Revision.number, Revision.state))
        states = {(row.person_id, row.number): row.state for row in rows}
        wrong += [f"lost: {it}" for it in acknowledged if states.get(it) != "published"]
        for person in session.scalars(select(Person)):
            wrong += _wrong_rows(session, person)
    found = services.indexer.verify()
    if not found.agrees:
        wrong.append(f"index: {found}")
    return wrong


def _wrong_rows(session: Any, person: Person) -> list[str]:
    """Return the differences between published rows and the public revision."""
    query = select(Revision).where(
        Revision.person_id == person.id, Revision.number == person.published
    )
    revision = session.scalar(query)
    if revision is None or revision.state != "published":
        return [f"no public revision: {person.id}"]
    record = queries.record(session, person.id)
    return [] if record == revision.record else [f"rows differ: {person.id}"]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--url", default="")
    parser.add_argument("--publish", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.publish:
        settings = Settings(
            database_url=os.environ["BIOBANK_DATABASE_URL"],
            index_dir=Path(os.environ["BIOBANK_INDEX_DIR"]),
        )
        publish_for_ever(settings, random.Random())  # noqa: S311 - not for secrets
        return 0
    with tempfile.TemporaryDirectory() as folder:
        url = given.url or f"sqlite:///{folder}/biobank.db"
        settings = Settings(database_url=url, index_dir=Path(folder) / "index")
        started = time.monotonic()
        outcome = run(settings, given.times, random.Random(1))  # noqa: S311
    print(
        f"{outcome.times} kills in {time.monotonic() - started:.0f} s; "
        f"{outcome.acknowledged} changes acknowledged; {len(outcome.wrong)} things wrong"
    )
    for wrong in outcome.wrong[:20]:
        print(" ", wrong)
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
