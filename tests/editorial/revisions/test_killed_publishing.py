"""Processes killed under load leave database and index consistent, without losing writes.

Kills once, or twice in the thorough profile; `python -m benchmarks.killed` does so a hundred times.
"""

import random
from pathlib import Path

from benchmarks import killed
from biobank.settings import Settings
from biobank.store.session import Database
from tests.support.profiles import every


def test_killed_processes_lose_no_acknowledged_write(empty_database: Database, tmp_path: Path) -> None:
    url = empty_database.url.render_as_string(hide_password=False)
    settings = Settings(database_url=url, index_dir=tmp_path / "index")
    outcome = killed.run(settings, 2 // every(2), random.Random())
    assert outcome.violations == []
    assert outcome.acknowledged > 0
