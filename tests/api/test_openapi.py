"""The OpenAPI document is valid, and the API does what it says for generated input."""

from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from openapi_spec_validator import validate

from biobank import extensions

PATHS = {
    "/api/v1/search",
    "/api/v1/suggest",
    "/api/v1/people",
    "/api/v1/people/{person_id}",
    "/api/v1/organisations",
    "/api/v1/organisations/{organisation_id}",
    "/api/v1/places",
    "/api/v1/places/{place_id}",
    "/api/v1/terms",
    "/api/v1/sources",
    "/api/v1/sources/{source_id}",
}


@pytest.fixture
def api_schema(app: Flask) -> Any:
    return schemathesis.openapi.from_wsgi("/api/openapi.json", app)


schema = schemathesis.pytest.from_fixture("api_schema")


def test_the_document_is_valid_openapi_31(client: FlaskClient) -> None:
    document = client.get("/api/openapi.json").json
    validate(document)
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == PATHS


def test_every_endpoint_says_what_it_is_for(client: FlaskClient) -> None:
    document = client.get("/api/openapi.json").json
    for path, operations in document["paths"].items():
        assert operations["get"]["summary"], path


@schema.parametrize()
@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
def test_generated_requests_get_documented_answers(case: Any) -> None:
    extensions.limiter.reset()
    case.call_and_validate()


def test_the_docs_are_served_from_here_alone(client: FlaskClient) -> None:
    page = client.get("/api/docs")
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert "http://" not in text and "https://" not in text
    for file in ("swagger-ui.css", "swagger-ui-bundle.js"):
        assert client.get(f"/api/docs/{file}").status_code == 200
    assert client.get("/api/docs/swagger-ui.js").status_code == 404
