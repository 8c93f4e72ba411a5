"""Sentry and OpenTelemetry: not imported without their settings, and without personal data with them."""

import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import brotli
import pytest

from biobank.common import error_reports
from biobank.errors import BadSetting
from biobank.http import tracing
from biobank.settings import Settings
from tests.conftest import copy_bank, skip_or_fail
from tests.support.web_worker import environment

#: What a request contains and no report may.
PRIVATE = ("secret-query", "198.51.100.7", "secret-cookie", "secret-agent", "secret-value", "secret-message")
#: A request that fails, and one that does not; then everything is sent.
REQUESTS = """
import sys
from biobank.app.factory import create_app
app = create_app()
def broken():
    local = "secret-value"
    raise ValueError("secret-message")
app.add_url_rule("/broken", "test.broken", broken)
client = app.test_client()
headers = {"X-Forwarded-For": "198.51.100.7", "Cookie": "biobank=secret-cookie", "User-Agent": "secret-agent",
           "X-Request-ID": "id-of-the-proxy"}
for path, status in (("/broken", 500), ("/en/search", 200)):
    response = client.get(path + "?q=secret-query", headers=headers)
    assert response.status_code == status, response.text
print(*(name for name in ("sentry_sdk", "opentelemetry") if name in sys.modules))
if "sentry_sdk" in sys.modules:
    sys.modules["sentry_sdk"].flush(30)
"""


@pytest.fixture
def settings(bank: Settings, tmp_path: Path) -> Settings:
    return replace(copy_bank(bank, tmp_path / "bank"), trusted_proxies=1)


@contextmanager
def collector() -> Iterator[tuple[int, list[tuple[str, bytes]]]]:
    """Yield the port of a server, and the list of paths and bodies that it receives."""
    received: list[tuple[str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            encoding = self.headers.get("Content-Encoding", "")
            decompress = {"br": brotli.decompress, "gzip": gzip.decompress}.get(encoding, bytes)
            received.append((self.path, decompress(body)))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port, received
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def run_requests(settings: Settings, folder: Path) -> str:
    """Run the requests in a process of their own, and return the names of the imported libraries."""
    variables = {**os.environ, **environment(settings), "BIOBANK_LOG_PRIVATE": "0", "no_proxy": "*"}
    command = [sys.executable, "-c", REQUESTS]
    done = subprocess.run(command, env=variables, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def require_library(name: str) -> None:
    if find_spec(name) is None:
        skip_or_fail(f"{name} is not installed")


def test_nothing_is_imported_without_the_settings(settings: Settings, tmp_path: Path) -> None:
    assert run_requests(settings, tmp_path) == ""


def test_errors_are_reported_without_personal_data(settings: Settings, tmp_path: Path) -> None:
    require_library("sentry_sdk")
    with collector() as (port, received):
        dsn = f"http://key@127.0.0.1:{port}/1"
        assert run_requests(replace(settings, sentry_dsn=dsn), tmp_path) == "sentry_sdk"
    assert {path for path, _body in received} == {"/api/1/envelope/"}
    text = b"".join(body for _path, body in received).decode()
    for expected in ("ValueError", '"function":"broken"', "test.broken", "id-of-the-proxy"):
        assert expected in text
    assert [word for word in (*PRIVATE, os.uname().nodename) if word in text] == []


def test_requests_are_traced_without_personal_data(settings: Settings, tmp_path: Path) -> None:
    require_library("opentelemetry.sdk")
    with collector() as (port, received):
        endpoint = f"http://127.0.0.1:{port}"
        assert run_requests(replace(settings, otlp_endpoint=endpoint), tmp_path) == "opentelemetry"
    assert {path for path, _body in received} == {"/v1/traces"}
    content = b"".join(body for _path, body in received)
    for expected in (b"/search", b"/broken", b"id-of-the-proxy", b"service.name"):
        assert expected in content
    assert [word for word in (*PRIVATE, os.uname().nodename) if word.encode() in content] == []


def test_a_missing_library_or_a_wrong_address_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("sentry_sdk", "opentelemetry.exporter.otlp.proto.http.trace_exporter"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(BadSetting, match=r"biobank\[sentry\]"):
        error_reports.configure(replace(settings, sentry_dsn="https://key@sentry.example/1"))
    with pytest.raises(BadSetting, match=r"biobank\[opentelemetry\]"):
        tracing._make_tracer("http://collector.example:4318")


def test_a_wrong_dsn_is_named(settings: Settings) -> None:
    require_library("sentry_sdk")
    with pytest.raises(BadSetting, match="BIOBANK_SENTRY_DSN"):
        error_reports.configure(replace(settings, sentry_dsn="not a dsn"))
