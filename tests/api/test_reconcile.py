"""The reconciliation service over HTTP: forms, languages, previews and errors."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from biobank.exchange.reconciliation.query_parser import MAX_BATCH_BYTES
from biobank.exchange.reconciliation.service import PREVIEW_HEIGHT, PREVIEW_WIDTH
from tests.support.reconciliation import check

ROOT = "/api/v1/reconcile"
BATCH = {"q0": {"query": "Узеир Гаджибеков"}, "q1": {"query": "Nizami Ganjavi", "limit": 1}}


def test_without_arguments_the_manifest_is_returned(client: FlaskClient, shared: Path) -> None:
    response = client.get(ROOT)
    check(shared, "manifest", response.json)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    preview = response.json["preview"]
    assert (preview["width"], preview["height"]) == (PREVIEW_WIDTH, PREVIEW_HEIGHT)


def test_every_url_of_the_manifest_works(client: FlaskClient) -> None:
    manifest: dict[str, Any] = client.get(f"{ROOT}?lang=en").json
    for what, service in manifest["suggest"].items():
        suggestions = client.get(f"{service['service_url']}{service['service_path']}?prefix=b&cursor=0")
        assert suggestions.json["result"], what
        id_ = suggestions.json["result"][0]["id"]
        flyout = service["flyout_service_url"] + service["flyout_service_path"].replace("${id}", id_)
        assert client.get(flyout).json["id"] == id_
    propose = manifest["extend"]["propose_properties"]
    address = f"{propose['service_url']}{propose['service_path']}?type=person&limit=3"
    assert len(client.get(address).json["properties"]) == 3
    view = manifest["view"]["url"].replace("{{id}}", "uzeyir-hacibeyov")
    assert client.get(view, follow_redirects=True).status_code == 200
    preview = manifest["preview"]["url"].replace("{{id}}", "uzeyir-hacibeyov")
    assert "Uzeyir Hajibeyov" in client.get(preview).text
    for address in (manifest["schemaSpace"], manifest["documentation"], manifest["logo"]):
        with client.get(address) as response:
            assert response.status_code == 200, address


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_batch_is_answered_by_get_and_post(client: FlaskClient, shared: Path, method: str) -> None:
    form = {"queries": json.dumps(BATCH)}
    options = {"data": form} if method == "POST" else {"query_string": form}
    response = client.open(ROOT, method=method, **options)  # type: ignore[arg-type]
    check(shared, "reconciliation-result-batch", response.json)
    assert [response.json[key]["result"][0]["id"] for key in BATCH] == ["uzeyir-hacibeyov", "nizami-gencevi"]
    assert len(response.json["q1"]["result"]) == 1
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Cache-Control" not in response.headers


def test_values_are_fetched(client: FlaskClient, shared: Path) -> None:
    query = {"ids": ["uzeyir-hacibeyov"], "properties": [{"id": "url"}, {"id": "death_year"}]}
    response = client.post(ROOT, data={"extend": json.dumps(query)})
    check(shared, "data-extension-response", response.json)
    assert response.json["rows"]["uzeyir-hacibeyov"] == {
        "url": [{"str": "http://localhost/people/uzeyir-hacibeyov"}],
        "death_year": [{"int": 1948}],
    }


@pytest.mark.parametrize(
    ("arguments", "accepted", "lang"),
    [
        ("?lang=ru", "en", "ru"),
        ("", "en-GB,en;q=0.8", "en"),
        ("", "de,ru-KZ;q=0.5", "ru"),
        ("", "de", "az"),
        ("", "", "az"),
    ],
)
def test_the_language_is_requested_or_negotiated(
    client: FlaskClient, arguments: str, accepted: str, lang: str
) -> None:
    form = {"queries": json.dumps({"q": {"query": "Uzeyir Hajibeyov"}})}
    response = client.post(ROOT + arguments, data=form, headers={"Accept-Language": accepted})
    names = {"az": "Üzeyir Hacıbəyov", "en": "Uzeyir Hajibeyov", "ru": "Узеир Гаджибеков"}
    assert response.json["q"]["result"][0]["name"] == names[lang]
    assert response.headers["Content-Language"] == lang
    assert ("Accept-Language" in response.headers["Vary"]) == (not arguments)


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({}, "Send queries=… or extend=…"),
        ({"queries": "{"}, "queries is not JSON"),
        ({"queries": "[]"}, "an object"),
        ({"extend": "[]"}, "extend must be an object"),
        ({"queries": json.dumps({str(n): {"query": "x"} for n in range(51)})}, "51 queries"),
    ],
)
def test_unreadable_queries_are_rejected_with_the_reason(
    client: FlaskClient, form: dict[str, str], message: str
) -> None:
    response = client.post(ROOT, data=form)
    assert (response.status_code, response.json["code"]) == (400, "bad_query")
    assert message in response.json["detail"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_oversized_requests_are_rejected(client: FlaskClient) -> None:
    batch = json.dumps({"q": {"query": "x" * MAX_BATCH_BYTES}})
    assert client.post(ROOT, data={"queries": batch}).status_code == 400
    assert client.post(ROOT, data={"queries": batch * 30}).status_code == 413
    assert client.get(f"{ROOT}/suggest/entity?prefix={'x' * 601}").status_code == 400
    assert client.get(f"{ROOT}/suggest/entity?prefix=x&cursor=201").status_code == 400
    assert client.get(f"{ROOT}/preview").status_code == 400
    assert client.get(f"{ROOT}?lang=de").status_code == 400


def test_jsonp_is_not_supported(client: FlaskClient) -> None:
    """Check that `callback` is ignored; CORS allows every origin to read the response."""
    response = client.get(f"{ROOT}?callback=steal")
    assert response.content_type == "application/json"
    assert not response.text.startswith("steal")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_preview_may_be_framed_by_any_site_and_has_no_scripts(client: FlaskClient) -> None:
    reply = client.get(f"{ROOT}/preview?id=uzeyir-hacibeyov&lang=en")
    policy = reply.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    page = _Page(reply.text)
    assert page.tags.isdisjoint({"script", "style", "form", "iframe"})
    assert not page.attributes & {"style", "onload", "onerror"}
    for address in page.addresses:
        with client.get(address, follow_redirects=True) as response:
            assert response.status_code == 200, address


@pytest.mark.parametrize("lang", ["az", "en", "ru"])
def test_a_preview_of_an_unknown_id_is_404(client: FlaskClient, lang: str) -> None:
    response = client.get(f"{ROOT}/preview?id=nobody&lang={lang}")
    assert response.status_code == 404
    assert response.content_type == "text/html; charset=utf-8"
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]


def test_output_is_escaped(client: FlaskClient) -> None:
    markup = "<img src=x onerror=alert(1)>"
    assert markup not in client.get(f"{ROOT}/preview", query_string={"id": markup}).text
    form = {"queries": json.dumps({markup: {"query": markup, "type": markup}})}
    response = client.post(ROOT, data=form)
    assert response.content_type == "application/json"
    assert response.json[markup]["result"] == []


@pytest.mark.parametrize("what", ["entity", "type", "property"])
def test_a_flyout_of_an_unknown_id_is_404(client: FlaskClient, what: str) -> None:
    response = client.get(f"{ROOT}/flyout/{what}?id=nothing")
    assert (response.status_code, response.json["code"]) == (404, "not_found")


def test_an_id_redirects_to_its_permanent_url(client: FlaskClient) -> None:
    for ref, path in (
        ("uzeyir-hacibeyov", "/people/uzeyir-hacibeyov"),
        ("organisation/baku-music-academy", "/organisations/baku-music-academy"),
        ("place/baku", "/places/baku"),
        ("term/profession/poet", "/terms/profession/poet"),
    ):
        response = client.get(f"{ROOT}/view", query_string={"id": ref})
        assert (response.status_code, response.headers["Location"]) == (303, path)
    for ref in ("//evil.example", "../x", "place/../x", "http://evil.example"):
        assert client.get(f"{ROOT}/view", query_string={"id": ref}).status_code == 404


def test_a_type_that_is_too_long_is_rejected(client: FlaskClient) -> None:
    response = client.get(f"{ROOT}/suggest/entity?prefix=b&type={'x' * 3_000}")
    assert response.status_code == 400
    assert "type: Longer than" in response.json["detail"]


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name in ("href", "src") and value:
                self.addresses.append(value)
