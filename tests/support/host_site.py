"""A site of somebody else that embeds the bank: another origin, a strict policy."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: What docs/widget.md tells a host to allow, for the elements and for frames.
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
    """`page` is what its one page says; both may be changed while it is served."""

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
    """The bank is on 127.0.0.1, this site on localhost: to browsers that is another site."""
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
