"""Search exports contain all results in order, in every format and language."""

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from html import unescape
from urllib.parse import unquote, urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from biobank.bootstrap import Services, make_services
from biobank.common.i18n import LANGUAGES
from biobank.exchange.exports.formats import EXPORT_FORMATS, EXPORT_FORMATS_BY_EXTENSION
from biobank.http.streaming import search_export_response
from biobank.search.query import SearchQuery
from biobank.settings import Settings
from biobank.web.search.exports import make_print_page
from tests.support.apps import create_app
from tests.support.pages import attributes
from tests.support.references import check_atom, read_bibtex, read_ris

QUESTIONS = (
    "",
    "q=composer",
    "q=şair&sort=name",
    "q=hacibeyov",
    "q=hacibeyovv",
    "q=blind+composer+xyzzy",
    "profession=poet&profession=-ashug&sort=birth",
    "born=1880..1920&certainty=certain&sort=-birth",
    "gender=female&sort=updated",
    "q=qqqxyzzy&profession=poet",
    "q=profession:composer+-gender:female+born:1880..1920",
    "q=(şair+OR+bəstəkar)+place:baku&sort=name",
    "bbox=44,38,51,42&tie=birth",
)


def _ids(response: TestResponse, ending: str) -> list[str]:
    if ending == "eac.zip":
        with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
            return [name.removesuffix(".xml") for name in archive.namelist()]
    text = response.get_data(as_text=True)
    if ending == "csv":
        return [row["id"] for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))]
    if ending == "jsonl":
        return [json.loads(line)["id"] for line in text.splitlines()]
    if ending == "ris":
        return [entry["ID"][0] for entry in read_ris(text)]
    if ending == "ged":
        return [record_id.lower().replace("_", "-") for record_id in re.findall(r"\n0 @I_(\w+)@ INDI", text)]
    return list(read_bibtex(text))


def _paged_ids(client: FlaskClient, question: str, lang: str) -> list[str]:
    ids: list[str] = []
    page = 1
    while True:
        address = f"/api/v1/search?{question}&lang={lang}&size=19&page={page}"
        hits = client.get(address).json["hits"]  # type: ignore[index]
        if not hits:
            return ids
        ids += [hit["id"] for hit in hits]
        page += 1


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_export_format_has_the_results_in_paging_order(
    client: FlaskClient, question: str, lang: str
) -> None:
    paged_ids = _paged_ids(client, question, lang)
    for ending in EXPORT_FORMATS_BY_EXTENSION:
        response = client.get(f"/{lang}/search.{ending}?{question}")
        assert response.status_code == 200
        assert response.headers["X-Total-Count"] == str(len(paged_ids))
        assert _ids(response, ending) == paged_ids, ending
    print_page = client.get(f"/{lang}/search/list?{question}").text
    listed = attributes(print_page, "a.print-list-name", "href") if paged_ids else []
    assert [url.rpartition("/")[2] for url in listed] == paged_ids


def test_export_ignores_page_and_size(client: FlaskClient) -> None:
    content = client.get("/en/search.csv?q=composer").data
    assert client.get("/en/search.csv?q=composer&page=2&size=1").data == content
    assert client.get("/en/search.csv?q=composer&page=500").data == content


def test_api_export_allows_every_origin(client: FlaskClient) -> None:
    for name, format_ in EXPORT_FORMATS.items():
        page = client.get(f"/ru/search.{format_.extension}?q=поэт")
        response = client.get(f"/api/v1/search/export?format={name}&lang=ru&q=поэт")
        assert response.data == page.data
        assert response.content_type == format_.media_type
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "X-Total-Count" in response.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("address", ["", "format=xml", "format=csv&page=0", "format=csv&born=x"])
def test_api_export_rejects_invalid_format(client: FlaskClient, address: str) -> None:
    response = client.get(f"/api/v1/search/export?{address}")
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"


@pytest.mark.parametrize(
    ("ending", "media_type"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("jsonl", "application/x-ndjson"),
        ("ris", "application/x-research-info-systems"),
        ("bib", "application/x-bibtex"),
        ("eac.zip", "application/zip"),
        ("ged", "text/vnd.familysearch.gedcom; charset=utf-8"),
        ("atom", "application/atom+xml; charset=utf-8"),
    ],
)
def test_export_headers_match_head_request(client: FlaskClient, ending: str, media_type: str) -> None:
    full = client.get(f"/az/search.{ending}?q=şair")
    head_response = client.head(f"/az/search.{ending}?q=şair")
    assert full.content_type == head_response.content_type == media_type
    assert head_response.status_code == 200
    assert head_response.data == b""
    for name in ("X-Total-Count", "Content-Disposition"):
        assert head_response.headers.get(name) == full.headers.get(name)
    assert int(full.headers["X-Total-Count"]) > 5


def test_filename_is_ascii_and_utf8(client: FlaskClient) -> None:
    name = client.get("/az/search.csv?q=Şuşa+operası&gender=-male").headers["Content-Disposition"]
    assert re.search(r'filename="?biobank-susa-operasi-gender-male-\d{4}-\d\d-\d\d\.csv', name)
    encoded = re.search(r"filename\*=UTF-8''(\S+)", name)
    assert encoded
    assert re.fullmatch(r"biobank-Şuşa-operası-gender-male-\d{4}-\d\d-\d\d\.csv", unquote(encoded[1]))
    disposition = client.get("/az/search.ris").headers["Content-Disposition"]
    assert "biobank-everyone-" in disposition


@pytest.mark.parametrize("q", ['"; rm "', "../../etc/passwd", "a/b\\c:d*?", "名前", "%" * 300])
def test_filename_is_safe_for_every_query(client: FlaskClient, q: str) -> None:
    response = client.get("/az/search.csv", query_string={"q": q})
    assert response.status_code == 200
    name = response.headers["Content-Disposition"]
    assert name.isascii()
    assert re.fullmatch(
        r'attachment; filename="?biobank-[a-z0-9-]*\.csv"?; '
        r"filename\*=UTF-8''biobank-[\w%-]*\.csv",
        name,
    )
    assert len(name) < 700


def test_export_is_streamed(app: Flask, services: Services) -> None:
    with app.test_request_context("/"):
        response = search_export_response(services, SearchQuery(lang="az"), EXPORT_FORMATS["jsonl"])
        assert response.is_streamed
        assert response.content_length is None
        chunk_sizes = [len(chunk) for chunk in response.iter_encoded()]
    assert len(chunk_sizes) > 5
    assert max(chunk_sizes) < 300_000


def test_exports_set_no_cookie_and_are_not_indexed(client: FlaskClient) -> None:
    response = client.get("/en/search.csv?q=poet")
    assert "Set-Cookie" not in response.headers
    assert response.headers["X-Robots-Tag"] == "noindex"
    robots = RobotFileParser()
    robots.parse(client.get("/robots.txt").text.splitlines())
    for path in (
        *(
            f"/{lang}/search.{ending}?q=a"
            for lang in LANGUAGES
            for ending in (*EXPORT_FORMATS_BY_EXTENSION, "atom")
        ),
        *(f"/{lang}/search/list" for lang in LANGUAGES),
        *(f"/{lang}/suggestions.json?q=a" for lang in LANGUAGES),
        "/api/v1/search/export?format=csv",
    ):
        assert not robots.can_fetch("any", f"http://localhost{path}"), path
    assert robots.can_fetch("any", "http://localhost/en/people/nizami-gencevi")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", ["search.csv", "search.bib", "search.atom", "search/list"])
@pytest.mark.parametrize("address", ["page=0", "born=never", "sort=rank", "q=" + "x" * 601])
def test_invalid_query_fails_as_in_search(client: FlaskClient, lang: str, form: str, address: str) -> None:
    response = client.get(f"/{lang}/{form}?{address}")
    search = client.get(f"/{lang}/search?{address}")
    assert (response.status_code, response.mimetype) == (search.status_code, "text/html")
    assert response.status_code == 400
    assert "Content-Disposition" not in response.headers


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_feed_lists_last_updated_people(
    client: FlaskClient, question: str, lang: str, services: Services
) -> None:
    response = client.get(f"/{lang}/search.atom?{question}")
    root = ElementTree.fromstring(response.data)
    check_atom(root)
    unsorted_query = re.sub(r"&?sort=[^&]*", "", question)
    expected = _paged_ids(client, f"{unsorted_query}&sort=updated", lang)
    entries = root.findall("{*}entry")
    ids = [entry.findtext("{*}id") for entry in entries]
    assert ids == [f"http://localhost/people/{id_}" for id_ in expected[:50]]
    assert response.headers["X-Total-Count"] == str(len(expected))
    timestamps = [str(entry.findtext("{*}updated")) for entry in entries]
    assert timestamps == sorted(timestamps, reverse=True)
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == lang
    links = {link.get("rel"): str(link.get("href")) for link in root.findall("{*}link")}
    assert root.findtext("{*}id") == links["alternate"]
    for href in links.values():
        assert client.get(href.removeprefix("http://localhost")).status_code == 200


def test_unchanged_feed_answers_304(client: FlaskClient) -> None:
    first = client.get("/en/search.atom?q=composer")
    repeated = client.get("/en/search.atom?q=composer", headers={"If-None-Match": first.headers["ETag"]})
    assert (repeated.status_code, repeated.data) == (304, b"")
    assert client.get("/en/search.atom?q=composer&page=3&sort=name").data == first.data


@pytest.mark.parametrize("lang", LANGUAGES)
def test_menu_links_every_format_of_all_results(client: FlaskClient, lang: str) -> None:
    html = client.get(f"/{lang}/search?q=şair&century=19&sort=name&size=5&page=2").text
    links = attributes(html, "details.export [href]", "href")
    assert [urlsplit(link).path.removeprefix(f"/{lang}/") for link in links] == [
        *(f"search.{ending}" for ending in EXPORT_FORMATS_BY_EXTENSION),
        "search/list",
        "search.atom",
    ]
    for link in links:
        assert client.get(link).status_code == 200
        assert "page=" not in link
        assert "size=" not in link
    (permanent,) = attributes(html, "details.export input#permanent", "value")
    assert permanent == f"http://localhost/{lang}/search?profession=poet&century=19&sort=name"
    feeds = attributes(html, "link[rel=alternate][type='application/atom+xml']", "href")
    assert feeds[0] == links[-1]


def test_empty_results_offer_a_feed(client: FlaskClient) -> None:
    html = client.get("/en/search?q=qqqxyzzy&profession=poet").text
    assert "search.atom" in html
    assert "search.csv" not in html


def test_long_print_list_links_to_the_file(app: Flask, client: FlaskClient, services: Services) -> None:
    with app.test_request_context("/en/search/list"):
        page = make_print_page(services, SearchQuery(lang="en", sort="name"), max_people=10)
    assert len(page.people) == 10
    assert page.total == services.people_count()
    assert _ids(client.get(page.csv_url), "csv")[:10] == [card.id for card, _ in page.people]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("az", ("Peşə: şair", "istisna: Cins: kişi", "Sıralama: Ad", "Axtarışa qayıt")),
        ("en", ("Profession: poet", "excluding Gender: male", "Sorted by: Name", "Back to search")),
        ("ru", ("Профессия: поэт", "кроме: Пол: мужской", "Сортировка: Имя", "Вернуться к поиску")),
    ],
)
def test_print_list_shows_query_and_date(client: FlaskClient, lang: str, words: tuple[str, ...]) -> None:
    html = client.get(f"/{lang}/search/list?profession=poet&gender=-male&sort=name").text
    for word in words:
        assert word in unescape(html)
    assert "http://localhost/people/xursidbanu-natevan" in html
    assert f"http://localhost/{lang}/search?profession=poet" in unescape(html)
    assert "noindex" in html


def test_exported_urls_use_the_base_url(bank: Settings) -> None:
    services = make_services(replace(bank, base_url="https://bank.example"))
    client = create_app(services).test_client()
    assert "https://bank.example/people/nizami-gencevi" in client.get("/en/search.csv").text
    assert "localhost" not in client.get("/en/search.bib?q=poet").text
    assert "localhost" not in client.get("/en/search.atom?q=poet").text
    assert "localhost" not in client.get("/en/opensearch.xml").text
    services.close()
