"""A webhook receiver on loopback: a real server that records what it receives."""

import datetime
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class ReceivedMessage:
    """A received message with lower-case header names."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """The received messages, the next responses (200 if empty), and delays."""

    address: str
    received: list[ReceivedMessage] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    location: str = ""
    #: Start of a response that never ends.
    endless_start: bytes = b""
    #: Event to wait for before responding.
    release_event: threading.Event | None = None


@contextmanager
def run_receiver(certificate: Path | None = None, host: str = "127.0.0.1") -> Iterator[Receiver]:
    """Run a receiver, over TLS if a certificate is given."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    scheme = "http"
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    state = Receiver(f"{scheme}://{host}:{server.server_port}/changes?from=biobank")
    server.receiver = state  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        state: Receiver = self.server.receiver  # type: ignore[attr-defined]
        length = int(self.headers["Content-Length"])
        headers = {name.lower(): value for name, value in self.headers.items()}
        state.received.append(ReceivedMessage(self.path, headers, self.rfile.read(length)))
        if state.release_event:
            state.release_event.wait()
        if state.endless_start:
            self._send_endlessly(state.endless_start)
            return
        self.send_response(state.statuses.pop(0) if state.statuses else 200)
        if state.location:
            self.send_header("Location", state.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send_endlessly(self, start: bytes) -> None:
        self.wfile.write(start)
        try:
            while True:
                self.wfile.write(b"a")
                time.sleep(0.1)
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        """Suppress logging."""


def make_certificate(name: str, folder: Path) -> Path:
    """Create a file with a key and a self-signed certificate for `name`, valid for an hour."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a receiver")])
    now = datetime.datetime.now(datetime.UTC)
    try:
        names: x509.GeneralName = x509.IPAddress(ip_address(name))
    except ValueError:
        names = x509.DNSName(name)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file
