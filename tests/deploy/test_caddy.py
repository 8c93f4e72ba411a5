"""The shipped configuration of Caddy, read by Caddy where it is installed; it is not run."""

import shutil
import subprocess
from pathlib import Path

import pytest

CADDYFILE = Path(__file__).parents[2] / "deploy/caddy/Caddyfile"


@pytest.mark.skipif(shutil.which("caddy") is None, reason="no caddy: apt-get install caddy")
def test_caddy_accepts_the_configuration(tmp_path: Path) -> None:
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(CADDYFILE)]
    environment = {"PATH": "/usr/bin:/usr/local/bin", "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    answer = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert answer.returncode == 0, answer.stderr
