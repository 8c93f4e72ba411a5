"""What gunicorn calls in each worker of the web server."""

import gc


def post_worker_init(_worker: object) -> None:
    """Once the app is loaded: what is there now stays for good, so no one looks for garbage in it.

    Such a look holds up one answer in some hundred by as much as three plain ones take
    (`python -m benchmarks.hostile`).
    """
    gc.collect()
    gc.freeze()
