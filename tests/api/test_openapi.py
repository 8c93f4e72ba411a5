"""The OpenAPI document is valid, and the API conforms to it for generated input."""

import re
from datetime import UTC, datetime

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection

from tests.support.profiles import scaled

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

#: Excluded checks. Of `queries` and `extend` only one is read, whatever the other contains, which
#: no OpenAPI schema can express for two arguments.
EXCLUDED_CHECKS = {"/api/v1/reconcile": [negative_data_rejection]}


def _date_strings() -> SearchStrategy[str]:
    """Return EDTF dates with four digits or unknown ones."""
    sure = st.dates().map(str)
    return st.one_of(
        sure,
        st.tuples(sure.map(lambda day: day[:7]), st.sampled_from("~?%")).map("".join),
        st.integers(-9999, 9999).map(lambda year: f"{'-' * (year < 0)}{abs(year):04}"),
        st.sampled_from(["18XX", "188X", "1885-XX-XX", "1885-09-XX", "1885-21", "-01XX"]),
    )


def _date_ranges() -> SearchStrategy[str]:
    ordered = st.tuples(st.dates(), st.dates()).map(sorted)
    return st.one_of(
        _date_strings(),
        st.tuples(_date_strings(), st.sampled_from(["{}..", "..{}", "<{}", ">={}", "[{}]", "{}/"])).map(
            lambda pair: pair[1].format(pair[0])
        ),
        st.tuples(ordered, st.sampled_from(["{}..{}", "{}/{}", "[{}..{}]"])).map(
            lambda pair: pair[1].format(*pair[0])
        ),
        st.sampled_from(["unknown", "1880s", "1880-1920", "..1900", "<880", "1880-cı illər"]),
    )


def _areas() -> SearchStrategy[str]:
    west, east = st.integers(-180, 180), st.floats(-180, 180).map(lambda value: f"{value:.4f}")
    south, north = st.integers(-90, 0), st.floats(0, 90).map(lambda value: f"{value:.4f}")
    return st.tuples(west, south, east, north).map(lambda value: ",".join(map(str, value)))


def _feed_marks() -> SearchStrategy[str]:
    """Return positions of the feed: its beginning, or a timestamp."""
    timestamps = st.datetimes(datetime(1900, 1, 1), timezones=st.just(UTC))
    return st.one_of(st.just("0"), st.dates().map(str), timestamps.map(datetime.isoformat))


#: Formats that no pattern can express completely.
for _format, _strategy in (("edtf-range", _date_ranges()), ("bbox", _areas()), ("feed-mark", _feed_marks())):
    schemathesis.openapi.format(_format, _strategy)


def test_the_document_is_valid_openapi_31(client: FlaskClient) -> None:
    document = client.get("/api/openapi.json").json
    validate(document)
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == PATHS


def test_every_endpoint_has_a_summary(client: FlaskClient) -> None:
    document = client.get("/api/openapi.json").json
    for path, operations in document["paths"].items():
        for method in set(operations) - {"parameters"}:
            assert operations[method]["summary"], (path, method)


def test_write_endpoints_document_their_parameters(client: FlaskClient) -> None:
    paths = client.get("/api/openapi.json").json["paths"]
    operation = paths["/api/v1/people/{person_id}"]["put"]
    assert {
        parameter["name"]: parameter.get("required", False)
        for parameter in operation["parameters"]
        if "name" in parameter
    } == {"If-Match": True, "message": False, "agrees": False}
    body = operation["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/Person"}
    assert {"200", "403", "409", "412", "422", "428"} <= set(operation["responses"])
    assert operation["security"] == [{"token": []}]


def test_only_array_parameters_may_be_repeated(client: FlaskClient) -> None:
    """Check GET endpoints; writes check rights first."""
    paths = client.get("/api/openapi.json").json["paths"]
    seen = {True: 0, False: 0}
    for path, operations in paths.items():
        for parameter in operations.get("get", {}).get("parameters", []):
            if parameter.get("in") != "query":
                continue
            is_array = parameter.get("schema", {}).get("type") == "array"
            url = path.replace("{what}", "entity").replace("{number}", "1")
            url = re.sub(r"{\w+}", "niyazi", url)
            response = client.get(f"{url}?{parameter['name']}=1&{parameter['name']}=2")
            message = f"{parameter['name']} occurs 2 times in the URL, but takes one value."
            assert (response.json.get("detail") == message) is not is_array, (path, parameter["name"])
            seen[is_array] += 1
    assert min(seen.values()) > 20


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("path", sorted(PATHS))
def test_generated_requests_get_documented_responses(app: Flask, path: str, mode: GenerationMode) -> None:
    """Check valid and invalid requests: no 5xx and no undocumented status, type or schema."""
    operation = schemathesis.openapi.from_wsgi("/api/openapi.json", app)[path]["GET"]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=scaled(21), derandomize=True, suppress_health_check=list(HealthCheck))
    def check_case(case: schemathesis.Case) -> None:
        # A URL cannot carry null, an empty list or an empty object.
        assume(not any(value in (None, [], {}) for value in (case.query or {}).values()))
        case.call_and_validate(
            # The test client does not decompress.
            headers={"Accept-Encoding": "identity"},
            excluded_checks=EXCLUDED_CHECKS.get(path, []),
        )

    try:
        check_case()
    except Unsatisfiable:
        pytest.skip("nothing about this request can be invalid")


def test_the_docs_use_only_local_files(client: FlaskClient) -> None:
    page = client.get("/api/docs")
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert "http://" not in text
    assert "https://" not in text
    for file in ("swagger-ui.css", "swagger-ui-bundle.js"):
        with client.get(f"/api/docs/{file}") as response:
            assert response.status_code == 200
    assert client.get("/api/docs/swagger-ui.js").status_code == 404
