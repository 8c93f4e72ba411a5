"""Hostile queries are answered or rejected with a code, but never fail."""

import pytest
from flask.testing import FlaskClient

from biobank.search.query import SIZE_MOST
from tests.support.hostile import Hostile

QUESTIONS = 300
#: Error codes with which a URL may be rejected.
REFUSED = {"bad_query", "bad_date", "bad_request", "query_too_long", "bad_format"}


@pytest.fixture(scope="module")
def hostile() -> Hostile:
    return Hostile(1885)


def test_no_hostile_question_is_a_failure(client: FlaskClient, hostile: Hostile) -> None:
    answered = 0
    for _ in range(QUESTIONS):
        address = hostile.address()
        response = client.get(address.url)
        assert response.status_code in (200, 400), address
        if response.status_code == 200:
            answered += 1
        elif address.url.startswith("/api/"):
            assert response.json["code"] in REFUSED, (address, response.json)
        if response.status_code == 200 and address.url.startswith("/api/v1/search?"):
            body = response.json
            assert len(body["hits"]) <= min(body["total"], SIZE_MOST)
            assert body["total"] == 0 or not body["relax"]
        assert b"Traceback" not in response.data
        assert b"<script>alert" not in response.data or response.is_json
    # Most of them are strange but valid.
    assert answered > QUESTIONS / 2
