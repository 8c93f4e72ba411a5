"""Fixtures for each engine."""

from pathlib import Path

import pytest

from biobank.search.document import Document
from biobank.search.engine import SearchEngine
from tests.contract.engines import ENGINES, EngineFactory, FilledEngineFactory, serve


@pytest.fixture(params=ENGINES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def open_engine(name: str) -> EngineFactory:
    return ENGINES[name]


@pytest.fixture
def filled(open_engine: EngineFactory, tmp_path: Path) -> FilledEngineFactory:
    """Return a factory of engines that serve exactly the given documents."""

    def fill(*documents: Document) -> SearchEngine:
        return serve(open_engine(tmp_path), documents)

    return fill
