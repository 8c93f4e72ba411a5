"""Dump downloads over HTTP and the page that lists them."""

import json
from contextlib import ExitStack

import pytest
from flask.testing import FlaskClient

from biobank.bootstrap import Services
from biobank.exchange.dumps import publisher
from biobank.exchange.dumps.files import DUMP_FORMATS, Manifest
from biobank.http.download_limits import MAX_DOWNLOADS_PER_CLIENT
from biobank.web.data.pages import format_size
from tests.support import graphs
from tests.support.apps import create_app
from tests.support.pages import select

FILE = "/dumps/biobank.csv.gz"


@pytest.fixture
def dumped(own_services: Services) -> Manifest:
    folder = own_services.settings.dumps_dir
    return publisher.renew(own_services.database, folder, "http://localhost")


@pytest.fixture
def reader(own_services: Services) -> FlaskClient:
    return create_app(own_services, max_concurrency=4).test_client()


def test_dump_files_are_served_with_their_hash(reader: FlaskClient, dumped: Manifest) -> None:
    assert len(dumped.files) == len(DUMP_FORMATS)
    for file in dumped.files:
        with reader.get(f"/dumps/{file.name}") as response:
            assert response.status_code == 200
            assert response.mimetype == "application/gzip"
            assert "Content-Encoding" not in response.headers
            assert len(response.data) == file.bytes
            assert response.headers["ETag"] == f'"{file.sha256}"'
            assert "Last-Modified" in response.headers
            assert 'rel="license"' in response.headers["Link"]
            assert response.headers["Access-Control-Allow-Origin"] == "*"
            assert file.name in response.headers["Content-Disposition"]


def test_download_resumes_with_range(reader: FlaskClient, dumped: Manifest) -> None:
    with reader.get(FILE) as response:
        content, tag = response.data, response.headers["ETag"]
    headers = {"Range": "bytes=100-", "If-Range": tag}
    with reader.get(FILE, headers=headers) as partial:
        assert partial.status_code == 206
        assert content[:100] + partial.data == content
    with reader.get(FILE, headers={**headers, "If-Range": '"another"'}) as restarted:
        assert (restarted.status_code, restarted.data) == (200, content)
    with reader.get(FILE, headers={"If-None-Match": tag}) as not_modified:
        assert not_modified.status_code == 304
    with reader.get(FILE, headers={"Range": f"bytes={len(content) + 1}-"}) as beyond:
        assert beyond.status_code == 416
    with reader.head(FILE) as head_response:
        assert head_response.headers["Content-Length"] == str(len(content))


def test_concurrent_downloads_are_limited_per_address(reader: FlaskClient, dumped: Manifest) -> None:
    with ExitStack() as downloads:
        for _ in range(MAX_DOWNLOADS_PER_CLIENT):
            downloads.enter_context(reader.get(FILE))
        with reader.get(FILE, headers={"Accept-Language": "ru"}) as refused:
            assert refused.status_code == 429
            assert int(refused.headers["Retry-After"]) > 1
            assert (
                "Уже скачивается несколько файлов. Начните следующее скачивание, когда завершится одно из текущих."
                in refused.text
            )
        with reader.get("/api/v1/search/export?format=csv") as refused:
            assert refused.json["code"] == "too_many_downloads"
        elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
        for path in (FILE, "/en/search.csv?q=composer", "/sitemaps/people-1.xml"):
            with reader.get(path, environ_base=elsewhere) as response:
                assert response.status_code == 200
        # Small downloads are not limited.
        with reader.get("/dumps/SHA256SUMS") as sums:
            assert sums.status_code == 200
    for _ in range(2 * MAX_DOWNLOADS_PER_CLIENT):
        for request in (reader.get, reader.head):
            with request(FILE) as response:
                assert response.status_code == 200
        with reader.get(FILE, headers={"Range": "bytes=9999999999-"}) as beyond:
            assert beyond.status_code == 416


def test_manifest_or_page_by_content_negotiation(reader: FlaskClient, dumped: Manifest) -> None:
    page = reader.get("/dumps/", headers={"Accept": "text/html", "Accept-Language": "ru"})
    assert (page.status_code, page.headers["Location"]) == (303, "/ru/data#dumps")
    headers = {"Accept": "application/json"}
    with reader.get("/dumps/", headers=headers, follow_redirects=True) as response:
        assert json.loads(response.data) == dumped.to_dict()
    with reader.get("/dumps/SHA256SUMS") as sums:
        assert sums.text == dumped.checksums


def test_void_lists_existing_dumps(reader: FlaskClient, dumped: Manifest) -> None:
    graph = graphs.parse(reader.get("/.well-known/void").data, "ttl")
    void = graphs.rdflib.Namespace("http://rdfs.org/ns/void#")
    dumps = {str(dump) for dump in graph.objects(None, void.dataDump)}
    linked = [file.name for file in dumped.files if file.statements]
    assert dumps == {f"http://localhost/dumps/{name}" for name in linked}
    assert [int(str(dump)) for dump in graph.objects(None, void.triples)] == [dumped.triple_count]


@pytest.mark.parametrize(
    "name", ["CURRENT", "..%2fbiobank.db", ".CURRENT.part", "biobank.xml.gz", "%2e%2e", "x" * 300]
)
def test_other_files_of_the_folder_are_not_served(reader: FlaskClient, dumped: Manifest, name: str) -> None:
    assert reader.get(f"/dumps/{name}").status_code == 404


@pytest.mark.parametrize("lang", ["az", "en", "ru"])
def test_page_shows_sizes_and_date(reader: FlaskClient, dumped: Manifest, lang: str) -> None:
    html = reader.get(f"/{lang}/data").text
    for file in dumped.files:
        assert select(html, f"a[href='/dumps/{file.name}']")
    assert select(html, f"time[datetime='{dumped.created_at:%Y-%m-%d}']")
    for path in ("/api/v1/reconcile", "/api/v1/changes", f"/{lang}/embed", "/api/docs"):
        assert path in html
    assert select(reader.get(f"/{lang}/").text, f"a[href='/{lang}/data']")


def test_page_without_dumps(client: FlaskClient) -> None:
    assert client.get(FILE).status_code == 404
    assert client.get("/dumps/manifest.json").status_code == 404
    page = client.get("/en/data")
    assert "not ready yet" in page.text
    assert "/dumps/biobank" not in page.text


@pytest.mark.parametrize(
    ("size", "lang", "expected"),
    [
        (0, "en", "1 kB"),
        (999_499, "en", "999 kB"),
        (1_234_567, "en", "1.2 MB"),
        (1_234_567, "ru", "1,2 МБ"),
        (12_300_000_000, "az", "12,3 GB"),
    ],
)
def test_file_size_formatting(client: FlaskClient, size: int, lang: str, expected: str) -> None:
    with client.application.test_request_context(f"/{lang}/data"):
        client.application.preprocess_request()
        assert format_size(size, lang).replace("\xa0", " ") == expected
