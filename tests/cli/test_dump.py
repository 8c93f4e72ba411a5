"""`biobank dump`: the whole bank as files, for the server and for a directory."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from biobank.cli.dumping import Dumper
from biobank.exchange.dumps import keeping
from biobank.exchange.dumps.files import FORMATS
from biobank.exchange.dumps.gzip_file import texts_of
from biobank.exchange.dumps.manifest import load
from tests.cli.conftest import Run

BASE = "https://bank.example"


def test_files_of_every_format_are_served_after_it(bank: Run) -> None:
    result = bank("dump", "--base", BASE, "--json")
    assert result.exit_code == 0
    told = [json.loads(line) for line in result.output.splitlines()]
    assert told[-1]["files"] == [f"biobank.{ending}.gz" for ending in FORMATS]
    found = keeping.current(Path("dumps"))
    assert found is not None
    assert found[1].people == told[-1]["written"] == 2


def test_a_folder_has_the_formats_that_are_asked_for(bank: Run) -> None:
    result = bank("dump", "-o", "out/new", "--format", "nt", "--format", "jsonl", "--base", BASE)
    assert result.exit_code == 0, result.output
    manifest = load(Path("out/new"))
    assert manifest is not None
    assert {file.name for file in manifest.files} == {"biobank.nt.gz", "biobank.jsonl.gz"}
    assert f"<{BASE}/people/uzeyir-hacibeyov>" in texts_of(Path("out/new/biobank.nt.gz"))
    assert keeping.current(Path("dumps")) is None


def test_the_setting_of_the_address_counts(bank: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIOBANK_BASE_URL", "https://set.example/")
    assert bank("dump", "--base", BASE).exit_code == 0
    found = keeping.current(Path("dumps"))
    assert found is not None
    assert found[1].base == "https://set.example"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "BIOBANK_BASE_URL"),
        (("--base", "bank"), "--base takes an address"),
        (("--base", BASE, "--format", "nt"), "--format goes with -o"),
        (("--base", BASE, "-o", "x", "--format", "docx"), "docx"),
    ],
)
def test_what_it_cannot_do_it_says(bank: Run, args: tuple[str, ...], said: str) -> None:
    result = bank("dump", *args)
    assert result.exit_code == 2
    assert said in result.output
    assert not Path("dumps").exists()


def test_what_is_new_enough_is_not_made_again(bank: Run) -> None:
    assert bank("dump", "--base", BASE, "--if-due", "--json").exit_code == 0
    first = (Path("dumps") / keeping.CURRENT).read_text()
    again = bank("dump", "--base", BASE, "--if-due", "--json")
    assert json.loads(again.output) == {"step": "done", "written": 0}
    assert (Path("dumps") / keeping.CURRENT).read_text() == first


def test_a_serving_bank_makes_them_beside_itself(bank: Run) -> None:
    dumper = Dumper(BASE)
    dumper.look()
    _until(lambda: keeping.current(Path("dumps")) is not None)
    dumper.look()
    dumper.stop()


def test_without_its_address_it_makes_none(bank: Run) -> None:
    dumper = Dumper("")
    dumper.look()
    assert dumper._process is None
    dumper.stop()


def _until(holds: Callable[[], bool]) -> None:
    """Poll until the condition holds, for at most two minutes."""
    for _ in range(1_200):
        if holds():
            return
        time.sleep(0.1)
    pytest.fail("nothing was dumped")
