"""Clients of the SDK, connected to a real server in this process, over stdio, or over HTTP."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, StdioServerParameters
from mcp_types import CallToolResult

from biobank.bootstrap import make_services
from biobank.mcp.bank import PublicBank
from biobank.mcp.server import make_server
from biobank.settings import Settings
from tests.support.ports import free_port

ROOT = Path(__file__).parents[2]
BASE_URL = "https://bank.example"


class Assistant:
    """A connected client whose calls return when they are answered."""

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self._portal, self._client = portal, client

    def tools(self) -> dict[str, Any]:
        """Return the tools by name."""
        return {tool.name: tool for tool in self._portal.call(self._client.list_tools).tools}

    def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Return the structured answer; the client has verified it against the published schema."""
        result = self._result(tool, arguments)
        assert not result.is_error, result.content
        assert result.structured_content is not None
        return result.structured_content

    def error(self, tool: str, **arguments: Any) -> str:
        """Return the message of a refused call."""
        result = self._result(tool, arguments)
        assert result.is_error
        assert result.structured_content is None
        return str(result.content[0].text)

    def _result(self, tool: str, arguments: dict[str, Any]) -> CallToolResult:
        return self._portal.call(partial(self._client.call_tool, tool, arguments))


@contextmanager
def connect(client: Client) -> Iterator[Assistant]:
    """Connect a client for the length of the block."""
    entered: AbstractAsyncContextManager[Client] = client
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(entered) as connected:
        yield Assistant(portal, connected)


@contextmanager
def connect_in_process(settings: Settings) -> Iterator[Assistant]:
    """Connect to a server in this process."""
    services = make_services(settings, read_only=True)
    try:
        with connect(Client(make_server(PublicBank(services, BASE_URL)))) as assistant:
            yield assistant
    finally:
        services.close()


@contextmanager
def connect_stdio(settings: Settings) -> Iterator[Assistant]:
    """Connect to `biobank mcp`, started as an assistant starts it."""
    command = ["-m", "biobank.cli", "mcp", "--base", f"{BASE_URL}/"]
    parameters = StdioServerParameters(command=sys.executable, args=command, env=variables(settings))
    with connect(Client(parameters)) as assistant:
        yield assistant


@contextmanager
def start_http(settings: Settings) -> Iterator[str]:
    """Yield the address of a running `biobank mcp --transport http`."""
    port = free_port()
    command = [sys.executable, "-m", "biobank.cli", "mcp", "--transport", "http", "--port", str(port)]
    with subprocess.Popen(
        [*command, "--base", BASE_URL], env=variables(settings), stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr
            # Printed when the socket is open; requests wait until the server accepts them.
            yield process.stderr.readline().strip()
        finally:
            process.terminate()
            process.communicate(timeout=60)


def variables(settings: Settings) -> dict[str, str]:
    """Return the environment of a server over the bank of `settings`."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", "")))),
        "BIOBANK_DATABASE_URL": settings.database_url,
        "BIOBANK_INDEX_DIR": str(settings.index_dir),
        "BIOBANK_SECRET_KEY": settings.secret_key,
    }
