"""Gunicorn hooks of each web worker."""

import gc


def post_worker_init(_worker: object) -> None:
    """Freeze the objects of the loaded app, so that the garbage collector skips them.

    A full collection would delay about one response in a hundred by the time of three plain ones
    (`python -m benchmarks.hostile`).
    """
    gc.collect()
    gc.freeze()
