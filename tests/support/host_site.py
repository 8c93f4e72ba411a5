"""A third-party site that embeds the bank: another origin with a strict policy."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: The policy that docs/reference/widget.md recommends, for elements and for frames.
POLICY = "default-src 'none'; script-src {bank}; connect-src {bank}; img-src {bank}"
FRAMES = "default-src 'none'; frame-src {bank}; img-src {bank}"
PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>A host</title>
<link rel="icon" href="{bank}/medallion/niyazi.svg">{head}</head>
<body><main><h1>A host</h1>{body}</main></body>
</html>"""


@dataclass
class HostSite:
    """The site; `page` is its only page and may be changed while it is served."""

    address: str
    bank: str
    policy: str = POLICY
    head: str = ""
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def page(self) -> bytes:
        return PAGE.format(bank=self.bank, head=self.head, body=self.body).encode()


@contextmanager
def host_site(bank: str) -> Iterator[HostSite]:
    """Serve the site on localhost while the bank is on 127.0.0.1: a different site to browsers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    site = HostSite(f"http://localhost:{server.server_port}", bank)
    site.head = f'<script type="module" src="{bank}/widget/v1.js"></script>'

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", site.policy.format(bank=bank))
            for name, value in site.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(site.page)

        def log_message(self, *_: object) -> None:
            pass

    server.RequestHandlerClass = Handler
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
    thread.join()
