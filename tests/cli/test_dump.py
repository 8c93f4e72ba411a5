"""`biobank dump`: the whole bank as files, for the server and for a directory."""

import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from biobank.cli.dump_scheduler import DumpScheduler
from biobank.exchange.dumps import publisher
from biobank.exchange.dumps.files import DUMP_FORMATS, load_manifest
from tests.cli.conftest import Run

BASE = "https://bank.example"


def test_a_dump_of_every_format_is_served(bank: Run) -> None:
    result = bank("dump", "--base", BASE, "--json")
    assert result.exit_code == 0
    steps = [json.loads(line) for line in result.output.splitlines()]
    assert steps[-1]["files"] == [f"biobank.{ending}.gz" for ending in DUMP_FORMATS]
    current_dumps = publisher.current_dump(Path("dumps"))
    assert current_dumps is not None
    assert current_dumps[1].people == steps[-1]["written"] == 2


def test_a_directory_has_the_requested_formats(bank: Run) -> None:
    result = bank("dump", "-o", "out/new", "--format", "nt", "--format", "jsonl", "--base", BASE)
    assert result.exit_code == 0, result.output
    manifest = load_manifest(Path("out/new"))
    assert manifest is not None
    assert {file.name for file in manifest.files} == {"biobank.nt.gz", "biobank.jsonl.gz"}
    assert (
        f"<{BASE}/people/uzeyir-hacibeyov>"
        in gzip.decompress(Path("out/new/biobank.nt.gz").read_bytes()).decode()
    )
    assert publisher.current_dump(Path("dumps")) is None


def test_the_base_url_setting_takes_precedence(bank: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIOBANK_BASE_URL", "https://set.example/")
    assert bank("dump", "--base", BASE).exit_code == 0
    current_dumps = publisher.current_dump(Path("dumps"))
    assert current_dumps is not None
    assert current_dumps[1].base_url == "https://set.example"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((), "BIOBANK_BASE_URL"),
        (("--base", "bank"), "--base must be a URL"),
        (("--base", BASE, "--format", "nt"), "--format requires -o"),
        (("--base", BASE, "-o", "x", "--format", "docx"), "docx"),
    ],
)
def test_invalid_arguments_are_usage_errors(bank: Run, args: tuple[str, ...], message: str) -> None:
    result = bank("dump", *args)
    assert result.exit_code == 2
    assert message in result.output
    assert not Path("dumps").exists()


def test_a_recent_dump_is_not_repeated(bank: Run) -> None:
    assert bank("dump", "--base", BASE, "--if-due", "--json").exit_code == 0
    first = (Path("dumps") / publisher.CURRENT_DUMP_FILE).read_text()
    repeated = bank("dump", "--base", BASE, "--if-due", "--json")
    assert json.loads(repeated.output) == {"step": "done", "written": 0}
    assert (Path("dumps") / publisher.CURRENT_DUMP_FILE).read_text() == first


def test_the_scheduler_dumps_in_a_separate_process(bank: Run) -> None:
    scheduler = DumpScheduler(BASE)
    scheduler.run_pending()
    _wait_until(lambda: publisher.current_dump(Path("dumps")) is not None)
    scheduler.run_pending()
    scheduler.stop()


def test_without_a_base_url_nothing_is_dumped(bank: Run) -> None:
    scheduler = DumpScheduler("")
    scheduler.run_pending()
    assert scheduler._process is None
    scheduler.stop()


def _wait_until(condition: Callable[[], bool]) -> None:
    """Poll until the condition holds, for at most two minutes."""
    for _ in range(1_200):
        if condition():
            return
        time.sleep(0.1)
    pytest.fail("nothing was dumped")
