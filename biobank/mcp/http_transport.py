"""Streamable HTTP: one POST a message, without sessions, with the limits that the API has."""

import math
import socket
import time
from urllib.parse import urlsplit

import uvicorn
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from biobank.common.networks import READ_RATE_LIMIT, client_network
from biobank.settings import Settings

MCP_PATH = "/mcp"
#: The longest arguments are 50 values of 9 facets with 120 characters, in JSON up to 12 bytes each.
MAX_MESSAGE_BYTES = 1024 * 1024
#: Connections and requests of all clients; further ones are answered with 503.
MAX_CONNECTIONS = 64
KEEP_ALIVE_SECONDS = 5
#: Seconds that running calls get to end.
DRAIN_SECONDS = 8
LOCAL_HOST_PATTERNS = ("localhost", "127.0.0.1", "[::1]")


class ReadRateLimitMiddleware:
    """Answers 429 to client networks that send more requests than `rate`, such as `100 per second`."""

    def __init__(self, app: ASGIApp, rate: str, proxies: int) -> None:
        self.app = app
        self._rate = parse(rate)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        network = client_network(client_address(scope, self._proxies)) if scope["type"] == "http" else ""
        if not network or self._limiter.hit(self._rate, network):
            await self.app(scope, receive, send)
            return
        reset_at = self._limiter.get_window_stats(self._rate, network).reset_time
        headers = {"Retry-After": str(max(1, math.ceil(reset_at - time.time())))}
        content = {"code": "too_many_requests", "detail": f"At most {self._rate}."}
        await JSONResponse(content, 429, headers)(scope, receive, send)


def client_address(scope: Scope, proxies: int) -> str:
    """Return the address of the client, behind `proxies` trusted reverse proxies the one they name."""
    forwarded = [
        part.strip() for part in ",".join(Headers(scope=scope).getlist("X-Forwarded-For")).split(",")
    ]
    if proxies and len(forwarded) >= proxies and forwarded[-proxies]:
        return forwarded[-proxies]
    return str(scope["client"][0]) if scope.get("client") else "unknown"


def make_http_app(server: MCPServer, settings: Settings, rate: str = READ_RATE_LIMIT) -> ASGIApp:
    """Return the ASGI application at MCP_PATH."""
    app = server.streamable_http_app(
        streamable_http_path=MCP_PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=MAX_MESSAGE_BYTES,
        transport_security=transport_security(settings),
    )
    return ReadRateLimitMiddleware(app, rate, settings.trusted_proxies)


def transport_security(settings: Settings) -> TransportSecuritySettings:
    """Return the hosts and origins of requests: those of the settings and of this machine, at any port.

    A page on another host could otherwise reach a server of this machine (DNS rebinding).
    """
    configured = [host for host in settings.allowed_hosts.split(",") if host]
    if base_host := urlsplit(settings.base_url).netloc:
        configured.append(base_host)
    hosts = [pattern for host in (*LOCAL_HOST_PATTERNS, *configured) for pattern in (host, f"{host}:*")]
    origins = [f"{scheme}://{host}" for scheme in ("http", "https") for host in hosts]
    return TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=origins)


def serve_http(
    server: MCPServer, settings: Settings, host: str, port: int, listener: socket.socket | None
) -> None:
    """Serve until SIGTERM or SIGINT, on `listener` if it is open already."""
    config = uvicorn.Config(
        make_http_app(server, settings),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        limit_concurrency=MAX_CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[listener] if listener else None)
