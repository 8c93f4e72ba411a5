"""A real worker of the web server over a bank, in a process of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from biobank.settings import ENV_VARIABLES, Settings


@contextmanager
def web_worker(settings: Settings, folder: Path, log: Path, **variables: str) -> Iterator[int]:
    """Yield the port of a worker that runs in `folder` and writes its lines to the file `log`."""
    with socket.create_server(("127.0.0.1", 0)) as listener, log.open("wb") as log_file:
        port: int = listener.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-m", "biobank.app.worker", str(listener.fileno()), "2"],
            env={**os.environ, **environment(settings), **variables},
            cwd=folder,
            stdin=subprocess.PIPE,
            stderr=log_file,
            pass_fds=[listener.fileno()],
        )
    with process:
        try:
            yield port
        finally:
            process.terminate()


def environment(settings: Settings) -> Mapping[str, str]:
    """Return the variables of `settings`."""
    values = {name: getattr(settings, field) for name, field in ENV_VARIABLES.items()}
    return {name: str(int(value) if isinstance(value, bool) else value) for name, value in values.items()}
