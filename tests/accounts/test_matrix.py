"""The access matrix: every route, method and caller in one table. Missing routes fail the test.

Callers: anonymous, a session of each role, a token of each scope (owned by an administrator, so
that only the scope decides). Pages ignore tokens, and the API ignores sessions.
"""

import pytest
from flask import Flask
from sqlalchemy import delete

from biobank.accounts.models import Attempts
from biobank.bootstrap import Services
from tests.accounts.callers import DRAFT, Callers
from tests.accounts.matrix import TABLE
from tests.accounts.matrix.answers import CALLERS, NOBODY, Case


def routes(app: Flask) -> set[tuple[str, str]]:
    return {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_stands_in_the_table_and_nothing_else_does(callers: Callers) -> None:
    assert routes(callers.app) == set(TABLE)


def test_every_row_says_what_everybody_is_answered() -> None:
    for cases in TABLE.values():
        for case in cases:
            assert tuple(sorted(case.answers)) == tuple(sorted(CALLERS))


def test_an_address_of_the_table_leads_to_its_route(callers: Callers) -> None:
    adapter = callers.app.url_map.bind("localhost")
    for (endpoint, method), cases in TABLE.items():
        for case in cases:
            path = case.address.partition("?")[0].format(other=1, self=1)
            assert adapter.match(path, method)[0] == endpoint


@pytest.mark.parametrize("caller", CALLERS)
def test_everybody_is_answered_as_the_table_says(callers: Callers, caller: str) -> None:
    wrong = {}
    for (endpoint, method), cases in TABLE.items():
        _forget_tries(callers.services)
        for case in cases:
            status = callers.ask(caller, method, case)
            if status != case.answers[caller]:
                wrong[f"{method} {case.address} ({endpoint})"] = (status, case.answers[caller])
    assert wrong == {}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_no_other_method_is_taken_from_anybody(callers: Callers, method: str) -> None:
    theirs = {endpoint for endpoint, taken in routes(callers.app) if taken == method}
    paths = {cases[0].address.partition("?")[0] for cases in TABLE.values()}
    taken = {TABLE[endpoint, method][0].address.partition("?")[0] for endpoint in theirs}
    for path in paths - taken:
        answer = callers.app.test_client().open(path.format(other=1, self=1), method=method)
        assert answer.status_code == 405, path


#: Routes that redirect every caller and reveal nothing.
LEADING = ("web.sign_out", "web.dumps", "reconcile.permanent")
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
def test_nobody_meets_what_is_only_a_draft(callers: Callers, caller: str) -> None:
    for address in (
        f"/en/people/{DRAFT}",
        f"/people/{DRAFT}.eac.xml",
        f"/en/people/{DRAFT}/card.png",
        f"/en/people/{DRAFT}/history",
        f"/en/people/{DRAFT}/revisions/1",
        f"/api/v1/people/{DRAFT}",
        f"/api/v1/people/{DRAFT}/revisions",
        f"/api/v1/people/{DRAFT}/similar",
        f"/api/v1/people/{DRAFT}/card",
        f"/en/embed/people/{DRAFT}",
        f"/oembed?url=http://localhost/people/{DRAFT}",
    ):
        assert callers.answer(caller, "GET", Case(address, {}))[0] == 404, address
    for address in OPENINGS:
        status, text = callers.answer(caller, "GET", Case(address, {}))
        assert status == 200, address
        assert DRAFT not in text, address
        assert "Qaralama" not in text, address


def test_what_is_not_public_is_kept_by_nobody(callers: Callers) -> None:
    for (endpoint, method), cases in TABLE.items():
        if method == "GET" and cases[0].answers[NOBODY] in (303, 401):
            answer = callers.app.test_client().get(cases[0].address.format(other=1, self=1))
            # Permanent URLs redirect all callers alike to public pages.
            if endpoint not in LEADING and not endpoint.startswith("web.permanent"):
                assert answer.headers["Cache-Control"] == "no-store", endpoint


def _forget_tries(services: Services) -> None:
    with services.database.write() as session:
        session.execute(delete(Attempts))
