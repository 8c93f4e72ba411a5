"""Gunicorn hooks of each web worker."""

import gc
from typing import Any

from gunicorn.glogging import Logger

from biobank import settings
from biobank.common import logs


def post_worker_init(_worker: object) -> None:
    """Freeze the objects of the loaded app, so that the garbage collector skips them.

    A full collection would delay about one response in a hundred by the time of three plain ones
    (`python -m benchmarks.hostile`).
    """
    gc.collect()
    gc.freeze()


class PropagatingLogger(Logger):
    """Passes gunicorn's lines to the logs that `biobank.common.logs` configures."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        logs.configure(settings.load())
        self.error_log.handlers.clear()
        self.error_log.propagate = True


logger_class = PropagatingLogger
