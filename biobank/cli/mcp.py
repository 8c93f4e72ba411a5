"""`biobank mcp`: read-only tools for assistants, over standard input and output or HTTP."""

import contextlib

import click

from biobank.bootstrap import open_current_services
from biobank.cli.serve import listen
from biobank.errors import BadSetting

DEFAULT_BASE_URL = "http://127.0.0.1:8000"


@click.command()
@click.option(
    "--transport",
    type=click.Choice(["stdio", "http"]),
    default="stdio",
    show_default=True,
    help="stdio: the assistant starts this command. http: streamable HTTP at /mcp.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on, with http.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--base",
    default=DEFAULT_BASE_URL,
    show_default=True,
    help="Public URL of the site, if not set by BIOBANK_BASE_URL.",
)
def mcp(transport: str, host: str, port: int, base: str) -> None:
    """Serve read-only tools for assistants by the Model Context Protocol."""
    try:
        from biobank.mcp.bank import PublicBank
        from biobank.mcp.http_transport import serve_http
        from biobank.mcp.server import make_server
    except ModuleNotFoundError as error:
        raise BadSetting("biobank mcp needs: pip install 'biobank[mcp]'") from error
    with contextlib.ExitStack() as stack:
        services = stack.enter_context(open_current_services(read_only=True))
        services.search.counts()  # Raises here, not in the first answer, without an index.
        server = make_server(PublicBank(services, services.settings.base_url or base.rstrip("/")))
        if transport == "stdio":
            server.run("stdio")
            return
        listener = stack.enter_context(listen(host, port))
        click.echo(f"http://{host}:{port}/mcp", err=True)
        serve_http(server, services.settings, host, port, listener)
