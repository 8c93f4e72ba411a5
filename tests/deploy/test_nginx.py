"""The shipped configuration of nginx, run by a real nginx in front of the real server."""

import gzip
import json
import socket
import ssl
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from hashlib import sha256
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any, NamedTuple

import brotli
import pytest

from biobank.app.factory import MAX_BODY_BYTES
from biobank.bootstrap import make_services
from biobank.exchange.dumps import publisher
from biobank.exchange.dumps.files import Manifest
from biobank.http.download_limits import MAX_DOWNLOADS_PER_CLIENT
from biobank.settings import Settings
from tests.conftest import copy_bank, skip_or_fail
from tests.support.nginx import HOST, NginxMissing, Proxy, nginx
from tests.support.ports import free_port
from tests.support.waiting import wait_until
from tests.support.web_worker import web_worker

DUMP, EXPORT = "/dumps/biobank.nt.gz", "/en/search.jsonl"
#: Receive window in bytes of a slow client, so that little of a response is in flight.
WINDOW_BYTES = 2048


class Site(NamedTuple):
    """A bank behind nginx."""

    proxy: Proxy
    log: Path
    manifest: Manifest


@contextmanager
def installed_nginx(folder: Path, upstream_port: int, header_timeout: str = "10s") -> Iterator[Proxy]:
    with ExitStack() as stack:
        try:
            proxy = stack.enter_context(nginx(folder, upstream_port, header_timeout))
        except NginxMissing as error:
            skip_or_fail(str(error))
        yield proxy


@pytest.fixture(scope="module")
def site(bank: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("proxied")
    settings = copy_bank(bank, folder / "bank")
    services = make_services(settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publisher, "write_dumps", partial(publisher.write_dumps, formats=("nt",)))
        manifest = publisher.renew(services.database, settings.dumps_dir, f"https://{HOST}")
    services.close()
    log = folder / "log"
    variables = {
        "BIOBANK_TRUSTED_PROXIES": "1",
        "BIOBANK_BASE_URL": f"https://{HOST}",
        "BIOBANK_LOG_FORMAT": "json",
        "BIOBANK_LOG_PRIVATE": "1",
    }
    (folder / "nginx").mkdir()
    with (
        web_worker(settings, folder / "bank", log, **variables) as port,
        installed_nginx(folder / "nginx", port) as proxy,
    ):
        # The socket listens already; this waits until the worker accepts.
        with closing(HTTPConnection("127.0.0.1", port, timeout=120)) as client:
            client.request("GET", "/health/live")
            assert client.getresponse().status == 200
        yield Site(proxy, log, manifest)


def fetch(site: Site, path: str, address: str = "127.0.0.1", **headers: str) -> tuple[HTTPResponse, bytes]:
    with closing(site.proxy.http(address)) as client:
        client.request("GET", path, headers={name.replace("_", "-"): text for name, text in headers.items()})
        response = client.getresponse()
        return response, response.read()


def log_lines(site: Site, route: str) -> list[dict[str, Any]]:
    lines = map(json.loads, site.log.read_text("utf-8").splitlines())
    return [line for line in lines if line.get("route") == route]


def test_pages_answer_with_the_headers_of_the_application(site: Site) -> None:
    for path in ("/en/", "/az/search?q=Nizami", "/api/v1/search?q=composer", "/health/ready"):
        response, _content = fetch(site, path)
        assert response.status == 200, path
        for name in ("Content-Security-Policy", "Strict-Transport-Security", "X-Content-Type-Options"):
            assert len(response.headers.get_all(name) or ()) == 1, name
    with closing(HTTPConnection("127.0.0.1", site.proxy.http_port, timeout=30)) as client:
        client.request("GET", "/en/search?q=a", headers={"Host": HOST})
        response = client.getresponse()
        assert (response.status, response.headers["Location"]) == (308, f"https://{HOST}/en/search?q=a")


@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/search?q=a", "/metrics"])
def test_programs_are_refused_and_not_redirected_without_tls(site: Site, path: str) -> None:
    with closing(HTTPConnection("127.0.0.1", site.proxy.http_port, timeout=30)) as client:
        client.request("GET", path, headers={"Host": HOST, "Authorization": "Bearer bbk_a-token"})
        response = client.getresponse()
        assert (response.status, response.headers["Location"]) == (403, None)


def test_nothing_of_the_application_is_served_without_tls(site: Site) -> None:
    lines = len(site.log.read_text("utf-8").splitlines())
    with closing(HTTPConnection("127.0.0.1", site.proxy.http_port, timeout=30)) as client:
        for path in ("/en/", "/en/sign-in", "/static/map.css?v=1", "/health/ready", "/dumps/", "/api/v1/me"):
            for method in ("GET", "POST"):
                client.request(method, path, headers={"Host": HOST})
                response = client.getresponse()
                response.read()
                assert response.status in (308, 403), path
    assert len(site.log.read_text("utf-8").splitlines()) == lines


def test_only_tls_1_2_and_newer_is_spoken_and_1_3_preferred(site: Site) -> None:
    with closing(site.proxy.connect()) as connection:
        assert connection.version() == "TLSv1.3"
    for version, is_accepted in (
        (ssl.TLSVersion.TLSv1, False),
        (ssl.TLSVersion.TLSv1_1, False),
        (ssl.TLSVersion.TLSv1_2, True),
    ):
        assert can_connect(site, version, "ALL:@SECLEVEL=0") == is_accepted, version


@pytest.mark.parametrize(
    ("ciphers", "is_accepted"),
    [
        ("ECDHE-ECDSA-AES128-GCM-SHA256", True),
        ("ECDHE-ECDSA-CHACHA20-POLY1305", True),
        ("ECDHE-ECDSA-AES128-SHA", False),
        ("ECDHE-ECDSA-AES256-SHA384", False),
        ("AES128-GCM-SHA256", False),
        ("DHE-RSA-AES128-GCM-SHA256", False),
        ("NULL:aNULL", False),
    ],
)
def test_only_ciphers_with_forward_secrecy_and_authentication_are_accepted(
    site: Site, ciphers: str, is_accepted: bool
) -> None:
    assert can_connect(site, ssl.TLSVersion.TLSv1_2, f"{ciphers}:@SECLEVEL=0") == is_accepted


def can_connect(site: Site, version: ssl.TLSVersion, ciphers: str) -> bool:
    """Return whether the proxy accepts a client that speaks one version of TLS, with these ciphers."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers(ciphers)
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = context.maximum_version = version
    with socket.create_connection(("127.0.0.1", site.proxy.https_port), 30) as plain:
        try:
            context.wrap_socket(plain, server_hostname=HOST).close()
        except ssl.SSLError:
            return False
    return True


def test_http_2_is_offered_and_other_host_names_are_not_answered(site: Site) -> None:
    with closing(HTTPConnection("127.0.0.1", site.proxy.http_port, timeout=30)) as client:
        client.request("GET", "/en/", headers={"Host": "evil.example"})
        with pytest.raises(ConnectionResetError):
            client.getresponse()
    with pytest.raises(ssl.SSLError):
        site.proxy.connect(name="evil.example")
    site.proxy.tls.set_alpn_protocols(["h2", "http/1.1"])
    try:
        with closing(site.proxy.connect()) as connection:
            assert connection.selected_alpn_protocol() == "h2"
    finally:
        site.proxy.tls.set_alpn_protocols(["http/1.1"])


@pytest.mark.parametrize(("encoding", "decompress"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
@pytest.mark.parametrize("path", ["/en/", "/api/v1/people/nizami-gencevi", "/static/map.css?v=1"])
def test_responses_are_compressed_once(site: Site, path: str, encoding: str, decompress: Any) -> None:
    plain, expected = fetch(site, path)
    assert "Content-Encoding" not in plain.headers
    response, content = fetch(site, path, Accept_Encoding=encoding)
    assert response.headers.get_all("Content-Encoding") == [encoding]
    if path.startswith("/en/"):
        assert decompress(content).startswith(b"<!doctype html>")
    else:
        assert decompress(content) == expected
        etag = response.headers["ETag"]
        again, _content = fetch(site, path, Accept_Encoding=encoding, If_None_Match=etag)
        assert again.status == 304


def test_the_request_id_of_the_proxy_is_logged_and_returned(site: Site) -> None:
    response, _content = fetch(site, "/en/search?q=help", X_Request_ID="id-of-the-client")
    request_id = response.headers["X-Request-ID"]
    assert len(request_id) == 32
    ids = [line["request_id"] for line in map(json.loads, site.log.read_text("utf-8").splitlines())]
    assert ids.count(request_id) == 1
    # nginx writes its line after the client has the response.
    access_log = site.log.parent / "nginx" / "access.log"
    wait_until(lambda: request_id in access_log.read_text("utf-8"))
    assert "id-of-the-client" not in ids


def test_only_the_proxy_says_what_the_address_and_the_host_are(site: Site) -> None:
    forged = {
        "X_Forwarded_For": "203.0.113.9, 203.0.113.10",
        "X_Forwarded_Host": "evil.example",
        "X_Forwarded_Proto": "http",
        "X_Forwarded_Prefix": "/forged",
        "Forwarded": "for=203.0.113.9;host=evil.example",
        "X_Real_IP": "203.0.113.9",
    }
    response, content = fetch(site, "/en/", "127.0.0.77", **forged)
    assert response.status == 200
    assert b"evil.example" not in content
    assert b"/forged" not in content
    last_line = json.loads(site.log.read_text("utf-8").splitlines()[-1])
    assert last_line["address"] == "127.0.0.77"
    # Nor does a request from the machine of the proxy read the metrics through it.
    assert fetch(site, "/metrics", X_Forwarded_For="127.0.0.1")[0].status == 403


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2:"),
        ("2001:db8:1:2::6", "2001:db8:1:2:"),
        ("2001:db8::6", "2001:db8:"),
        ("2001:db8::7", "2001:db8:"),
    ],
)
def test_clients_are_counted_by_network(site: Site, address: str, key: str) -> None:
    with closing(HTTPConnection("127.0.0.1", site.proxy.network_port, timeout=30)) as client:
        client.request("GET", "/", headers={"X-Address": address})
        assert client.getresponse().read().decode() == key


def test_too_large_uploads_get_a_clear_answer(site: Site) -> None:
    head = f"POST /api/v1/reconcile HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: text/plain\r\n"
    with closing(site.proxy.connect()) as connection:
        # Refused before the body is sent.
        connection.sendall(f"{head}Content-Length: 100000000\r\n\r\n".encode())
        response = HTTPResponse(connection)
        response.begin()
        assert (response.status, b"larger than 8 MB" in response.read()) == (413, True)
    with closing(site.proxy.http()) as client:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        client.request("POST", "/api/v1/reconcile", b"queries=" + b"a" * (MAX_BODY_BYTES + 20_000), form)
        response = client.getresponse()
        assert response.status == 413
        assert json.loads(response.read())["code"]


def test_downloads_are_complete_and_slow_ones_hold_nobody_up(site: Site) -> None:
    file = site.manifest.file(DUMP.rpartition("/")[2])
    assert file is not None
    with ExitStack() as readers:
        slow = [readers.enter_context(slow_download(site, "127.0.0.40", DUMP)) for _ in range(3)]
        slow.append(readers.enter_context(slow_download(site, "127.0.0.40", EXPORT)))
        assert len(slow) == MAX_DOWNLOADS_PER_CLIENT
        refused, text = fetch(site, DUMP, "127.0.0.40")
        assert (refused.status, refused.headers["Retry-After"]) == (429, "10")
        assert b"downloads at once" in text
        assert fetch(site, "/en/", "127.0.0.40")[0].status == 200
        part, content = fetch(site, DUMP, "127.0.0.41", Range="bytes=10-19")
        assert (part.status, len(content)) == (206, 10)
        assert sha256(fetch(site, DUMP, "127.0.0.41")[1]).hexdigest() == file.sha256
        assert sha256(slow[0].read()).hexdigest() == file.sha256
        assert slow[3].read().count(b"\n") == int(slow[3].headers["X-Total-Count"])


@contextmanager
def slow_download(site: Site, address: str, path: str) -> Iterator[HTTPResponse]:
    """Yield a response of which little has been read."""
    with closing(site.proxy.connect(address, receive_bytes=WINDOW_BYTES)) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        with closing(HTTPResponse(connection)) as response:
            response.begin()
            assert response.status == 200
            yield response


def test_static_files_are_cached_by_the_proxy(site: Site) -> None:
    for _ in range(3):
        response, _content = fetch(site, "/static/map.js?v=of-this-test")
        assert response.status == 200
        assert "immutable" in response.headers["Cache-Control"]
    requests = [line for line in log_lines(site, "/static/<path:filename>") if "of-this-test" in line["path"]]
    assert len(requests) == 1


def test_300_unfinished_requests_keep_nobody_out(site: Site) -> None:
    with ExitStack() as senders:
        for _ in range(300):
            sender = socket.create_connection(
                ("127.0.0.1", site.proxy.https_port), 30, source_address=("127.0.0.50", 0)
            )
            senders.enter_context(closing(sender)).sendall(b"\x16")
        for address in ("127.0.0.50", "127.0.0.51"):
            assert fetch(site, "/en/", address)[0].status == 200


@pytest.mark.parametrize("beginning", [b"G", b"\x16", b"GET / HTTP/1.1\r\nHost: bank.example\r\nX-Slow: "])
def test_unfinished_heads_and_handshakes_are_closed(tmp_path: Path, beginning: bytes) -> None:
    with installed_nginx(tmp_path, free_port(), header_timeout="1s") as proxy:
        for port in (proxy.http_port, proxy.https_port):
            with closing(socket.create_connection(("127.0.0.1", port), 60)) as client:
                client.sendall(beginning)
                try:
                    # A plain head on the TLS port is answered with 400, then closed.
                    while client.recv(1000):
                        pass
                except ConnectionResetError:
                    pass


def test_a_stopped_server_is_reported_by_the_proxy(tmp_path: Path) -> None:
    with installed_nginx(tmp_path, free_port()) as proxy, closing(proxy.http()) as client:
        client.request("GET", "/en/")
        response = client.getresponse()
        assert (response.status, response.headers["Retry-After"]) == (503, "60")
        assert b"Try again in a minute" in response.read()
