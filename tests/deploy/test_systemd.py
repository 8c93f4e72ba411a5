"""The shipped units of systemd are valid, hardened alike, and run commands that exist."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from biobank.cli import main
from tests.conftest import skip_or_fail

UNITS_DIR = Path(__file__).parents[2] / "deploy/systemd"
SERVICES = sorted(UNITS_DIR.glob("*.service"))
UNITS = [*SERVICES, *sorted(UNITS_DIR.glob("*.timer"))]
PROGRAM = "/opt/biobank/venv/bin/biobank"
#: Lines that differ between the units: where each may write.
STATE = re.compile(r"StateDirectory=.*")
#: The exposure of `systemd-analyze security` in tenths: 10 is safe, 100 is not confined at all.
MAX_EXPOSURE_TENTHS = 20


def hardening(unit: Path) -> str:
    """Return the lines that confine a service."""
    part = unit.read_text("utf-8").partition("# The same in every unit")[2].partition("\n[")[0]
    return STATE.sub("", part).strip()


@pytest.fixture
def installed_units(tmp_path: Path) -> list[str]:
    """Return the paths of the units with a program that exists."""
    if shutil.which("systemd-analyze") is None:
        skip_or_fail("no systemd-analyze: apt-get install systemd")
    for unit in UNITS:
        text = unit.read_text("utf-8").replace(PROGRAM, "/bin/true")
        (tmp_path / unit.name).write_text(text, "utf-8")
    return [str(tmp_path / unit.name) for unit in UNITS]


def test_systemd_accepts_the_units(installed_units: list[str]) -> None:
    command = ["systemd-analyze", "verify", "--man=no", *installed_units]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stderr) == (0, "")


def test_the_services_are_confined(installed_units: list[str]) -> None:
    for unit in installed_units:
        if unit.endswith(".service"):
            threshold = f"--threshold={MAX_EXPOSURE_TENTHS}"
            command = ["systemd-analyze", "security", "--no-pager", "--offline=yes", threshold, unit]
            answer = subprocess.run(command, capture_output=True, text=True, check=False)
            assert answer.returncode == 0, answer.stdout


def test_all_services_are_hardened_alike() -> None:
    assert len({hardening(unit) for unit in SERVICES}) == 1
    assert {"ProtectSystem=strict", "NoNewPrivileges=yes", "PrivateTmp=yes", "User=biobank"} <= set(
        hardening(SERVICES[0]).splitlines()
    )


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_commands_and_their_options_exist(unit: Path) -> None:
    [line] = re.findall(rf"^ExecStart=.*?{PROGRAM} (.*?)'?$", unit.read_text("utf-8"), re.MULTILINE)
    words = shlex.split(line)
    command: click.Command = main
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_every_timer_starts_a_service() -> None:
    timers = [unit for unit in UNITS if unit.suffix == ".timer"]
    assert len(timers) == 2
    assert all(timer.with_suffix(".service") in SERVICES for timer in timers)
