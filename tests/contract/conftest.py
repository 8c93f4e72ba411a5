"""Each engine in turn."""

from pathlib import Path

import pytest

from biobank.search.document import Document
from biobank.search.port import SearchEngine
from tests.contract.engines import ENGINES, Filled, Open, serve


@pytest.fixture(params=ENGINES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def open_engine(name: str) -> Open:
    return ENGINES[name]


@pytest.fixture
def filled(open_engine: Open, tmp_path: Path) -> Filled:
    """An engine that serves the documents given, and nothing else."""

    def fill(*found: Document) -> SearchEngine:
        return serve(open_engine(tmp_path), found)

    return fill
