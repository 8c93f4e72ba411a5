"""Fixtures for each engine."""

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
    """Return a factory of engines that serve exactly the given documents."""

    def fill(*found: Document) -> SearchEngine:
        return serve(open_engine(tmp_path), found)

    return fill
