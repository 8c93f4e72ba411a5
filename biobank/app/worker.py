"""A web worker of `biobank serve`: waitress over the socket of the supervisor.

It ends when its standard input, a pipe of the supervisor, is closed: also after kill -9.
"""

import gc
import logging
import os
import signal
import socket
import sys
from typing import NoReturn

from biobank.app.factory import MAX_BODY_BYTES, create_app
from biobank.common.concurrency import MAX_WRITERS
from biobank.common.processes import end_with_stdin
from biobank.http.download_limits import MAX_DOWNLOADS_TOTAL
from biobank.http.server import make_server
from biobank.settings import load

#: Seconds that requests in progress get when the worker is to end.
GRACE_SECONDS = 5


def run(listener: socket.socket, threads: int) -> None:
    """Serve until SIGTERM, SIGINT or the end of the supervisor."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the supervisor, which ends this process.
    end_with_stdin(lambda: os.kill(os.getpid(), signal.SIGTERM), GRACE_SECONDS)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = make_server(
        create_app(max_concurrency=threads),
        listener,
        # Downloads share the processor with pages, and writers wait for the database, in threads of
        # their own.
        threads + MAX_DOWNLOADS_TOTAL + MAX_WRITERS,
        MAX_BODY_BYTES,
        behind_proxy=load().trusted_proxies > 0,
    )
    freeze_objects()
    server.run()


def freeze_objects() -> None:
    """Freeze the objects of the loaded app, so that the garbage collector skips them.

    A full collection would delay about one response in a hundred by the time of three plain ones
    (`python -m benchmarks.hostile`).
    """
    gc.collect()
    gc.freeze()


def _stop(_number: int, _frame: object) -> NoReturn:
    raise SystemExit(0)


def main() -> None:
    """Run with the arguments `DESCRIPTOR THREADS`, or `HOST PORT THREADS` on Windows."""
    *where, threads = sys.argv[1:]
    if len(where) == 1:
        listener = socket.socket(fileno=int(where[0]))
    else:
        listener = socket.create_server((where[0], int(where[1])))
    run(listener, int(threads))


if __name__ == "__main__":
    main()
