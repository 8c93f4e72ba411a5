"""The running API as a retrieval system: a separate bank, served and queried over HTTP."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from benchmarks.retrieval_systems import NamedPeople, RankedAnswer, RetrievalSystem, SystemUnavailable
from biobank.http.extensions import READ_RATE_LIMIT

BIOBANK = (sys.executable, "-m", "biobank.cli")
#: A tenth below the rate limit of one client, so that no query is refused.
PAUSE_SECONDS = 1.1 / int(READ_RATE_LIMIT.split()[0])
STARTUP_TIMEOUT_SECONDS = 300.0
#: Warm-up time in seconds: each worker builds its name matcher during the first queries.
WARM_UP_SECONDS = 10.0


class ApiSystem:
    """A client of `GET /api/v1/search`, with a connection per query."""

    pause = PAUSE_SECONDS

    def __init__(self, address: str, ids: Mapping[str, str]) -> None:
        self._address = address
        self._ids = ids

    def find(self, text: str, limit: int) -> RankedAnswer:
        query_string = urlencode({"q": text, "size": limit, "lang": "en"})
        with urlopen(f"{self._address}/api/v1/search?{query_string}") as answer:  # noqa: S310 - our own
            body = json.load(answer)
        hits = body["hits"]
        matched = hits[0]["matched"] if hits else []
        qualities = {match["quality"] for match in matched}
        confident = body["match"] == "found" and bool(qualities & {"equal", "reading"})
        note = " ".join([body["match"], *sorted(qualities)])
        return RankedAnswer([self._ids[hit["id"]] for hit in hits], confident, note)


@contextmanager
def api(people: NamedPeople) -> Iterator[RetrievalSystem]:
    """Serve people who have the preferred Azerbaijani name and nothing else."""
    with tempfile.TemporaryDirectory(prefix="biobank-bench-") as temp_folder:
        folder = Path(temp_folder)
        ids = _write_records(people, folder / "people.jsonl")
        environment = _environment(folder)
        _run("db", "upgrade", environment=environment)
        _run("import", f"{folder}/people.jsonl", "--publish", "--json", environment=environment)
        port = _free_port()
        command = [*BIOBANK, "serve", "--port", str(port)]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)  # noqa: S603
            try:
                _wait_until_ready(f"http://127.0.0.1:{port}", server, folder / "log")
                finder = ApiSystem(f"http://127.0.0.1:{port}", ids)
                _warm_up(finder, people[0][1])
                yield finder
            finally:
                server.terminate()
                server.wait(30)


def _write_records(people: NamedPeople, file: Path) -> dict[str, str]:
    """Write the records to `file` and return the original id of each generated record id."""
    ids = {f"person-{number}": id_ for number, (id_, _) in enumerate(people)}
    with file.open("w", encoding="utf-8") as out:
        for record_id, (_, name) in zip(ids, people, strict=True):
            names = [{"text": name, "lang": "az", "kind": "preferred"}]
            out.write(json.dumps({"id": record_id, "names": names}, ensure_ascii=False) + "\n")
    return ids


def _environment(folder: Path) -> dict[str, str]:
    variables = {
        "BIOBANK_DATABASE_URL": f"sqlite:///{folder}/biobank.db",
        "BIOBANK_INDEX_DIR": str(folder / "index"),
        "BIOBANK_SECRET_KEY": "a key for measuring",
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    return {**os.environ, **variables}


def _run(*command: str, environment: Mapping[str, str]) -> None:
    result = subprocess.run(  # noqa: S603 - our own command line
        [*BIOBANK, *command], env=environment, capture_output=True, text=True
    )
    if result.returncode:
        raise SystemUnavailable(f"biobank {command[0]}: {result.stderr or result.stdout}")


def _wait_until_ready(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server is ready; the index is built before it listens."""
    deadline = time.monotonic() + STARTUP_TIMEOUT_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(f"{address}/health/ready", timeout=5):  # noqa: S310 - our own address
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise SystemUnavailable(f"the server did not start: {log.read_text('utf-8', 'replace')[-2000:]}")


def _warm_up(finder: ApiSystem, name: str) -> None:
    deadline = time.monotonic() + WARM_UP_SECONDS
    while time.monotonic() < deadline:
        finder.find(name, 1)
        time.sleep(finder.pause)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
