"""Examples in the documentation are run: `http` blocks as requests, `console` blocks as commands.

An `http` block is a request line, an optional form-encoded or JSON body, an empty line, the status,
and texts that the response contains. A `console` block has commands after `$` and texts that the
output contains.
"""

import re
import shlex
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner
from flask import Flask

from biobank.app.factory import create_app
from biobank.bootstrap import Services
from biobank.cli import main
from biobank.settings import Settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
BLOCK = re.compile(r"^ *```(http|console)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
FORM = "application/x-www-form-urlencoded"
#: The record that examples of an import read; its place of birth is misspelt.
DRAFT = """\
{"names": [{"text": "Adam", "lang": "az", "kind": "preferred"}], "birth": {"place": "agcabad"}}
"""


class Example(NamedTuple):
    """One fenced block with the document and line where it stands."""

    place: str
    text: str


def examples(kind: str) -> list[Example]:
    """Return all blocks of a kind in the README and the documentation."""
    blocks = []
    for file in (ROOT / "README.md", *sorted(DOCS.rglob("*.md"))):
        text = file.read_text("utf-8")
        for block in BLOCK.finditer(text):
            line = text.count("\n", 0, block.start()) + 1
            if block[1] == kind:
                blocks.append(Example(f"{file.relative_to(ROOT)}:{line}", block[2]))
    return blocks


def place_of(example: Example) -> str:
    return example.place


@pytest.fixture(scope="module")
def app(services: Services) -> Flask:
    return create_app(services)


@pytest.mark.parametrize("example", examples("http"), ids=place_of)
def test_requests_are_answered_as_documented(app: Flask, example: Example) -> None:
    request, response = example.text.split("\n\n", 1)
    first, _, body = request.partition("\n")
    method, url = first.split(" ", 1)
    status, *texts = [line.strip() for line in response.splitlines() if line.strip()]
    content_type = "application/json" if body.startswith("{") else FORM
    reply = app.test_client().open(url, method=method, data=body, content_type=content_type)
    assert reply.status_code == int(status), example.place
    content = compact(reply.get_data(as_text=True))
    assert [text for text in texts if compact(text) not in content] == []


def compact(text: str) -> str:
    """Return text without the spaces that differ between JSON writers."""
    return text.replace('": ', '":').replace(", ", ",")


@pytest.mark.parametrize("example", examples("console"), ids=place_of)
def test_commands_print_what_is_documented(
    own_services: Services, example: Example, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    in_environment(own_services.settings, monkeypatch)
    monkeypatch.chdir(tmp_path)
    Path("draft.jsonl").write_text(DRAFT, "utf-8")
    output = ""
    for line in filter(None, map(str.strip, example.text.splitlines())):
        if line.startswith("$ "):
            program, *args = shlex.split(line[2:])
            assert program == "biobank"
            result = CliRunner().invoke(main, args)
            assert result.exit_code in {0, 1}, result.output
            output = result.output
        else:
            assert line in output, example.place


def in_environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands find the copied bank."""
    monkeypatch.setenv("BIOBANK_DATABASE_URL", settings.database_url)
    for name in ("index", "media", "imports", "dumps", "seed"):
        monkeypatch.setenv(f"BIOBANK_{name.upper()}_DIR", str(getattr(settings, f"{name}_dir")))
    monkeypatch.setenv("BIOBANK_SECRET_KEY", settings.secret_key)


def test_there_are_examples_of_both_kinds() -> None:
    assert len(examples("http")) >= 10
    assert len(examples("console")) >= 5
