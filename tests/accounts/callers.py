"""The callers of the access matrix: an application and the credentials of each caller."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import make_url

from biobank.access import KEY
from biobank.accounts import sessions, tokens, users
from biobank.accounts.identity import OPERATOR, ROLES, SCOPES_OF, anonymous
from biobank.accounts.models import User
from biobank.app import create_app
from biobank.bootstrap import Services, make_services
from biobank.editorial.publishing import save_many
from biobank.settings import Settings
from tests.accounts.matrix.answers import Case
from tests.support.users import PASSWORD

#: A person with only a draft.
DRAFT = "qaralama-yazilmamisov"


@dataclass(frozen=True)
class Callers:
    """The application and the credentials of each caller."""

    app: Flask
    services: Services
    users: dict[str, User]
    tokens: dict[str, str]

    def ask(self, caller: str, method: str, case: Case) -> int:
        return self.answer(caller, method, case)[0]

    def answer(self, caller: str, method: str, case: Case) -> tuple[int, str]:
        """Return status and text, with a new session for every request, as some requests end it."""
        client = self.client(caller)
        address = case.address.format(
            other=self.users["other"].id, self=self.users.get(caller, self.users["other"]).id
        )
        form = {**case.form, "csrf_token": csrf(client)} if method != "GET" else None
        with client.open(address, method=method, data=form) as answer:
            return answer.status_code, answer.get_data().decode("utf-8", "replace")

    def client(self, caller: str) -> FlaskClient:
        """Return a client with the credentials of `caller`."""
        client = self.app.test_client()
        if caller in self.users:
            with self.services.database.write() as session:
                key = sessions.start(session, self.users[caller], anonymous(), "")
            with client.session_transaction() as cookie:
                cookie[KEY] = key
        if caller in self.tokens:
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {self.tokens[caller]}"
        return client


def csrf(client: FlaskClient) -> str:
    """Return the CSRF token of a page."""
    page = client.get("/en/account", follow_redirects=True).text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


@contextmanager
def make_callers(bank: Settings, folder: Path) -> Iterator[Callers]:
    """Create the callers on a copy of `bank` in the new folder `folder`."""
    shutil.copytree(Path(make_url(bank.database_url).database or "").parent, folder)
    url = f"sqlite:///{folder}/biobank.db"
    services = make_services(replace(bank, database_url=url, index_dir=folder / "index"))
    # Created first, so that rows 1 of sessions and tokens belong to another user than the caller.
    people = {"other": _user(services, "other", "admin")}
    people |= {role: _user(services, role, role) for role in ROLES}
    keys = {
        f"token {scope}": tokens.make_token_for(
            services.database, OPERATOR, people["other"].id, scope, [scope]
        )
        for scope in SCOPES_OF["admin"]
    }
    name = {"text": "Qaralama Yazilmamisov", "lang": "az", "kind": "preferred"}
    draft = {"id": DRAFT, "names": [name]}
    with services.database.write() as session:
        save_many(session, [draft], OPERATOR, "unfinished", publish=False)
    services.indexer.sync()
    app = create_app(services)
    yield Callers(app, services, people, keys)
    services.close()


def _user(services: Services, name: str, role: str) -> User:
    made = users.invite(services.database, OPERATOR, f"{name}@example.az", role)
    users.accept(services.database, anonymous(), made.key, name, PASSWORD)
    return made.user
