"""Helpers that upload import files at the desk and process them."""

import io
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from biobank.bootstrap import Services
from biobank.editorial.models import Revision
from biobank.exchange.imports import worker
from biobank.exchange.imports.models import ImportRun
from tests.support.jsonl import stream
from tests.support.users import submit_form

PATH = "/en/desk/imports"
UZEYIR = "uzeyir-hacibeyov"


def person(person_id: str, name: str, **changes: Any) -> dict[str, Any]:
    names = [{"text": name, "lang": "en", "kind": "preferred"}]
    return {"id": person_id, "names": names, **changes}


LINES = [
    person("a-new-person", "Ayten Sadigova", birth={"date": "1901"}),
    person("another", "Uzeyir Hajibeyov", birth={"date": "1885-09-18"}),
    person("bad", "Nobody", birth={"place": "no-such-place"}),
    person("=bad", "Nobody"),
]


def upload(client: FlaskClient, lines: list[Any], name: str = "people.jsonl", **form: Any) -> str:
    """Upload a file and return the URL of its run."""
    file = (io.BytesIO(stream(lines).getvalue()), name)
    response = submit_form(client, PATH, file=file, **form)
    assert response.status_code == 303, response.text
    return str(response.headers["Location"])


def process_imports(services: Services) -> int:
    return worker.process_pending_runs(services.database, services.uploads)


def run_state(services: Services, address: str) -> str:
    with services.database.read() as session:
        return session.get_one(ImportRun, int(address.rpartition("/")[2])).state


def revisions_of(services: Services, person_id: str) -> list[Revision]:
    query = select(Revision).where(Revision.person_id == person_id)
    with services.database.read() as session:
        return list(session.scalars(query))
