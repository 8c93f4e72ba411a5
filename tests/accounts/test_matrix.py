"""Every route × method × who asks, in one table. A route that is not in it fails.

Who asks: nobody known, a session of each role, a token of each scope (all of an administrator, so
that the scope alone decides). Tokens are nobody to pages, and sessions nobody to the API.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, make_url

from biobank import extensions
from biobank.access import KEY
from biobank.accounts import sessions, tokens, users
from biobank.accounts.identity import OPERATOR, ROLES, SCOPES_OF, anonymous
from biobank.accounts.models import Attempts, User
from biobank.app import create_app
from biobank.bootstrap import Services, make_services
from biobank.editorial.publishing import save_many
from biobank.settings import Settings
from tests.accounts.conftest import PASSWORD

NOBODY = "nobody"
TOKENS = tuple(f"token {scope}" for scope in SCOPES_OF["admin"])
CALLERS = (NOBODY, *ROLES, *TOKENS)

Expected = dict[str, int]


def everybody(status: int = 200) -> Expected:
    """What is public answers all alike."""
    return dict.fromkeys(CALLERS, status)


def known(status: int = 200, otherwise: int = 303) -> Expected:
    """Pages of those who are signed in; others are led to sign in, their forms refused by 401."""
    return everybody(otherwise) | dict.fromkeys(ROLES, status)


def admins(status: int = 200, otherwise: int = 303) -> Expected:
    """Pages of administrators."""
    return known(403, otherwise) | {"admin": status}


def any_token(status: int = 200) -> Expected:
    """Of the API, and not public."""
    return everybody(401) | dict.fromkeys(TOKENS, status)


def strangers(status: int = 200) -> Expected:
    """Pages that lead whoever is signed in to their account."""
    return everybody(status) | dict.fromkeys(ROLES, 303)


@dataclass(frozen=True)
class Case:
    """One address, what is sent to it, and what everybody is answered."""

    address: str
    answers: Expected
    form: dict[str, str] = field(default_factory=dict)


#: By endpoint and method. `{other}` is a user, `{self}` whoever asks.
TABLE: dict[tuple[str, str], tuple[Case, ...]] = {
    # Pages and files for everybody.
    ("web.front", "GET"): (Case("/", everybody(302)),),
    ("web.home", "GET"): (Case("/az/", everybody()),),
    ("web.about", "GET"): (Case("/en/about", everybody()),),
    ("web.browse", "GET"): (Case("/ru/browse/", everybody()),),
    ("web.browse_centuries", "GET"): (Case("/en/browse/century/", everybody()),),
    ("web.browse_century", "GET"): (Case("/en/browse/century/19", everybody()),),
    ("web.browse_letter", "GET"): (Case("/en/browse/letter/M", everybody()),),
    ("web.browse_places", "GET"): (Case("/en/browse/place/", everybody()),),
    ("web.browse_place", "GET"): (Case("/en/browse/place/baku", everybody()),),
    ("web.browse_professions", "GET"): (Case("/en/browse/profession/", everybody()),),
    ("web.browse_profession", "GET"): (Case("/en/browse/profession/poet", everybody()),),
    ("web.opensearch", "GET"): (Case("/en/opensearch.xml", everybody()),),
    ("web.organisation", "GET"): (
        Case("/en/organisations/baku-music-academy", everybody()),
        Case("/en/organisations/nothing", everybody(404)),
    ),
    ("web.person", "GET"): (
        Case("/en/people/nizami-gencevi", everybody()),
        Case("/en/people/nobody", everybody(404)),
    ),
    ("web.permanent", "GET"): (Case("/people/nizami-gencevi", everybody(303)),),
    ("web.history", "GET"): (Case("/en/people/nizami-gencevi/history", everybody()),),
    ("web.revision", "GET"): (
        Case("/en/people/nizami-gencevi/revisions/1", everybody()),
        Case("/en/people/nizami-gencevi/revisions/2", everybody(404)),
    ),
    ("web.changes", "GET"): (Case("/en/people/nizami-gencevi/revisions/1/changes", everybody()),),
    ("web.permanent_revision", "GET"): (
        Case("/people/nizami-gencevi/revisions/1", everybody(303)),
    ),
    ("web.search", "GET"): (Case("/en/search?q=poet", everybody()),),
    ("web.search_file", "GET"): (Case("/en/search.csv?q=nizami", everybody()),),
    ("web.search_feed", "GET"): (Case("/en/search.atom?q=nizami", everybody()),),
    ("web.search_advanced", "GET"): (Case("/en/search/advanced", everybody()),),
    ("web.search_help", "GET"): (Case("/en/search/help", everybody()),),
    ("web.search_list", "GET"): (Case("/en/search/list?q=nizami", everybody()),),
    ("web.search_map", "GET"): (Case("/en/search/map?q=nizami", everybody()),),
    ("web.search_values", "GET"): (Case("/en/search/values/profession", everybody()),),
    ("web.suggestions", "GET"): (Case("/en/suggestions.json?q=niz", everybody()),),
    ("web.favicon", "GET"): (Case("/favicon.ico", everybody(302)),),
    ("web.medallion_file", "GET"): (Case("/medallion/nizami-gencevi.svg", everybody()),),
    ("web.robots", "GET"): (Case("/robots.txt", everybody()),),
    ("static", "GET"): (Case("/static/site.css", everybody()),),
    ("docs.page", "GET"): (Case("/api/docs", everybody()),),
    ("docs.file", "GET"): (Case("/api/docs/swagger-ui.css", everybody()),),
    ("api-docs.openapi_json", "GET"): (Case("/api/openapi.json", everybody()),),
    ("health.live", "GET"): (Case("/health/live", everybody()),),
    ("health.ready", "GET"): (Case("/health/ready", everybody()),),
    ("health.metrics", "GET"): (Case("/metrics", everybody()),),
    # The API.
    ("search.find", "GET"): (Case("/api/v1/search?q=nizami", everybody()),),
    ("search.export", "GET"): (Case("/api/v1/search/export?q=nizami&format=csv", everybody()),),
    ("search.suggest", "GET"): (Case("/api/v1/suggest?q=niz", everybody()),),
    ("search.list_values", "GET"): (Case("/api/v1/values?q=poe&facet=profession", everybody()),),
    ("people.list_people", "GET"): (Case("/api/v1/people", everybody()),),
    ("people.get_person", "GET"): (
        Case("/api/v1/people/nizami-gencevi", everybody()),
        Case("/api/v1/people/nobody", everybody(404)),
    ),
    ("people.list_revisions", "GET"): (
        Case("/api/v1/people/nizami-gencevi/revisions", everybody()),
    ),
    ("people.get_revision", "GET"): (
        Case("/api/v1/people/nizami-gencevi/revisions/1", everybody()),
        Case("/api/v1/people/nizami-gencevi/revisions/2", everybody(404)),
    ),
    ("people.get_changes", "GET"): (
        Case("/api/v1/people/nizami-gencevi/revisions/1/changes", everybody()),
    ),
    ("people.get_similar", "GET"): (Case("/api/v1/people/nizami-gencevi/similar", everybody()),),
    ("reference.list_organisations", "GET"): (Case("/api/v1/organisations", everybody()),),
    ("reference.get_organisation", "GET"): (
        Case("/api/v1/organisations/baku-music-academy", everybody()),
    ),
    ("reference.list_places", "GET"): (Case("/api/v1/places", everybody()),),
    ("reference.get_place", "GET"): (Case("/api/v1/places/baku", everybody()),),
    ("reference.list_terms", "GET"): (Case("/api/v1/terms?vocabulary=profession", everybody()),),
    ("reference.list_sources", "GET"): (Case("/api/v1/sources", everybody()),),
    ("reference.get_source", "GET"): (Case("/api/v1/sources/nothing", everybody(404)),),
    ("accounts.me", "GET"): (Case("/api/v1/me", any_token()),),
    # Signing in and out.
    ("web.sign_in", "GET"): (Case("/en/sign-in", strangers()),),
    ("web.sign_in_send", "POST"): (Case("/en/sign-in", everybody(422)),),
    ("web.second_factor", "GET"): (Case("/en/sign-in/code", everybody(303)),),
    ("web.second_factor_send", "POST"): (Case("/en/sign-in/code", everybody(303)),),
    ("web.sign_out", "GET"): (Case("/en/sign-out", everybody(303)),),
    ("web.sign_out_send", "POST"): (Case("/en/sign-out", everybody(303)),),
    ("web.invitation", "GET"): (Case("/en/invitation/nothing", everybody(422)),),
    ("web.invitation_send", "POST"): (Case("/en/invitation/nothing", everybody(422)),),
    ("web.forgotten", "GET"): (Case("/en/new-password", everybody()),),
    ("web.forgotten_send", "POST"): (Case("/en/new-password", everybody()),),
    ("web.new_password", "GET"): (Case("/en/new-password/nothing", everybody(422)),),
    ("web.new_password_send", "POST"): (Case("/en/new-password/nothing", everybody(422)),),
    # The own account.
    ("web.account", "GET"): (Case("/en/account", known()),),
    ("web.account_send", "POST"): (Case("/en/account", known(422, 401)),),
    ("web.account_password", "GET"): (Case("/en/account/password", known()),),
    ("web.account_password_send", "POST"): (Case("/en/account/password", known(422, 401)),),
    ("web.account_second_factor", "GET"): (Case("/en/account/second-factor", known()),),
    ("web.account_second_factor_send", "POST"): (
        Case("/en/account/second-factor", known(422, 401), {"step": "drop"}),
    ),
    ("web.account_sessions", "GET"): (Case("/en/account/sessions", known()),),
    ("web.account_sessions_send", "POST"): (
        Case("/en/account/sessions", known(303, 401)),
        Case("/en/account/sessions", known(404, 401), {"session": "1"}),
    ),
    ("web.account_tokens", "GET"): (Case("/en/account/tokens", known()),),
    ("web.account_tokens_send", "POST"): (
        Case("/en/account/tokens", known(422, 401)),
        Case("/en/account/tokens", known(404, 401), {"token": "1"}),
    ),
    # Users.
    ("web.users", "GET"): (Case("/en/users", admins()),),
    ("web.users_send", "POST"): (Case("/en/users", admins(422, 401)),),
    ("web.user", "GET"): (Case("/en/users/{other}", admins(303)),),
    ("web.user_send", "POST"): (
        Case("/en/users/{other}", admins(303, 401), {"do": "sign_out"}),
        Case("/en/users/{self}", admins(403, 401), {"do": "deactivate"}),
        Case("/en/users/{self}", admins(403, 401), {"do": "role", "role": "editor"}),
        Case("/en/users/999999", admins(404, 401), {"do": "deactivate"}),
    ),
    ("web.account_events", "GET"): (Case("/en/users/audit", admins()),),
}


@dataclass(frozen=True)
class Callers:
    """The app, and what each caller shows to it."""

    app: Flask
    services: Services
    users: dict[str, User]
    tokens: dict[str, str]

    def ask(self, caller: str, method: str, case: Case) -> int:
        return self.answer(caller, method, case)[0]

    def answer(self, caller: str, method: str, case: Case) -> tuple[int, str]:
        """Status and text; a fresh session for every question, as some end it."""
        client = self.app.test_client()
        headers = {}
        if caller in self.users:
            with self.services.database.write() as session:
                key = sessions.start(session, self.users[caller], anonymous(), "")
            with client.session_transaction() as cookie:
                cookie[KEY] = key
        if caller in self.tokens:
            headers["Authorization"] = f"Bearer {self.tokens[caller]}"
        address = case.address.format(
            other=self.users["other"].id, self=self.users.get(caller, self.users["other"]).id
        )
        form = {**case.form, "csrf_token": _csrf(client)} if method != "GET" else None
        with client.open(address, method=method, data=form, headers=headers) as answer:
            return answer.status_code, answer.get_data().decode("utf-8", "replace")


def _csrf(client: FlaskClient) -> str:
    page = client.get("/en/sign-in", follow_redirects=True).text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.fixture(scope="module")
def callers(bank: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callers]:
    folder = tmp_path_factory.mktemp("matrix") / "bank"
    shutil.copytree(Path(make_url(bank.database_url).database or "").parent, folder)
    url = f"sqlite:///{folder}/biobank.db"
    services = make_services(replace(bank, database_url=url, index_dir=folder / "index"))
    # The first, so that rows 1 of sessions and tokens are of somebody else than who asks for them.
    people = {"other": _user(services, "other", "admin")}
    people |= {role: _user(services, role, role) for role in ROLES}
    keys = {
        f"token {scope}": tokens.make_token_for(
            services.database, OPERATOR, people["other"].id, scope, [scope]
        )
        for scope in SCOPES_OF["admin"]
    }
    draft = {"id": DRAFT, "names": [{"text": "Qaralama Yazilmamisov", "lang": "az"}]}
    with services.database.write() as session:
        save_many(session, [draft], OPERATOR, "unfinished", publish=False)
    services.indexer.sync()
    app = create_app(services)
    extensions.limiter.reset()
    yield Callers(app, services, people, keys)
    services.close()


def _user(services: Services, name: str, role: str) -> User:
    made = users.invite(services.database, OPERATOR, f"{name}@example.az", role)
    users.accept(services.database, anonymous(), made.key, name, PASSWORD)
    return made.user


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
        extensions.limiter.reset()
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
        extensions.limiter.reset()
        answer = callers.app.test_client().open(path.format(other=1, self=1), method=method)
        assert answer.status_code == 405, path


DRAFT = "qaralama-yazilmamisov"
QUESTION = "Yazilmamisov"
#: Where somebody's name could come out; what the question itself says is left out of the answer.
OPENINGS = (
    f"/en/search?q={QUESTION}",
    f"/en/search.csv?q={QUESTION}",
    f"/en/search.jsonl?q={QUESTION}",
    f"/en/search.atom?q={QUESTION}",
    f"/en/search/list?q={QUESTION}",
    f"/en/search/map?q={QUESTION}",
    f"/en/suggestions.json?q={QUESTION}",
    "/en/browse/letter/Y",
    f"/api/v1/search?q={QUESTION}",
    f"/api/v1/search/export?q={QUESTION}&format=jsonl",
    f"/api/v1/suggest?q={QUESTION}",
    "/api/v1/people?size=100&page=1",
    "/api/v1/people?size=100&page=2",
)


@pytest.mark.parametrize("caller", CALLERS)
def test_nobody_meets_what_is_only_a_draft(callers: Callers, caller: str) -> None:
    for address in (
        f"/en/people/{DRAFT}",
        f"/en/people/{DRAFT}/history",
        f"/en/people/{DRAFT}/revisions/1",
        f"/api/v1/people/{DRAFT}",
        f"/api/v1/people/{DRAFT}/revisions",
        f"/api/v1/people/{DRAFT}/similar",
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
            extensions.limiter.reset()
            answer = callers.app.test_client().get(cases[0].address.format(other=1, self=1))
            if not endpoint.endswith(("permanent", "permanent_revision", "sign_out")):
                assert answer.headers["Cache-Control"] == "no-store", endpoint


def _forget_tries(services: Services) -> None:
    with services.database.write() as session:
        session.execute(delete(Attempts))
