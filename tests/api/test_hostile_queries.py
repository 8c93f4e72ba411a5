"""Hostile queries are answered or rejected with a code, but never fail."""

import pytest
from flask.testing import FlaskClient

from biobank.search.query import MAX_PAGE_SIZE
from tests.support.hostile_urls import HostileUrlGenerator
from tests.support.profiles import scaled

QUERY_COUNT = scaled(300)
#: Error codes with which a URL may be rejected.
ALLOWED_ERROR_CODES = {"bad_query", "bad_date", "bad_request", "query_too_long", "bad_format"}


@pytest.fixture(scope="module")
def hostile() -> HostileUrlGenerator:
    return HostileUrlGenerator(1885)


def test_no_hostile_query_fails(client: FlaskClient, hostile: HostileUrlGenerator) -> None:
    answered = 0
    for _ in range(QUERY_COUNT):
        address = hostile.address()
        response = client.get(address.url)
        assert response.status_code in (200, 400), address
        if response.status_code == 200:
            answered += 1
        elif address.url.startswith("/api/"):
            assert response.json["code"] in ALLOWED_ERROR_CODES, (address, response.json)
        if response.status_code == 200 and address.url.startswith("/api/v1/search?"):
            body = response.json
            assert len(body["hits"]) <= min(body["total"], MAX_PAGE_SIZE)
            assert body["total"] == 0 or not body["relax"]
        assert b"Traceback" not in response.data
        assert b"<script>alert" not in response.data or response.is_json
    # Most of them are strange but valid.
    assert answered > QUERY_COUNT / 2
