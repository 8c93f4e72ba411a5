"""The access matrix: every route, method and caller in one table. Missing routes fail the test.

Callers: anonymous, a session of each role, a token of each scope (owned by an administrator, so
that only the scope decides). Pages ignore tokens, and the API ignores sessions.
"""

import pytest
from flask import Flask
from sqlalchemy import delete

from biobank.accounts.models import AttemptCounter
from biobank.bootstrap import Services
from tests.accounts.callers import DRAFT_ID, Callers
from tests.accounts.matrix import TABLE
from tests.accounts.matrix.expectations import ANONYMOUS_CALLER, CALLERS, Case


def routes(app: Flask) -> set[tuple[str, str]]:
    return {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_the_table_lists_exactly_the_routes(callers: Callers) -> None:
    assert routes(callers.app) == set(TABLE)


def test_every_row_covers_every_caller() -> None:
    for cases in TABLE.values():
        for case in cases:
            assert tuple(sorted(case.expected)) == tuple(sorted(CALLERS))


def test_every_url_of_the_table_matches_its_route(callers: Callers) -> None:
    adapter = callers.app.url_map.bind("localhost")
    for (endpoint, method), cases in TABLE.items():
        for case in cases:
            path = case.address.partition("?")[0].format(other=1, self=1)
            assert adapter.match(path, method)[0] == endpoint


@pytest.mark.parametrize("caller", CALLERS)
def test_every_caller_gets_the_expected_status(callers: Callers, caller: str) -> None:
    failures = {}
    for (endpoint, method), cases in TABLE.items():
        _reset_rate_limits(callers.services)
        for case in cases:
            status = callers.request_status(caller, method, case)
            if status != case.expected[caller]:
                failures[f"{method} {case.address} ({endpoint})"] = (status, case.expected[caller])
    assert failures == {}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_other_methods_are_rejected(callers: Callers, method: str) -> None:
    endpoints = {endpoint for endpoint, allowed in routes(callers.app) if allowed == method}
    paths = {cases[0].address.partition("?")[0] for cases in TABLE.values()}
    allowed = {TABLE[endpoint, method][0].address.partition("?")[0] for endpoint in endpoints}
    for path in paths - allowed:
        response = callers.app.test_client().open(path.format(other=1, self=1), method=method)
        assert response.status_code == 405, path


#: Routes that redirect every caller and reveal nothing.
REDIRECTING_ROUTES = ("account.sign_out", "web.dumps", "reconcile.permanent")
QUESTION = "Yazilmamisov"
#: Routes that could reveal a name; the query echoed in the response is removed.
OPENINGS = (
    f"/en/search?q={QUESTION}",
    f"/en/search.csv?q={QUESTION}",
    f"/en/search.jsonl?q={QUESTION}",
    f"/en/search.ged?q={QUESTION}",
    f"/en/search.atom?q={QUESTION}",
    f"/en/search/list?q={QUESTION}",
    f"/en/search/map?q={QUESTION}",
    f"/en/suggestions.json?q={QUESTION}",
    "/en/browse/letter/Y",
    "/en/feeds/new.atom",
    "/en/feeds/changed.atom",
    "/sitemaps/people-1.xml",
    f"/api/v1/search?q={QUESTION}",
    f"/api/v1/search/export?q={QUESTION}&format=jsonl",
    f"/api/v1/suggest?q={QUESTION}",
    f"/api/v1/cards?q={QUESTION}",
    f"/en/embed/search?q={QUESTION}",
    f"/en/embed?kind=person&person={QUESTION}",
    "/api/v1/people?size=100&page=1",
    "/api/v1/people?size=100&page=2",
)


@pytest.mark.parametrize("caller", CALLERS)
def test_drafts_are_not_public(callers: Callers, caller: str) -> None:
    for address in (
        f"/en/people/{DRAFT_ID}",
        f"/people/{DRAFT_ID}.eac.xml",
        f"/en/people/{DRAFT_ID}/card.png",
        f"/en/people/{DRAFT_ID}/history",
        f"/en/people/{DRAFT_ID}/revisions/1",
        f"/api/v1/people/{DRAFT_ID}",
        f"/api/v1/people/{DRAFT_ID}/revisions",
        f"/api/v1/people/{DRAFT_ID}/similar",
        f"/api/v1/people/{DRAFT_ID}/card",
        f"/en/embed/people/{DRAFT_ID}",
        f"/oembed?url=http://localhost/people/{DRAFT_ID}",
    ):
        assert callers.request(caller, "GET", Case(address, {}))[0] == 404, address
    for address in OPENINGS:
        status, text = callers.request(caller, "GET", Case(address, {}))
        assert status == 200, address
        assert DRAFT_ID not in text, address
        assert "Qaralama" not in text, address


def test_non_public_responses_are_not_cached(callers: Callers) -> None:
    for (endpoint, method), cases in TABLE.items():
        if method == "GET" and cases[0].expected[ANONYMOUS_CALLER] in (303, 401):
            response = callers.app.test_client().get(cases[0].address.format(other=1, self=1))
            # Permanent URLs redirect all callers alike to public pages.
            if endpoint not in REDIRECTING_ROUTES and not endpoint.startswith("web.permanent"):
                assert response.headers["Cache-Control"] == "no-store", endpoint


def _reset_rate_limits(services: Services) -> None:
    with services.database.write() as session:
        session.execute(delete(AttemptCounter))
