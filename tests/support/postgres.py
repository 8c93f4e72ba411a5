"""A temporary PostgreSQL cluster, run by a non-root user."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.memory_folder import memory_folder
from tests.support.ports import free_port

#: Debian's folder of the server's programs, which are not on the PATH.
DEBIAN_BIN_ROOT = Path("/usr/lib/postgresql")


class PostgresMissing(Exception):
    """PostgreSQL is not installed; the message says how to install it."""


def _programs() -> Path:
    candidates = sorted(DEBIAN_BIN_ROOT.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if candidates:
        return candidates[-1].parent
    on_path = shutil.which("initdb")
    if on_path and Path(on_path).resolve().name == "initdb":
        return Path(on_path).resolve().parent
    raise PostgresMissing("no PostgreSQL server: apt-get install postgresql")


@contextmanager
def cluster() -> Iterator[str]:
    """Yield the URL of a database on its own cluster."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="biobank-pg-", dir=memory_folder()))
    owner = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    if owner:
        os.chown(folder, owner.pw_uid, owner.pw_gid)

    def run(*command: str) -> None:
        # initdb and postgres refuse to run as root.
        user = owner.pw_name if owner else None
        try:
            subprocess.run(command, check=True, capture_output=True, text=True, user=user, cwd=folder)
        except subprocess.CalledProcessError as error:
            raise PostgresMissing(f"{command[0]} failed: {error.stderr}") from error

    data = str(folder / "data")
    initdb: Sequence[str] = (str(programs / "initdb"), "-D", data, "-U", "biobank", "-A", "trust")
    run(*initdb, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    # Chosen only now: creating the cluster takes seconds, in which ports may be taken.
    port = free_port()
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    options += " -c max_wal_size=256MB -c dynamic_shared_memory_type=mmap"
    log = str(folder / "log")
    control = str(programs / "pg_ctl")
    run(control, "-D", data, "-l", log, "-o", options, "-w", "start")
    try:
        yield f"postgresql+psycopg://biobank@127.0.0.1:{port}/postgres"
    finally:
        run(control, "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)
