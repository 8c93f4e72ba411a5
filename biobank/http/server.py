"""A waitress server that bounds the connections of each client network.

Waitress buffers heads, bodies and responses in its event loop, so a slow client occupies a socket and
never a thread. The bounds keep sockets for everybody else.
"""

import contextlib
import select
import socket
import time
from contextlib import ExitStack
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher, WSGITask
from waitress.utilities import RequestEntityTooLarge

from biobank.common.networks import client_network
from biobank.http.middleware import FORWARDED_KEY, ON_CLOSE_KEY, Environ, WsgiApp, is_forwarded

#: Connections of one client network per process, unless a proxy stands in front.
MAX_CONNECTIONS_PER_NETWORK = 150
#: Connections of all clients per process; select() of Windows serves 512 sockets.
MAX_CONNECTIONS_TOTAL = 2_000 if hasattr(select, "poll") else 400
#: File descriptors of a process in addition to two for each connection (socket and spooled file).
SPARE_DESCRIPTORS = 200
#: Seconds without a byte in either direction after which a connection is closed.
IDLE_TIMEOUT_SECONDS = 60
#: Seconds in which a request has to arrive completely, however it drips: 8 MB at 27 KB a second.
REQUEST_TIMEOUT_SECONDS = 300
#: Seconds between two searches for connections to close.
CLEANUP_INTERVAL_SECONDS = 5
#: Bytes of request line and headers; 600 percent-encoded three-byte characters fit.
MAX_HEAD_BYTES = 32_768
#: Bytes of a request or response held in memory; the remainder is spooled to a file.
SPOOL_THRESHOLD_BYTES = 131_072
#: Bytes of a response that are spooled before the thread that generates it waits for the client: more
#: than any page has. 40 downloads of a process need 640 MB at most, and a thread each.
MAX_SPOOLED_BYTES = 16_000_000
#: Requests that a client may send before it has read the answer to the first, as no browser does.
MAX_PIPELINED_REQUESTS = 10
#: Bytes of a body too large that are read and dropped, so that its sender gets to read the answer.
MAX_DISCARDED_BYTES = 32_000_000


class _Parser(HTTPRequestParser):
    """Lets the application refuse a body that is too large, as a page or a problem document."""

    expect_continue: bool
    remaining_bytes = 0

    def received(self, data: bytes) -> int:
        if self.remaining_bytes:
            dropped = min(len(data), self.remaining_bytes)
            self.remaining_bytes -= dropped
            self.completed = not self.remaining_bytes
            return dropped
        consumed: int = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge):
            return consumed + self._discard_body(data[consumed:])
        return consumed

    def _discard_body(self, data: bytes) -> int:
        """Complete the request without its body, once that has arrived unless it is much too large."""
        self.error = None
        self.headers["CONNECTION"] = "close"
        self.headers["CONTENT_LENGTH"] = str(max(self.content_length, self.body_bytes_received))
        if self.chunked or self.expect_continue or self.content_length > MAX_DISCARDED_BYTES:
            self.expect_continue = False
            return len(data)
        self.completed = False
        self.remaining_bytes = self.content_length
        return self.received(data)


class _Task(WSGITask):
    """A request whose application learns when its response is sent, and whether a proxy passed it on."""

    def get_environment(self) -> Environ:
        environ: Environ = super().get_environment()
        # Now, because waitress removes the headers of proxies that are not trusted.
        environ[FORWARDED_KEY] = is_forwarded(environ)
        environ[ON_CLOSE_KEY] = self.channel.response_callbacks
        return environ


class Channel(HTTPChannel):
    """A connection that runs the callbacks of its responses once they are sent."""

    parser_class = _Parser
    task_class = _Task
    response_callbacks: ExitStack
    network = ""
    #: When the first byte of the unfinished request arrived.
    request_started: float | None = None

    @property
    def is_idle(self) -> bool:
        """Return whether no request of this connection is being answered."""
        return not self.requests and not self.total_outbufs_len

    def received(self, data: bytes) -> bool:
        is_accepted: bool = super().received(data)
        if self.request is None:
            self.request_started = None
        elif self.request_started is None:
            self.request_started = time.monotonic()
        if len(self.requests) > MAX_PIPELINED_REQUESTS:
            self.will_close = True
        return is_accepted

    def service(self) -> None:
        super().service()
        self._run_callbacks_if_idle()

    def _flush_some(self, do_close: bool = True) -> bool:
        is_flushed: bool = super()._flush_some(do_close)
        self._run_callbacks_if_idle()
        return is_flushed

    def _run_callbacks_if_idle(self) -> None:
        if self.is_idle:
            self.response_callbacks.close()

    def handle_close(self) -> None:
        super().handle_close()
        if not self.requests:
            self.response_callbacks.close()


class BoundedServer(TcpWSGIServer):
    """Makes room for a new connection by closing the one that has been idle for longest.

    So a client that holds many connections closes its own, and still gets new ones answered.
    """

    max_per_network = MAX_CONNECTIONS_PER_NETWORK
    max_total = MAX_CONNECTIONS_TOTAL

    def channel_class(self, server: Any, conn: socket.socket, addr: Any, adj: Any, map: Any) -> None:
        """Register the connection, or close it if there is no room."""
        network = client_network(addr[0]) if addr else ""
        own = [channel for channel in self.active_channels.values() if channel.network == network]
        for channels, limit in ((own, self.max_per_network), (self.active_channels.values(), self.max_total)):
            if len(channels) >= limit and not _close_idle(channels):
                conn.close()
                return
        channel = Channel(server, conn, addr, adj, map=map)
        channel.network, channel.response_callbacks = network, ExitStack()

    def maintenance(self, now: float) -> None:
        super().maintenance(now)
        latest = time.monotonic() - REQUEST_TIMEOUT_SECONDS
        for channel in list(self.active_channels.values()):
            is_late = channel.request_started is not None and channel.request_started < latest
            is_stalled = channel.total_outbufs_len and channel.last_activity < now - IDLE_TIMEOUT_SECONDS
            if is_late or is_stalled:
                # Waitress itself closes a connection once its client can be written to.
                channel.handle_close()


def _close_idle(channels: Any) -> bool:
    """Close the channel that has been idle for longest; return whether there was one."""
    idle = min((c for c in channels if c.is_idle), key=lambda c: c.last_activity, default=None)
    if idle is None:
        return False
    idle.handle_close()
    return True


def make_server(
    app: WsgiApp, listener: socket.socket, threads: int, max_body_bytes: int, *, behind_proxy: bool
) -> BoundedServer:
    """Return a server over a listening socket.

    Behind a proxy all connections have its address, so only their total is bounded. Without one,
    forwarded headers are removed.
    """
    total = min(MAX_CONNECTIONS_TOTAL, (_raise_descriptor_limit() - SPARE_DESCRIPTORS) // 2)
    adjustments = Adjustments(
        sockets=[listener],
        threads=threads,
        connection_limit=total + SPARE_DESCRIPTORS,
        channel_timeout=IDLE_TIMEOUT_SECONDS,
        cleanup_interval=CLEANUP_INTERVAL_SECONDS,
        max_request_header_size=MAX_HEAD_BYTES,
        # Waitress refuses bodies of this size, the application those above its own limit.
        max_request_body_size=max_body_bytes + 1,
        inbuf_overflow=SPOOL_THRESHOLD_BYTES,
        outbuf_overflow=SPOOL_THRESHOLD_BYTES,
        outbuf_high_watermark=MAX_SPOOLED_BYTES,
        asyncore_use_poll=hasattr(select, "poll"),
        clear_untrusted_proxy_headers=not behind_proxy,
        log_socket_errors=False,
        ident="",
    )
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(threads)
    address = (listener.family, listener.type, listener.proto, listener.getsockname())
    server = BoundedServer(
        app, {}, True, listener, dispatcher=dispatcher, adj=adjustments, sockinfo=address, bind_socket=False
    )
    server.max_total = total
    if behind_proxy:
        server.max_per_network = total
    return server


def _raise_descriptor_limit() -> int:
    """Allow as many open files as the connections need, and return how many there may be."""
    needed = 2 * MAX_CONNECTIONS_TOTAL + SPARE_DESCRIPTORS
    try:
        import resource
    except ImportError:
        return needed
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return needed
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        return wanted
    return soft
