"""Dump downloads over HTTP and the page that lists them."""

import json
from contextlib import ExitStack

import pytest
from flask.testing import FlaskClient

from biobank.app import create_app
from biobank.bootstrap import Services
from biobank.exchange.dumps import keeping
from biobank.exchange.dumps.files import FORMATS
from biobank.exchange.dumps.manifest import Manifest
from biobank.readers import EACH_MOST
from biobank.web.data_page import size_words
from tests.support import graphs

FILE = "/dumps/biobank.csv.gz"


@pytest.fixture
def dumped(own_services: Services) -> Manifest:
    folder = own_services.settings.dumps_dir
    return keeping.renew(own_services.database, folder, "http://localhost")


@pytest.fixture
def reader(own_services: Services) -> FlaskClient:
    return create_app(own_services, at_once=4).test_client()


def test_each_file_is_sent_whole_with_its_hash(reader: FlaskClient, dumped: Manifest) -> None:
    assert len(dumped.files) == len(FORMATS)
    for file in dumped.files:
        with reader.get(f"/dumps/{file.name}") as answer:
            assert answer.status_code == 200
            assert answer.mimetype == "application/gzip"
            assert "Content-Encoding" not in answer.headers
            assert len(answer.data) == file.bytes
            assert answer.headers["ETag"] == f'"{file.sha256}"'
            assert "Last-Modified" in answer.headers
            assert 'rel="license"' in answer.headers["Link"]
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert file.name in answer.headers["Content-Disposition"]


def test_a_download_goes_on_where_it_stopped(reader: FlaskClient, dumped: Manifest) -> None:
    with reader.get(FILE) as answer:
        whole, tag = answer.data, answer.headers["ETag"]
    headers = {"Range": "bytes=100-", "If-Range": tag}
    with reader.get(FILE, headers=headers) as rest:
        assert rest.status_code == 206
        assert whole[:100] + rest.data == whole
    with reader.get(FILE, headers={**headers, "If-Range": '"another"'}) as anew:
        assert (anew.status_code, anew.data) == (200, whole)
    with reader.get(FILE, headers={"If-None-Match": tag}) as same:
        assert same.status_code == 304
    with reader.get(FILE, headers={"Range": f"bytes={len(whole) + 1}-"}) as beyond:
        assert beyond.status_code == 416
    with reader.head(FILE) as head:
        assert head.headers["Content-Length"] == str(len(whole))


def test_so_many_are_sent_to_one_address_at_once_and_no_more(
    reader: FlaskClient, dumped: Manifest
) -> None:
    with ExitStack() as others:
        for _ in range(EACH_MOST):
            others.enter_context(reader.get(FILE))
        with reader.get(FILE, headers={"Accept-Language": "ru"}) as refused:
            assert refused.status_code == 429
            assert int(refused.headers["Retry-After"]) > 1
            assert "Несколько файлов уже" in refused.text
        with reader.get("/api/v1/search/export?format=csv") as refused:
            assert refused.json["code"] == "too_many_downloads"
        elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
        for path in (FILE, "/en/search.csv?q=composer", "/sitemaps/people-1.xml"):
            with reader.get(path, environ_base=elsewhere) as answer:
                assert answer.status_code == 200
        # Small downloads are not limited.
        with reader.get("/dumps/SHA256SUMS") as sums:
            assert sums.status_code == 200
    for _ in range(2 * EACH_MOST):
        for ask in (reader.get, reader.head):
            with ask(FILE) as answer:
                assert answer.status_code == 200
        with reader.get(FILE, headers={"Range": "bytes=9999999999-"}) as beyond:
            assert beyond.status_code == 416


def test_programs_are_given_the_manifest_and_people_the_page(
    reader: FlaskClient, dumped: Manifest
) -> None:
    page = reader.get("/dumps/", headers={"Accept": "text/html", "Accept-Language": "ru"})
    assert (page.status_code, page.headers["Location"]) == (303, "/ru/data#dumps")
    asked = {"Accept": "application/json"}
    with reader.get("/dumps/", headers=asked, follow_redirects=True) as answer:
        assert json.loads(answer.data) == dumped.as_dict()
    with reader.get("/dumps/SHA256SUMS") as sums:
        assert sums.text == dumped.sums


def test_void_tells_of_the_dumps_that_are_there(reader: FlaskClient, dumped: Manifest) -> None:
    graph = graphs.parse(reader.get("/.well-known/void").data, "ttl")
    void = graphs.rdflib.Namespace("http://rdfs.org/ns/void#")
    told = {str(it) for it in graph.objects(None, void.dataDump)}
    linked = [file.name for file in dumped.files if file.statements]
    assert told == {f"http://localhost/dumps/{name}" for name in linked}
    assert [int(str(it)) for it in graph.objects(None, void.triples)] == [dumped.triples]


@pytest.mark.parametrize(
    "name", ["CURRENT", "..%2fbiobank.db", ".CURRENT.part", "biobank.xml.gz", "%2e%2e", "x" * 300]
)
def test_nothing_else_of_the_folder_is_sent(
    reader: FlaskClient, dumped: Manifest, name: str
) -> None:
    assert reader.get(f"/dumps/{name}").status_code == 404


@pytest.mark.parametrize("lang", ["az", "en", "ru"])
def test_the_page_tells_sizes_and_the_day(reader: FlaskClient, dumped: Manifest, lang: str) -> None:
    html = reader.get(f"/{lang}/data").text
    for file in dumped.files:
        assert f'href="/dumps/{file.name}"' in html
    assert f'datetime="{dumped.made:%Y-%m-%d}"' in html
    for path in ("/api/v1/reconcile", "/api/v1/changes", f"/{lang}/embed", "/api/docs"):
        assert path in html
    assert f'href="/{lang}/data"' in reader.get(f"/{lang}/").text


def test_a_bank_without_dumps_says_so(client: FlaskClient) -> None:
    assert client.get(FILE).status_code == 404
    assert client.get("/dumps/manifest.json").status_code == 404
    page = client.get("/en/data")
    assert "not made yet" in page.text
    assert "/dumps/biobank" not in page.text


@pytest.mark.parametrize(
    ("size", "lang", "said"),
    [
        (0, "en", "1 kB"),
        (999_499, "en", "999 kB"),
        (1_234_567, "en", "1.2 MB"),
        (1_234_567, "ru", "1,2 МБ"),
        (12_300_000_000, "az", "12,3 GB"),
    ],
)
def test_sizes_are_as_readers_know_them(
    client: FlaskClient, size: int, lang: str, said: str
) -> None:
    with client.application.test_request_context(f"/{lang}/data"):
        client.application.preprocess_request()
        assert size_words(size, lang).replace("\xa0", " ") == said
