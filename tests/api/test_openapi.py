"""The OpenAPI document is valid, and the API does what it says for generated input."""

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
)

from biobank import extensions

PATHS = {
    "/api/v1/changes",
    "/api/v1/me",
    "/api/v1/search",
    "/api/v1/search/export",
    "/api/v1/suggest",
    "/api/v1/cards",
    "/api/v1/values",
    "/api/v1/people",
    "/api/v1/people/{person_id}",
    "/api/v1/people/{person_id}/card",
    "/api/v1/people/{person_id}/citation",
    "/api/v1/people/{person_id}/draft",
    "/api/v1/people/{person_id}/similar",
    "/api/v1/people/{person_id}/state",
    "/api/v1/people/{person_id}/revisions",
    "/api/v1/people/{person_id}/revisions/{number}",
    "/api/v1/people/{person_id}/revisions/{number}/changes",
    "/api/v1/reconcile",
    "/api/v1/reconcile/flyout/{what}",
    "/api/v1/reconcile/preview",
    "/api/v1/reconcile/properties",
    "/api/v1/reconcile/suggest/{what}",
    "/api/v1/reconcile/view",
    "/api/v1/organisations",
    "/api/v1/organisations/{organisation_id}",
    "/api/v1/places",
    "/api/v1/places/{place_id}",
    "/api/v1/terms",
    "/api/v1/sources",
    "/api/v1/sources/{source_id}",
    "/api/v1/sources/{source_id}/citation",
}


def test_the_document_is_valid_openapi_31(client: FlaskClient) -> None:
    document = client.get("/api/openapi.json").json
    validate(document)
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == PATHS


def test_every_endpoint_says_what_it_is_for(client: FlaskClient) -> None:
    document = client.get("/api/openapi.json").json
    for path, operations in document["paths"].items():
        for method in set(operations) - {"parameters"}:
            assert operations[method]["summary"], (path, method)


def test_what_writes_says_how(client: FlaskClient) -> None:
    paths = client.get("/api/openapi.json").json["paths"]
    put = paths["/api/v1/people/{person_id}"]["put"]
    assert {it["name"]: it.get("required", False) for it in put["parameters"] if "name" in it} == {
        "If-Match": True,
        "message": False,
        "agrees": False,
    }
    body = put["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/Person"}
    assert {"200", "403", "409", "412", "422", "428"} <= set(put["responses"])
    assert put["security"] == [{"token": []}]


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("path", sorted(PATHS))
def test_generated_requests_get_documented_answers(
    app: Flask, path: str, mode: GenerationMode
) -> None:
    """Valid and invalid requests alike: no 5xx, no status, type or shape that is not documented."""
    operation = schemathesis.openapi.from_wsgi("/api/openapi.json", app)[path]["GET"]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    def ask(case: schemathesis.Case) -> None:
        extensions.limiter.reset()
        case.call_and_validate(
            # The client of the tests does not decompress. An empty argument counts as none, and
            # what a date is no schema can say.
            headers={"Accept-Encoding": "identity"},
            excluded_checks=[positive_data_acceptance, negative_data_rejection],
        )

    try:
        ask()
    except Unsatisfiable:
        pytest.skip("nothing about this request can be invalid")


def test_the_docs_are_served_from_here_alone(client: FlaskClient) -> None:
    page = client.get("/api/docs")
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert "http://" not in text
    assert "https://" not in text
    for file in ("swagger-ui.css", "swagger-ui-bundle.js"):
        with client.get(f"/api/docs/{file}") as response:
            assert response.status_code == 200
    assert client.get("/api/docs/swagger-ui.js").status_code == 404
