"""Assistants connected to a bank with the whole seed; skipped where the SDK is not installed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from biobank.bootstrap import Services
from biobank.settings import Settings

if TYPE_CHECKING:
    from tests.mcp.clients import Assistant


@pytest.fixture(scope="session")
def clients() -> Any:
    return pytest.importorskip("tests.mcp.clients", reason="needs pip install 'biobank[mcp]'")


@pytest.fixture(scope="session")
def assistant(clients: Any, bank: Settings) -> "Iterator[Assistant]":
    """Yield an assistant that has started `biobank mcp` over the seed."""
    with clients.connect_stdio(bank) as connected:
        yield connected


@pytest.fixture
def own_assistant(clients: Any, own_services: Services) -> "Iterator[Assistant]":
    """Yield an assistant over a copy of the seed, for tests that change it."""
    with clients.connect_in_process(own_services.settings) as connected:
        yield connected
