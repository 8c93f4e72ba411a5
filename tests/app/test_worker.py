"""Web workers of `biobank serve`."""

import subprocess
import sys


def test_loaded_objects_are_frozen_for_the_garbage_collector() -> None:
    script = (
        "import gc; from biobank.app.worker import freeze_objects;"
        "before = len(gc.get_objects()); freeze_objects();"
        "assert gc.get_freeze_count() > before * 0.9, gc.get_freeze_count();"
        "assert len(gc.get_objects()) < before * 0.1"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
