"""The callers of the access matrix: an application and the credentials of each caller."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import make_url

from biobank.accounts import sessions, tokens, users
from biobank.accounts.identity import OPERATOR, ROLE_SCOPES, ROLES, anonymous
from biobank.accounts.models import User
from biobank.bootstrap import Services, make_services
from biobank.editorial.revisions.bulk_save import save_records
from biobank.http.auth import SESSION_KEY
from biobank.settings import Settings
from tests.accounts.matrix.expectations import Case
from tests.support.apps import create_app
from tests.support.users import PASSWORD

#: A person with only a draft.
DRAFT_ID = "qaralama-yazilmamisov"


@dataclass(frozen=True)
class Callers:
    """The application and the credentials of each caller."""

    app: Flask
    services: Services
    users: dict[str, User]
    tokens: dict[str, str]

    def request_status(self, caller: str, method: str, case: Case) -> int:
        return self.request(caller, method, case)[0]

    def request(self, caller: str, method: str, case: Case) -> tuple[int, str]:
        """Return status and text, with a new session for every request, as some requests end it."""
        client = self.client(caller)
        address = case.address.format(
            other=self.users["other"].id, self=self.users.get(caller, self.users["other"]).id
        )
        form = {**case.form, "csrf_token": csrf_token(client)} if method != "GET" else None
        with client.open(address, method=method, data=form) as response:
            return response.status_code, response.get_data().decode("utf-8", "replace")

    def client(self, caller: str) -> FlaskClient:
        """Return a client with the credentials of `caller`."""
        client = self.app.test_client()
        if caller in self.users:
            with self.services.database.write() as write:
                key = sessions.create_session(write, self.users[caller], anonymous(), "")
            with client.session_transaction() as cookie:
                cookie[SESSION_KEY] = key
        if caller in self.tokens:
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {self.tokens[caller]}"
        return client


def csrf_token(client: FlaskClient) -> str:
    """Return a CSRF token of the client's session, without requesting a page."""
    with client.application.test_request_context():
        token: str = generate_csrf()
        value = session["csrf_token"]
    with client.session_transaction() as cookie:
        cookie["csrf_token"] = value
    return token


@contextmanager
def make_callers(bank: Settings, folder: Path) -> Iterator[Callers]:
    """Create the callers on a copy of `bank` in the new folder `folder`."""
    shutil.copytree(Path(make_url(bank.database_url).database or "").parent, folder)
    url = f"sqlite:///{folder}/biobank.db"
    services = make_services(replace(bank, database_url=url, index_dir=folder / "index"))
    # Created first, so that rows 1 of sessions and tokens belong to another user than the caller.
    people = {"other": _create_user(services, "other", "admin")}
    people |= {role: _create_user(services, role, role) for role in ROLES}
    scope_tokens = {
        f"token {scope}": tokens.create_token_for(
            services.database, OPERATOR, people["other"].id, scope, [scope]
        )
        for scope in ROLE_SCOPES["admin"]
    }
    name = {"text": "Qaralama Yazilmamisov", "lang": "az", "kind": "preferred"}
    draft = {"id": DRAFT_ID, "names": [name]}
    with services.database.write() as session:
        save_records(session, [draft], OPERATOR, "unfinished", publish=False)
    services.indexer.sync()
    app = create_app(services)
    yield Callers(app, services, people, scope_tokens)
    services.close()


def _create_user(services: Services, name: str, role: str) -> User:
    link = users.invite(services.database, OPERATOR, f"{name}@example.az", role)
    users.accept_invitation(services.database, anonymous(), link.key, name, PASSWORD)
    return link.user
