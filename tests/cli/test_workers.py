"""Gunicorn hooks of the web workers."""

import subprocess
import sys

import pytest

from biobank.cli import workers
from biobank.cli.serve import _server_command


def test_gunicorn_uses_the_hooks() -> None:
    config = pytest.importorskip("gunicorn.config")
    command = _server_command("127.0.0.1", 8000, 2, 4)
    assert f"--config=python:{workers.__name__}" in command
    settings = config.Config()
    settings.set("post_worker_init", workers.post_worker_init)
    assert settings.post_worker_init is workers.post_worker_init


def test_loaded_objects_are_frozen_for_the_garbage_collector() -> None:
    script = (
        "import gc; from biobank.cli.workers import post_worker_init;"
        "before = len(gc.get_objects()); post_worker_init(None);"
        "assert gc.get_freeze_count() > before * 0.9, gc.get_freeze_count();"
        "assert len(gc.get_objects()) < before * 0.1"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
