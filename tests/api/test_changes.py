"""GET /changes over HTTP: steps, timestamps, links, errors and rate limit headers."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.common.networks import READ_RATE_LIMIT
from biobank.exchange.changes.feed import MAX_FEED_RECORDS
from biobank.http import extensions

PATH = "/api/v1/changes"


def test_following_the_links_from_zero_returns_the_whole_bank(client: FlaskClient) -> None:
    seen: dict[str, str] = {}
    address, steps = f"{PATH}?since=0&size=40", 0
    while True:
        response = client.get(address)
        assert response.status_code == 200
        seen |= {change["id"]: change["state"] for change in response.json["changes"]}
        steps += 1
        if not response.json["more"]:
            break
        assert response.headers["Link"].endswith('>; rel="next"')
        address = response.headers["Link"].partition("<")[2].partition(">")[0]
    total = client.get("/api/v1/people?size=1").json["total"]
    assert list(seen.values()) == ["published"] * total
    assert steps == -(-total // 40)
    assert client.get(f"{PATH}?since={response.json['next']}").json["changes"] == []


def test_records_equal_the_single_record_endpoint(client: FlaskClient) -> None:
    (first,) = client.get(f"{PATH}?size=1&records=true").json["changes"]
    single = client.get(f"/api/v1/people/{first['id']}")
    assert first["record"] == single.json
    assert single.headers["ETag"] == f'"{first["revision"]}"'


def test_conditional_requests_of_changes(client: FlaskClient) -> None:
    response = client.get(PATH)
    repeated = client.get(PATH, headers={"If-None-Match": response.headers["ETag"]})
    assert repeated.status_code == 304


def test_since_accepts_a_timestamp(client: FlaskClient) -> None:
    all_changes = client.get(f"{PATH}?since=2000-01-01T00:00:00Z&size=500").json
    assert all_changes == client.get(f"{PATH}?since=0&size=500").json
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
def test_invalid_arguments_are_rejected(client: FlaskClient, query: str) -> None:
    response = client.get(f"{PATH}?{query}")
    assert response.status_code == 400
    assert response.json["code"]


def test_with_records_a_step_is_limited(client: FlaskClient) -> None:
    batch = client.get(f"{PATH}?size=500&records=true").json
    assert len(batch["changes"]) == MAX_FEED_RECORDS
    assert batch["more"]


@pytest.mark.usefixtures("limited")
def test_rate_limit_headers_are_the_same_for_all_endpoints(app: Flask) -> None:
    """Check that the configured limit is sent for every client and readable by other sites."""
    limit = READ_RATE_LIMIT.partition(" ")[0]
    for path in (PATH, "/api/v1/search?q=bakı", "/api/v1/people", "/az/"):
        extensions.limiter.reset()
        response = app.test_client().get(path)
        assert response.headers["X-RateLimit-Limit"] == limit
        # The window may end between the request and its headers, which restores the full limit.
        assert int(limit) - 1 <= int(response.headers["X-RateLimit-Remaining"]) <= int(limit)
        assert int(response.headers["X-RateLimit-Reset"]) > 0
    exposed = app.test_client().get(PATH).headers["Access-Control-Expose-Headers"]
    assert {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Link"} <= {
        name.strip() for name in exposed.split(",")
    }


@pytest.mark.usefixtures("limited")
def test_an_ipv6_network_shares_one_rate_limit(app: Flask) -> None:
    for address in ("2001:db8::1", "2001:db8::2"):
        app.test_client().get(PATH, environ_overrides={"REMOTE_ADDR": address})
    keys = [key for key in extensions.limiter.storage.storage if "2001:db8" in key]
    assert len(keys) == 1
    assert "2001:db8::/64" in keys[0]
