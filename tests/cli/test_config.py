"""`biobank config` shows values and their sources, and no secret."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from biobank.cli import main
from biobank.settings import ENV_VARIABLES, _without_password


@pytest.fixture(autouse=True)
def _empty_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for variable in ENV_VARIABLES:
        # Set first, so that what a .env file adds is removed afterwards.
        monkeypatch.setenv(variable, "")
        monkeypatch.delenv(variable)
        monkeypatch.delenv(f"{variable}_FILE", raising=False)


def test_each_setting_names_its_source_and_hides_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIOBANK_DATABASE_URL", "postgresql://u:hush@h/n?sslpassword=hush")
    Path("key").write_text("hush-hush\n")
    monkeypatch.setenv("BIOBANK_SECRET_KEY_FILE", "key")
    Path(".env").write_text("BIOBANK_METRICS_TOKEN=hush-hush-hush-hush\nBIOBANK_LOG_LEVEL=error\n")
    result = CliRunner().invoke(main, ["config", "--json"])
    shown = {line["name"]: line for line in map(json.loads, result.stdout.splitlines())}
    assert "hush" not in result.output
    assert set(shown) == set(ENV_VARIABLES)
    assert shown["BIOBANK_DATABASE_URL"]["from"] == "environment"
    assert shown["BIOBANK_DATABASE_URL"]["value"] == "postgresql://u:(hidden)@h/n?(hidden)"
    assert shown["BIOBANK_SECRET_KEY"]["from"] == "file key, environment"
    assert (shown["BIOBANK_LOG_LEVEL"]["value"], shown["BIOBANK_LOG_LEVEL"]["from"]) == ("error", ".env")
    assert shown["BIOBANK_SMTP_URL"]["from"] == "default"


@pytest.mark.parametrize(
    "url",
    [
        "smtp://u:hush@h:587?from=a@b.az",
        "postgresql://u:a/hush@h/n",
        "postgresql://u:a#hush@h/n",
        "postgresql://u:1?hush@h/n",
        "postgresql://u:hush@hush@h/n",
    ],
)
def test_no_part_of_a_password_is_shown(url: str) -> None:
    assert "hush" not in _without_password(url)


def test_a_url_without_a_password_is_shown() -> None:
    url = "sqlite:///instance/biobank.db"
    assert _without_password(url) == url
