"""Debian's nginx with the shipped configuration, on temporary ports and with a certificate of its own."""

import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from biobank.common.clock import now
from tests.support.ports import free_port

SHIPPED_DIR = Path(__file__).parents[2] / "deploy/nginx"
HOST = "bank.example"
#: The first version with the directive `http2`; the shipped file says what to write before it.
HTTP2_VERSION = (1, 25, 1)
#: Reports the key by which a client is counted; the header stands for its address.
NETWORK_SERVER = """
client_body_temp_path {folder}/body;
proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/fastcgi;
uwsgi_temp_path {folder}/uwsgi;
scgi_temp_path {folder}/scgi;
server {{
    listen 127.0.0.1:{port};
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Address;
    location / {{ return 200 $client_network; }}
}}
"""


class NginxMissing(Exception):
    """The message says how to install it."""


@dataclass(frozen=True)
class Proxy:
    """A running nginx: its ports and a client's context that trusts its certificate."""

    https_port: int
    http_port: int
    #: Answers with the key of the client whose address is in the header X-Address.
    network_port: int
    tls: ssl.SSLContext

    def connect(self, address: str = "127.0.0.1", name: str = HOST, receive_bytes: int = 0) -> ssl.SSLSocket:
        """Open a TLS connection from an address of this machine, on request with a small window."""
        plain = socket.socket()
        plain.settimeout(30)
        if receive_bytes:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        plain.bind((address, 0))
        plain.connect(("127.0.0.1", self.https_port))
        return self.tls.wrap_socket(plain, server_hostname=name)

    def http(self, address: str = "127.0.0.1") -> HTTPConnection:
        """Return an HTTP client over a TLS connection."""
        client = HTTPConnection(HOST)
        client.sock = self.connect(address)
        return client


@contextmanager
def nginx(folder: Path, upstream_port: int, header_timeout: str = "10s") -> Iterator[Proxy]:
    """Run nginx in front of a port of this machine, in the empty directory `folder`.

    Raises:
        NginxMissing: If it is not installed.
    """
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        raise NginxMissing("no nginx: apt-get install nginx")
    https_port, http_port, network_port = free_port(), free_port(), free_port()
    certificate = _write_certificate(folder)
    (folder / "conf.d").mkdir()
    for name in ("nginx.conf", "biobank.conf", "upstream.conf"):
        text = _moved((SHIPPED_DIR / name).read_text("utf-8"), folder, _version(program))
        text = text.replace("listen 443", f"listen 127.0.0.1:{https_port}")
        text = text.replace("listen 80", f"listen 127.0.0.1:{http_port}").replace("8000", str(upstream_port))
        text = text.replace("client_header_timeout 10s", f"client_header_timeout {header_timeout}")
        (folder / ("" if name == "nginx.conf" else "conf.d") / name).write_text(text, "utf-8")
    own = NETWORK_SERVER.format(folder=folder, port=network_port)
    (folder / "conf.d" / "test.conf").write_text(own, "utf-8")
    command = [program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    check = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stderr
    assert "[warn]" not in check.stderr, check.stderr
    # It is in the background once it listens.
    subprocess.run(command, check=True)
    try:
        yield Proxy(https_port, http_port, network_port, ssl.create_default_context(cafile=certificate))
    finally:
        subprocess.run([*command, "-s", "stop"], check=True)


def _version(program: str) -> tuple[int, ...]:
    text = subprocess.run([program, "-v"], capture_output=True, text=True, check=True).stderr
    match = re.search(r"nginx/([\d.]+)", text)
    assert match, text
    return tuple(map(int, match[1].split(".")))


def _moved(text: str, folder: Path, version: tuple[int, ...]) -> str:
    """Return a shipped file with all paths in `folder`, for IPv4 only and small send buffers."""
    text = re.sub(r" *listen \[::\].*\n", "", text)
    text = text.replace("user www-data;", "user root;" if os.geteuid() == 0 else "")
    for path in ("/etc/nginx/conf.d", "/etc/ssl/biobank", "/run", "/var/log/nginx", "/var/cache/nginx"):
        text = text.replace(path + "/", f"{folder}{'/conf.d' if path.endswith('conf.d') else ''}/")
    if version < HTTP2_VERSION:
        text = re.sub(r" *http2 on;.*\n", "", text).replace("listen 443 ssl;", "listen 443 ssl http2;")
    return text.replace("listen 443 ssl default_server;", "listen 443 ssl default_server sndbuf=16k;")


def _write_certificate(folder: Path) -> Path:
    """Write a self-signed certificate and its key; return the path of the certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    key_text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "privkey.pem").write_bytes(key_text)
    path = folder / "fullchain.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return path
