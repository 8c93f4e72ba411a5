"""The campaign of faults: a few of its runs, and its checks refuse every kind of wrong bank."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from biobank.accounts.identity import OPERATOR
from biobank.common.files import TEMPORARY_PREFIX
from biobank.editorial.revisions.bulk_save import save_records
from biobank.records.people.queries import load_record
from campaigns.fault_bank import BACKUP_NAME, DRAFT_MARK, OPERATIONS, Bank, prepare_bank
from campaigns.fault_checks import find_shown_violations, find_violations
from campaigns.fault_injection import Run, find_compiler

ROOT = Path(__file__).parents[2]
FIGURES = re.compile(r"(\w+): \d+ steps, 3 runs \(.*\); 0 not reached, \d successful; 0 things wrong")


@pytest.mark.skipif(sys.platform != "linux" or find_compiler() is None, reason="needs Linux and a C compiler")
def test_three_faults_in_each_operation_do_no_harm() -> None:
    command = [sys.executable, "-m", "campaigns.faults", "--sample"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert FIGURES.findall(run.stdout) == list(OPERATIONS), run.stdout + run.stderr
    assert run.returncode == 0


# The checks


@pytest.fixture(scope="module")
def prepared_bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "environ", dict(os.environ))
        bank = prepare_bank(tmp_path_factory.mktemp("faults"))
        yield bank
        bank.services.close()


@pytest.fixture
def bank(prepared_bank: Bank) -> Bank:
    prepared_bank.reset()
    return prepared_bank


def violations(bank: Bank, *acknowledged: str) -> str:
    return "\n".join(find_violations(bank, Run(0, reports=[{"acknowledged": name} for name in acknowledged])))


def leave_half_file(bank: Bank) -> None:
    (bank.data / "media" / ".half").write_bytes(b"half")


def leave_half_backup(bank: Bank) -> None:
    content = (bank.folder / "old.biobank").read_bytes()
    (bank.data / "backups" / BACKUP_NAME).write_bytes(content[:-100])


def lose_picture(bank: Bank) -> None:
    shutil.rmtree(bank.data / "media")


def damage_picture(bank: Bank) -> None:
    path = next((bank.data / "media").glob("*/*.webp"))
    path.write_bytes(path.read_bytes()[:100])


def lose_from_index(bank: Bank) -> None:
    bank.services.engine.apply([], [bank.ids[0]])


def publish_draft(bank: Bank) -> None:
    with bank.services.database.read() as session:
        record = load_record(session, bank.ids[-1])
    draft = {**(record or {}), "headline": {"en": f"Never {DRAFT_MARK} public."}}
    with bank.services.database.write() as session:
        save_records(session, [draft], OPERATOR, "", publish=True)


@pytest.mark.parametrize(
    ("harm", "expected"),
    [
        (leave_half_file, "half: media/.half"),
        (leave_half_backup, "half: the backup"),
        (lose_picture, "lost: files of the picture"),
        (damage_picture, "half: a picture"),
        (lose_from_index, "index: .*missing"),
        (publish_draft, "leak: the draft"),
    ],
)
def test_harm_is_noticed(bank: Bank, harm: Callable[[Bank], None], expected: str) -> None:
    harm(bank)
    assert re.search(expected, violations(bank))


def test_what_was_acknowledged_must_be_there(bank: Bank) -> None:
    missing = violations(bank, "draft", "published", "edited again", "picture", "import", "backup", "restore")
    assert [line[:24] for line in missing.splitlines()] == [
        "lost: draft was acknowle",
        "lost: published was ackn",
        "lost: an uploaded pictur",
        "lost: an edit by the ser",
        "half: 0 records of an im",
        "half: a restoration: 1 r",
        "lost: an acknowledged ba",
    ]


def test_a_bank_with_leftovers_of_a_killed_process_is_right(bank: Bank) -> None:
    for folder in ("backups", "media", "index"):
        (bank.data / folder / f"{TEMPORARY_PREFIX}left").write_bytes(b"half")
    assert violations(bank) == ""


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (Run(0), "neither success nor an error"),
        (Run(1, reports=[{"crash": "Traceback …\nValueError: x"}]), "crash: ValueError"),
        (Run(-14, reports=[{"acknowledged": "draft"}]), "signal 14"),
        (
            Run(0, reports=[{"shown": "Traceback (most recent call last):\nOSError: x", "exit": 1}]),
            "traceback",
        ),
        (Run(0, reports=[{"shown": "Internal Server Error", "answer": 500}]), "status 500"),
        (Run(0, reports=[{"resumed": "an edit is refused"}]), "resumed: an edit"),
        (Run(-9, reports=[{"acknowledged": "draft"}]), "^$"),
        (Run(0, reports=[{"shown": "Error: the database does not respond", "exit": 1}]), "^$"),
    ],
)
def test_errors_must_be_shown_in_plain_words(run: Run, expected: str) -> None:
    assert re.search(expected, "\n".join(find_shown_violations(run)))
