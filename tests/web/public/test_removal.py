"""After an accepted objection no public representation has anything of the person."""

import gzip
import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import product
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import AnyConverter, Rule

from biobank.bootstrap import Services
from biobank.common.clock import now
from biobank.common.i18n import LANGUAGES
from biobank.editorial.models import InboxMessage
from biobank.exchange.dumps import publisher
from biobank.exchange.dumps.files import save_manifest
from biobank.records.people.queries import load_records
from tests.support.apps import create_app
from tests.support.public_forms import PERSON, post_form
from tests.support.users import add_user, signed_in_client, submit_form

BASE = "http://localhost"
DUMP_FORMATS = ("jsonl", "nt")
#: Values of arguments in paths; rules with others are about other records.
PATH_VALUES: dict[str, tuple[str, ...]] = {
    "lang": LANGUAGES,
    "person_id": (PERSON,),
    "number": ("1",),
    "letter": ("H",),
    "century": ("19",),
    "profession_id": ("composer",),
    "place_id": ("agcabedi", "baku"),
    "file": tuple(f"biobank.{format_}.gz" for format_ in DUMP_FORMATS),
}
#: Arguments of the query by endpoint, with which the answer is about the person.
QUERIES = {
    "search.export": {"q": "Hacıbəyov", "format": "jsonl"},
    "search.find_cards": {"ids": PERSON},
    "people.list_people": {"size": "100"},
    "reconcile.suggest": {"prefix": "Uzeyir Hajibeyov"},
    "reconcile.preview": {"id": PERSON},
    "reconcile.flyout": {"id": PERSON},
    "reconcile.permanent": {"id": PERSON},
    "widget.oembed": {"url": f"{BASE}/en/people/{PERSON}"},
    "web.on_this_day": {"month": "9", "day": "18"},
}
#: Endpoints that show the texts of the person while public, to know that the others are looked at too.
SHOWING = {
    *("people.get_person", "people.get_revision", "people.get_card", "search.find", "search.export"),
    *("web.person", "web.revision", "web.person_form", "web.person_eac", "web.dump", "web.search"),
    *("web.search_file", "web.search_feed", "web.embed_person", "search.find_cards"),
}


@pytest.fixture
def app(own_services: Services) -> Flask:
    return create_app(own_services)


def addresses(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield the endpoint and every address of each public route that is about people."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and "/desk" not in rule.rule:
            query = QUERIES.get(rule.endpoint, {"q": "Hacıbəyov"})
            if rule.endpoint.startswith(("people.", "changes.")) and rule.endpoint not in QUERIES:
                query = {}
            for values in path_values(rule):
                with app.test_request_context():
                    path = app.url_map.bind("localhost").build(rule.endpoint, values)
                yield rule.endpoint, f"{path}?{urlencode(query)}"


def path_values(rule: Rule) -> Iterator[dict[str, str]]:
    choices = []
    for name in rule.arguments:
        converter = rule._converters[name]
        named = sorted(converter.items) if isinstance(converter, AnyConverter) else PATH_VALUES.get(name, ())
        choices.append(named)
    for values in product(*choices):
        yield dict(zip(rule.arguments, values, strict=True))


def fetch(client: FlaskClient, path: str) -> str:
    """Return an answer as text, also of an archive and of a compressed file."""
    with client.get(path) as response:
        assert response.status_code < 500, path
        content = response.data
    if content.startswith(b"\x1f\x8b"):
        content = gzip.decompress(content)
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"\n".join(archive.read(name) for name in archive.namelist())
    text = content.decode("utf-8", "replace")
    # Texts are escaped in JSON and N-Triples.
    return text.encode("ascii", "backslashreplace").decode() + text


def own_texts(services: Services) -> list[str]:
    """Return texts that only this person has: headlines, reasons and beginnings of biographies."""
    with services.database.read() as session:
        record = load_records(session, [PERSON])[PERSON]
    texts = [*record["headline"].values(), *record["connection"].values()]
    texts += [" ".join(text.split()[:5]) for text in record["biography"].values()]
    return [*texts, *(text.encode("ascii", "backslashreplace").decode() for text in texts)]


@pytest.mark.slow
def test_everything_public_forgets_a_person_after_an_accepted_objection(
    app: Flask, own_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher, "write_dumps", partial(publisher.write_dumps, formats=DUMP_FORMATS))
    dumps_dir = own_services.settings.dumps_dir
    manifest = publisher.renew(own_services.database, dumps_dir, BASE)
    served = publisher.current_dump(dumps_dir)
    assert served
    save_manifest(
        publisher.Manifest(
            manifest.created_at - timedelta(hours=1), manifest.mark, BASE, manifest.people, manifest.files
        ),
        served[0],
    )
    texts = own_texts(own_services)
    client = app.test_client()
    paths = list(addresses(app))
    before = {endpoint for endpoint, path in paths if contained(client, path, texts)}
    assert before >= SHOWING
    position = last_position(client)

    accept_objection(app, own_services)
    # What the indexer does next, within seconds and within an hour.
    own_services.indexer.sync()
    assert publisher.is_due(own_services.database, dumps_dir, BASE, now())
    publisher.renew(own_services.database, dumps_dir, BASE)

    own_services._catalogue_loaded_at = 0.0  # ten seconds later
    left = {path: contained(client, path, texts) for _endpoint, path in paths}
    assert {path: remaining for path, remaining in left.items() if remaining} == {}
    assert client.get(f"/en/people/{PERSON}/card.png").status_code == 410
    assert publisher.first_removal_in_dumps(own_services.database, dumps_dir) is None
    # Mirrors learn that the person is gone.
    changes = client.get(f"/api/v1/changes?since={position}").get_json()["changes"]
    assert "withdrawn" in {change["state"] for change in changes if change["id"] == PERSON}


def contained(client: FlaskClient, path: str, texts: list[str]) -> list[str]:
    answer = fetch(client, path)
    return [text for text in texts if text in answer]


def last_position(client: FlaskClient) -> int:
    position, more = 0, True
    while more:
        batch = client.get(f"/api/v1/changes?since={position}").get_json()
        position, more = batch["next"], batch["more"]
    return position


def accept_objection(app: Flask, services: Services) -> None:
    post_form(app.test_client(), "objection")
    with services.database.read() as session:
        message_id = session.scalars(select(InboxMessage.id)).one()
    editor = signed_in_client(app, services.database, add_user(services.database, "Nigar", "editor"))
    response = submit_form(editor, f"/en/desk/inbox/{message_id}", do="withdraw", reason="They asked")
    assert response.status_code == 303
