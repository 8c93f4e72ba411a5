"""Paths and modules of the code that the documentation names exist."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
PATH = re.compile(r"(?<![\w./-])biobank/[\w./-]*\w")
#: Not the names of files, such as biobank.jsonl.gz and biobank.service.
MODULE = re.compile(r"(?<![\w./-])biobank(?!\.(?:jsonl|db|toml|service)\b)(?:\.[a-z_]\w*)+")


def missing_code(text: str) -> list[str]:
    """Return the paths and modules of the package in a text that do not exist."""
    paths = [path for path in PATH.findall(text) if not (ROOT / path).exists()]
    return paths + [name for name in MODULE.findall(text) if not _exists(name)]


def _exists(name: str) -> bool:
    """Return whether a dotted name is a module, or an attribute of one."""
    for module in (name, name.rpartition(".")[0]):
        try:
            if module != "biobank" and find_spec(module):
                return True
        except ModuleNotFoundError:
            continue
    return False


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_named_code_exists(page: Path) -> None:
    assert missing_code(page.read_text("utf-8")) == []


def test_missing_code_is_reported() -> None:
    text = "See `biobank/nowhere.py`, biobank.nowhere.else and biobank.records."
    assert missing_code(text) == ["biobank/nowhere.py", "biobank.nowhere.else"]
