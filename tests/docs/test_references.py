"""The documentation names files, endpoints and commands that exist."""

import re
from pathlib import Path

import pytest
from flask import Flask

from biobank.app.factory import create_app
from biobank.bootstrap import Services

ROOT = Path(__file__).parents[2]
DOCUMENTS = (
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
)
FOLDERS = "biobank|deploy|tests|docs|frontend|seed_data|requirements"
FILE = re.compile(rf"`((?:{FOLDERS})/[\w./-]+)`")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


@pytest.fixture(scope="module")
def app(services: Services) -> Flask:
    return create_app(services)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_files_and_links_exist(document: Path) -> None:
    text = document.read_text("utf-8")
    missing = [name for name in FILE.findall(text) if not (ROOT / name).exists()]
    missing += [link for link in LINK.findall(text) if not (document.parent / link).exists()]
    assert missing == []


def test_every_endpoint_of_the_api_is_listed(app: Flask) -> None:
    document = app.test_client().get("/api/openapi.json").get_json()
    endpoints = {
        f"{method.upper()} {path}"
        for path, operations in document["paths"].items()
        for method in operations
        if method in {"get", "post", "put", "delete", "patch"}
    }
    text = (ROOT / "docs" / "reference" / "api.md").read_text("utf-8")
    assert set(re.findall(r"^\| `([A-Z]+ /api/\S+)` \|", text, re.MULTILINE)) == endpoints
