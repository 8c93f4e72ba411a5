"""Gunicorn hooks of the web workers."""

import subprocess
import sys

import pytest

from biobank.cli import workers
from biobank.cli.serve import _server


def test_the_server_is_told_of_the_hooks_and_takes_them() -> None:
    config = pytest.importorskip("gunicorn.config")
    command = _server("127.0.0.1", 8000, 2, 4)
    assert f"--config=python:{workers.__name__}" in command
    settings = config.Config()
    settings.set("post_worker_init", workers.post_worker_init)
    assert settings.post_worker_init is workers.post_worker_init


def test_what_a_worker_loaded_is_never_looked_through_for_garbage_again() -> None:
    script = (
        "import gc; from biobank.cli.workers import post_worker_init;"
        "before = len(gc.get_objects()); post_worker_init(None);"
        "assert gc.get_freeze_count() > before * 0.9, gc.get_freeze_count();"
        "assert len(gc.get_objects()) < before * 0.1"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
