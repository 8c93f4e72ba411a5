"""Record what eight editors and readers do while workers are killed and paused, and check it.

    python -m campaigns.histories --rounds 3 --seconds 20

Three writers, two publishers, an editor who merges the two records and takes that back, and two
readers work through the real server, on SQLite and on PostgreSQL. Then the history is checked
against the stored revisions (`campaigns.history_checks`).
"""

import argparse
import contextlib
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import func, select

from biobank.accounts import tokens
from biobank.accounts.identity import OPERATOR
from biobank.common.strict_json import loads
from biobank.editorial.models import Merge, Revision
from biobank.editorial.revisions.bulk_save import save_records
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.store import schema
from biobank.store.session import Database
from campaigns.history_checks import History, Operation, Outcome, StoredRevision, find_violations
from tests.support.ports import free_port
from tests.support.postgres import cluster
from tests.support.users import PASSWORD, add_user

KEPT, GONE = "ayla-sinaq", "bahar-sinaq"
WRITERS, PUBLISHERS, READERS = 3, 2, 2
#: Bounds of the seconds between two disturbances, and of a pause.
DISTURBANCE_SECONDS, PAUSE_SECONDS = (0.3, 1.5), (0.2, 1.5)
REQUEST_TIMEOUT_SECONDS = 60
#: Longest pause of a client between two operations; writers leave publishers and the merger a chance.
MAX_IDLE_SECONDS, MAX_WRITER_IDLE_SECONDS = 0.1, 1.5
HEADLINE = re.compile(r"Headline [a-z0-9-]+\.")
#: Statuses by which the bank openly refuses a change.
REFUSALS = frozenset((403, 404, 409, 412, 422, 429, 503))


@dataclass(frozen=True)
class Answer:
    """The response to a request; status 0 if there was none."""

    status: int
    headers: Any = None
    text: str = ""

    @property
    def number(self) -> int:
        match = re.search(r'"(\d+)', self.headers.get("ETag", "") if self.headers else "")
        return int(match[1]) if match else 0

    def outcome(self, *done: int) -> Outcome:
        if self.status in done:
            return "done"
        return "unknown" if self.status == 0 else "refused" if self.status in REFUSALS else "failed"


class Client:
    """One editor or reader: a name, an API token, and a session of the website."""

    def __init__(self, port: int, name: str, token: str = "") -> None:
        self.port, self.name, self.token = port, name, token
        self.cookie = self.csrf = ""

    def send(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=REQUEST_TIMEOUT_SECONDS)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie and not path.startswith("/api"):
            named["Cookie"] = self.cookie
        elif self.token:
            named["Authorization"] = f"Bearer {self.token}"
        try:
            connection.request(method, path, body, named)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read().decode())
        except (OSError, HTTPException):
            return Answer(0)
        finally:
            connection.close()

    def post_form(self, path: str, **fields: object) -> Answer:
        body = urlencode({"csrf_token": self.csrf, **fields})
        return self.send("POST", path, body, Content_Type="application/x-www-form-urlencoded")

    def sign_in(self, email: str) -> None:
        page = self.send("GET", "/en/sign-in")
        self._remember(page)
        self._remember(self.post_form("/en/sign-in", email=email, password=PASSWORD))
        self._remember(self.send("GET", "/en/account"))

    def _remember(self, answer: Answer) -> None:
        cookies = answer.headers.get_all("Set-Cookie", []) if answer.headers else []
        self.cookie = "; ".join(cookie.partition(";")[0] for cookie in cookies) or self.cookie
        if match := re.search(r'name="csrf_token" value="([^"]+)"', answer.text):
            self.csrf = match[1]


class Recorder:
    """The operations of all clients, in the order of their ends."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []
        self.statuses: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(
        self, kind: Any, client: Client, person: str, start: float, answer: Answer, **details: Any
    ) -> None:
        end = time.monotonic() if answer.status else None
        outcome = details.pop("outcome")
        operation = Operation(kind, client.name, person, start, end, outcome, **details)
        with self._lock:
            self.operations.append(operation)
            self.statuses[f"{kind} {outcome}"] += 1


def write(client: Client, recorder: Recorder, rng: random.Random, count: int) -> None:
    """Add an identifier to the latest revision of one of the two."""
    person = rng.choice((KEPT, GONE))
    latest = client.send("GET", f"/api/v1/people/{person}/draft")
    if latest.status != 200:
        return
    mark = f"{person}-{client.name.lower()}-{count}"
    record = loads(latest.text)
    record["identifiers"] = {**record.get("identifiers", {}), mark: "x"}
    record["headline"] = {"en": f"Headline {mark}."}
    start = time.monotonic()
    body = person_schema.dumps(record)
    headers = {"If_Match": latest.headers["ETag"], "Content_Type": "application/json"}
    answer = client.send("PUT", f"/api/v1/people/{person}", body, **headers)
    outcome = answer.outcome(200)
    recorder.add("edit", client, person, start, answer, outcome=outcome, number=answer.number, mark=mark)


def publish(client: Client, recorder: Recorder, rng: random.Random, count: int) -> None:
    """Submit and publish the latest revision of one of the two."""
    person = rng.choice((KEPT, GONE))
    number = client.send("GET", f"/api/v1/people/{person}/draft").number
    path = f"/en/desk/people/{person}"
    client.post_form(path, do="submit", number=number)
    start = time.monotonic()
    answer = client.post_form(path, do="publish", number=number)
    recorder.add("publish", client, person, start, answer, outcome=answer.outcome(303), number=number)


def read(client: Client, recorder: Recorder, rng: random.Random, count: int) -> None:
    """Read one of the two, as a record or as a page."""
    person = rng.choice((KEPT, GONE))
    start = time.monotonic()
    if rng.random() < 0.5:
        answer = client.send("GET", f"/en/people/{person}")
        outcome = answer.outcome(200) if answer.status not in (301, 308, 404, 410) else "gone"
        mark = "".join(HEADLINE.findall(answer.text)[:1])
        recorder.add("page", client, person, start, answer, outcome=outcome, mark=mark)
        return
    answer = client.send("GET", f"/api/v1/people/{person}")
    outcome = answer.outcome(200) if answer.status not in (308, 404, 410) else "gone"
    record = loads(answer.text) if outcome == "done" else None
    recorder.add("read", client, person, start, answer, outcome=outcome, number=answer.number, record=record)


def merge_and_undo(client: Client, recorder: Recorder, rng: random.Random, count: int) -> None:
    """Merge the two, or undo the latest merge, whichever is possible."""
    numbers = [client.send("GET", f"/api/v1/people/{person}/draft").number for person in (KEPT, GONE)]
    start = time.monotonic()
    fields = {"kept": KEPT, "gone": GONE, "base_kept": numbers[0], "base_gone": numbers[1], "do": "merge"}
    answer = client.post_form("/en/desk/merge", **fields)
    recorder.add("merge", client, GONE, start, answer, outcome=answer.outcome(303))
    time.sleep(rng.uniform(0, 2))
    merges = client.send("GET", "/en/desk/merges").text
    numbers = sorted(map(int, re.findall(r"/en/desk/merges/(\d+)", merges)))
    if numbers:
        start = time.monotonic()
        answer = client.post_form(f"/en/desk/merges/{numbers[-1]}")
        recorder.add("undo", client, GONE, start, answer, outcome=answer.outcome(303))


TASKS = {"Writer": write, "Publisher": publish, "Merger": merge_and_undo, "Reader": read}


@contextlib.contextmanager
def serving(environment: dict[str, str], port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the server until it is ready, and end it afterwards."""
    command = [sys.executable, "-m", "biobank.cli", "serve", "--port", str(port), "--workers", "3"]
    with log.open("ab") as output:
        server = subprocess.Popen(command, env=environment, stdout=output, stderr=output)  # noqa: S603
    try:
        client = Client(port, "probe")
        deadline = time.monotonic() + 120
        while client.send("GET", "/health/ready").status != 200:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(log.read_text()[-2000:])
            time.sleep(0.2)
        yield server
    finally:
        server.terminate()
        server.wait(60)


def worker_pids(server: int) -> list[int]:
    """Return the ids of the running workers of a server."""
    pids = []
    for task in Path(f"/proc/{server}/task/{server}/children").read_text().split():
        with contextlib.suppress(OSError):
            if b"biobank.app.worker" in Path(f"/proc/{task}/cmdline").read_bytes():
                pids.append(int(task))
    return pids


def disturb(server: int, rng: random.Random, stopped: threading.Event, counts: Counter[str]) -> None:
    """Kill and pause workers, one at a time, until `stopped`."""
    while not stopped.wait(rng.uniform(*DISTURBANCE_SECONDS)):
        pids = worker_pids(server)
        if not pids:
            continue
        pid = rng.choice(pids)
        with contextlib.suppress(ProcessLookupError):
            if rng.random() < 0.5:
                os.kill(pid, signal.SIGKILL)
                counts["kills"] += 1
            else:
                os.kill(pid, signal.SIGSTOP)
                counts["pauses"] += 1
                time.sleep(rng.uniform(*PAUSE_SECONDS))
                os.kill(pid, signal.SIGCONT)


def fill(database: Database) -> dict[str, str]:
    """Create the tables, the editors and the two people; return the API token of each editor."""
    schema.upgrade(database)
    names = [f"Writer{n}" for n in range(WRITERS)] + [f"Publisher{n}" for n in range(PUBLISHERS)] + ["Merger"]
    keys = {}
    for name in names:
        user = add_user(database, name, "editor")
        assert user.user_id is not None
        keys[name] = tokens.create_token_for(database, OPERATOR, user.user_id, "t", ["write", "publish"])
    with database.write() as session:
        for person in (KEPT, GONE):
            names_ = [{"text": person.title(), "lang": "en", "kind": "preferred"}]
            record = load_validated(person_schema, {"id": person, "names": names_})
            save_records(session, [record], OPERATOR, "", publish=True)
    return keys


def run_round(url: str, folder: Path, seconds: float, seed: int) -> tuple[list[str], Counter[str]]:
    """Record and check one history over an empty database; return violations and counts."""
    database, port = Database(url), free_port()
    keys = fill(database)
    folders = {f"BIOBANK_{name}_DIR": str(folder / name) for name in ("INDEX", "MEDIA", "IMPORTS", "DUMPS")}
    secret = {"BIOBANK_SECRET_KEY": "a key for campaigns, long enough to be one"}
    environment = {**os.environ, "BIOBANK_DATABASE_URL": url, **folders, **secret}
    recorder, stopped, counts = Recorder(), threading.Event(), Counter[str]()
    with serving(environment, port, folder / "log") as server:
        clients = [Client(port, name, key) for name, key in keys.items()]
        for client in clients:
            client.sign_in(f"{client.name.lower()}@example.az")
        clients += [Client(port, f"Reader{n}") for n in range(READERS)]

        def work(client: Client, number: int) -> None:
            rng = random.Random(seed * 100 + number)  # noqa: S311 - not for secrets
            task, count = TASKS[client.name.rstrip("0123456789")], 0
            idle_seconds = MAX_WRITER_IDLE_SECONDS if task is write else MAX_IDLE_SECONDS
            while not stopped.is_set():
                task(client, recorder, rng, count := count + 1)
                time.sleep(rng.uniform(0, idle_seconds))

        threads = [threading.Thread(target=work, args=(c, n)) for n, c in enumerate(clients)]
        chaos = threading.Thread(
            target=disturb,
            args=(server.pid, random.Random(seed), stopped, counts),  # noqa: S311
        )
        for thread in (*threads, chaos):
            thread.start()
        time.sleep(seconds)
        stopped.set()
        for thread in (*threads, chaos):
            thread.join()
    violations = find_violations(read_history(database, recorder.operations))
    database.dispose()
    return violations, recorder.statuses + counts


def read_history(database: Database, operations: list[Operation]) -> History:
    """Return the recorded operations with what is stored."""
    with database.read() as session:
        revisions = {
            (row.person_id, row.number): StoredRevision(
                row.person_id,
                row.number,
                row.author,
                row.record,
                row.published_at is not None,
                row.message if "→" in row.message else "",
            )
            for row in session.scalars(select(Revision))
        }
        merges = session.scalar(select(func.count()).select_from(Merge)) or 0
        undos = session.scalar(select(func.count()).where(Merge.undone_at.is_not(None))) or 0
    return History(operations, revisions, merges, undos)


@contextlib.contextmanager
def empty_database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/biobank.db"
    else:
        with cluster() as url:
            yield url


def run(rounds: int = 3, seconds: float = 20) -> int:
    """Run the campaign on both databases, print its figures, and return 1 if anything is wrong."""
    wrong = 0
    for kind in ("sqlite", "postgresql"):
        totals: Counter[str] = Counter()
        for number in range(rounds):
            with tempfile.TemporaryDirectory() as name, empty_database(kind, Path(name)) as url:
                violations, counts = run_round(url, Path(name), seconds, number)
            totals += counts
            wrong += len(violations)
            for violation in violations[:20]:
                print(f"  {violation[:400]}", flush=True)
        figures = ", ".join(f"{name} {count}" for name, count in sorted(totals.items()))
        print(f"{kind}: {rounds} rounds of {seconds:.0f} s: {figures}", flush=True)
    print(f"{wrong} things wrong")
    return 1 if wrong else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20)
    args = parser.parse_args()
    return run(args.rounds, args.seconds)


if __name__ == "__main__":
    sys.exit(main())
