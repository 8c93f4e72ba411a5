"""GET /changes over HTTP: steps, timestamps, links, errors and rate limit headers."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank import extensions
from biobank.exchange.mirroring.feed import RECORDS_MOST
from biobank.extensions import READING_LIMIT

PATH = "/api/v1/changes"


def test_whoever_follows_the_links_from_zero_has_the_whole_bank(client: FlaskClient) -> None:
    seen: dict[str, str] = {}
    address, steps = f"{PATH}?since=0&size=40", 0
    while True:
        answer = client.get(address)
        assert answer.status_code == 200
        seen |= {change["id"]: change["state"] for change in answer.json["changes"]}
        steps += 1
        if not answer.json["more"]:
            break
        assert answer.headers["Link"].endswith('>; rel="next"')
        address = answer.headers["Link"].partition("<")[2].partition(">")[0]
    total = client.get("/api/v1/people?size=1").json["total"]
    assert list(seen.values()) == ["published"] * total
    assert steps == -(-total // 40)
    assert client.get(f"{PATH}?since={answer.json['next']}").json["changes"] == []


def test_records_stand_in_it_as_they_stand_alone(client: FlaskClient) -> None:
    (first,) = client.get(f"{PATH}?size=1&records=true").json["changes"]
    alone = client.get(f"/api/v1/people/{first['id']}")
    assert first["record"] == alone.json
    assert alone.headers["ETag"] == f'"{first["revision"]}"'


def test_the_same_state_is_not_sent_twice(client: FlaskClient) -> None:
    answer = client.get(PATH)
    again = client.get(PATH, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_moment_is_as_good_as_a_number(client: FlaskClient) -> None:
    everybody = client.get(f"{PATH}?since=2000-01-01T00:00:00Z&size=500").json
    assert everybody == client.get(f"{PATH}?since=0&size=500").json
    assert client.get(f"{PATH}?since=2999-01-01").json["changes"] == []
    for zone in ("%2B04:00", "+04:00", "+0400"):
        assert client.get(f"{PATH}?since=2999-01-01T00:00:00{zone}").json["changes"] == [], zone


@pytest.mark.parametrize(
    "query",
    [
        "since=never",
        "since=-1",
        "since=1e9",
        "since=" + "9" * 18,
        "since=" + "9" * 400,
        "since=0001-01-01T00:00:00%2B23:00",
        "since=٣",
        "size=0",
        "size=501",
        "since=2026-W48-4",
        "since=2026-13-01",
        "records=perhaps",
    ],
)
def test_what_cannot_be_asked_is_told(client: FlaskClient, query: str) -> None:
    answer = client.get(f"{PATH}?{query}")
    assert answer.status_code == 400
    assert answer.json["code"]


def test_with_records_a_step_is_shorter_whatever_was_asked_for(client: FlaskClient) -> None:
    step = client.get(f"{PATH}?size=500&records=true").json
    assert len(step["changes"]) == RECORDS_MOST
    assert step["more"]


@pytest.mark.usefixtures("limited")
def test_limits_are_told_in_headers_and_the_same_for_all(app: Flask) -> None:
    """Check that the configured limit is sent for every client and readable by other sites."""
    most = READING_LIMIT.partition(" ")[0]
    for path in (PATH, "/api/v1/search?q=bakı", "/api/v1/people", "/az/"):
        extensions.limiter.reset()
        answer = app.test_client().get(path)
        assert answer.headers["X-RateLimit-Limit"] == most
        # The window may end between the request and its headers, which restores the full limit.
        assert int(most) - 1 <= int(answer.headers["X-RateLimit-Remaining"]) <= int(most)
        assert int(answer.headers["X-RateLimit-Reset"]) > 0
    exposed = app.test_client().get(PATH).headers["Access-Control-Expose-Headers"]
    assert {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Link"} <= {
        name.strip() for name in exposed.split(",")
    }
