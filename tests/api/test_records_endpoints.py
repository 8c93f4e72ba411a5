"""People, organisations, places, terms and sources as JSON."""

import pytest
from flask.testing import FlaskClient

from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated


def test_a_person_is_a_valid_import_record(client: FlaskClient) -> None:
    record = client.get("/api/v1/people/xursidbanu-natevan").json
    assert load_validated(person_schema, record) == record


def test_conditional_requests_of_a_person(client: FlaskClient) -> None:
    first = client.get("/api/v1/people/uzeyir-hacibeyov")
    repeated = client.get("/api/v1/people/uzeyir-hacibeyov", headers={"If-None-Match": first.headers["ETag"]})
    assert (repeated.status_code, repeated.data) == (304, b"")
    changed = client.get("/api/v1/people/uzeyir-hacibeyov", headers={"If-None-Match": '"0"'})
    assert changed.status_code == 200


@pytest.mark.parametrize("kind", ["people", "organisations", "places", "terms", "sources"])
def test_pages_of_a_list_contain_every_record_once(client: FlaskClient, kind: str) -> None:
    seen: list[str] = []
    page = 1
    while items := client.get(f"/api/v1/{kind}?page={page}&size=100").json["items"]:
        seen += [f"{item.get('vocabulary', '')}/{item['id']}" for item in items]
        page += 1
    total = client.get(f"/api/v1/{kind}").json["total"]
    assert len(seen) == len(set(seen)) == total


@pytest.mark.parametrize("kind", ["people", "organisations", "places", "sources"])
def test_an_unknown_id_is_a_problem_document(client: FlaskClient, kind: str) -> None:
    response = client.get(f"/api/v1/{kind}/nobody-of-this-name")
    assert response.status_code == 404
    assert response.content_type == "application/problem+json"
    assert response.json["code"] == "not_found"


def test_terms_of_one_vocabulary(client: FlaskClient) -> None:
    body = client.get("/api/v1/terms?vocabulary=profession&size=100").json
    assert {term["vocabulary"] for term in body["items"]} == {"profession"}
    assert client.get("/api/v1/terms?vocabulary=colours").json["code"] == "bad_query"


def test_an_unsupported_method_returns_the_allowed_ones(client: FlaskClient) -> None:
    response = client.delete("/api/v1/people")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert response.json["code"] == "method_not_allowed"


def test_similar_people_have_their_shared_features(client: FlaskClient) -> None:
    items = client.get("/api/v1/people/nizami-gencevi/similar?lang=en").json["items"]
    niyazi = next(item for item in items if item["id"] == "niyazi")
    assert niyazi["name"] == "Niyazi"
    assert niyazi["years"] == "1912–1984"
    assert niyazi["headline"]
    assert niyazi["reasons"] == [{"kind": "work", "value": "xosrov ve sirin", "label": "Khosrow and Shirin"}]
    assert client.get("/api/v1/people/nizami-gencevi/similar?size=1").json["items"][0]["name"]


def test_similar_people_of_an_unknown_person_are_404(client: FlaskClient) -> None:
    response = client.get("/api/v1/people/nobody-of-this-name/similar")
    assert (response.status_code, response.json["code"]) == (404, "not_found")
    assert client.get("/api/v1/people/nizami-gencevi/similar?size=0").status_code == 400
