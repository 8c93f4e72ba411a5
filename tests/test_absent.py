"""Responses for removed people reveal what was public once, and nothing else."""

import json
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.absent import LEADS_TO
from biobank.accounts.identity import OPERATOR
from biobank.app import create_app
from biobank.bootstrap import Services, make_services
from biobank.editorial.merging.leading import merged_into
from biobank.editorial.merging.merge import merge
from biobank.editorial.publishing import save_many
from biobank.exchange.linked.forms import BY_TYPE, FORMS
from biobank.settings import Settings
from tests.conftest import copied
from tests.support import seed

#: A merged draft, a merged published person, and an id that never existed.
DRAFT, TWIN, UNKNOWN = "a-merged-draft", "a-merged-twin", "a-total-stranger"
KEPT = "nizami-gencevi"
#: URL arguments other than the id.
VALUES = {"lang": "en", "number": 1}
ENDINGS = {"web.cite_file": ("bib", "ris", "csl.json"), "web.person_form": tuple(FORMS)}
#: Headers that vary with time rather than with the person.
OF_THE_MOMENT = re.compile(r"X-RateLimit-|Date|ETag|Content-Length")


@pytest.fixture(scope="module")
def told(bank: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Yield services over a bank with a merged draft and a merged person; read-only."""
    services = make_services(copied(bank, tmp_path_factory.mktemp("absent") / "bank"))
    database = services.database
    with database.write() as session:
        save_many(session, [_called(TWIN)], OPERATOR, "", publish=True)
        save_many(session, [_called(DRAFT)], OPERATOR, "", publish=False)
    merge(database, OPERATOR, KEPT, TWIN, 1, 1, {})
    merge(database, OPERATOR, KEPT, DRAFT, 2, 1, {})
    services.indexer.sync()
    yield services
    services.close()


@pytest.fixture(scope="module")
def app(told: Services) -> Flask:
    return create_app(told)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def _called(person_id: str) -> seed.Record:
    return {**seed.alone(KEPT), "id": person_id}


def addresses(app: Flask, person_id: str) -> Iterator[str]:
    """Yield every URL at which a public person is shown or redirected."""
    build = app.url_map.bind("localhost").build
    for endpoint in LEADS_TO:
        for ending in ENDINGS.get(endpoint, ("",)):
            values = {**VALUES, "person_id": person_id, "ending": ending}
            rule = next(app.url_map.iter_rules(endpoint))
            yield build(endpoint, {name: values[name] for name in rule.arguments})
    yield f"/people/{person_id}"
    yield f"/people/{person_id}/revisions/1"
    yield f"/oembed?url=http://localhost/people/{person_id}"
    yield f"/oembed?url=http://localhost/az/people/{person_id}&format=xml"
    yield f"/api/v1/reconcile/preview?id={person_id}"
    yield f"/api/v1/reconcile/preview?id=person:{person_id}"
    yield f"/api/v1/reconcile/flyout/entity?id={person_id}"
    yield f"/api/v1/reconcile/view?id={person_id}"
    yield f"/api/v1/reconcile?extend={_extend(person_id)}"


def _extend(person_id: str) -> str:
    return json.dumps({"ids": [person_id], "properties": [{"id": "name"}, {"id": "birth"}]})


def answer_of(
    client: FlaskClient, address: str, person_id: str, **headers: str
) -> tuple[object, ...]:
    """Return the response without the requested id and volatile headers."""
    with client.get(address, headers=headers) as answer:
        named = [
            (name, value.replace(person_id, "ID"))
            for name, value in answer.headers
            if not OF_THE_MOMENT.match(name)
        ]
        text = answer.get_data(as_text=True).replace(person_id, "ID")
    return answer.status_code, sorted(named), re.sub(r'"took_ms":\s?[0-9.]+', "", text)


@pytest.mark.parametrize("accept", ["*/*", "application/json", *BY_TYPE])
def test_a_draft_that_was_merged_is_as_one_that_never_was(
    app: Flask, client: FlaskClient, accept: str
) -> None:
    for draft, unknown in zip(addresses(app, DRAFT), addresses(app, UNKNOWN), strict=True):
        expected = answer_of(client, unknown, UNKNOWN, Accept=accept)
        assert answer_of(client, draft, DRAFT, Accept=accept) == expected, draft


def test_who_was_public_and_merged_leads_on_everywhere(app: Flask, client: FlaskClient) -> None:
    for endpoint, address in zip(LEADS_TO, addresses(app, TWIN), strict=False):
        if endpoint in ENDINGS:
            break  # several URLs of one endpoint; they have tests of their own
        with client.get(address) as answer:
            assert answer.status_code in (301, 308), address
            assert KEPT in answer.headers["Location"]


def test_the_desk_says_where_either_is_now(told: Services) -> None:
    with told.database.read() as session:
        assert merged_into(session, DRAFT) == merged_into(session, TWIN) == KEPT
        assert merged_into(session, UNKNOWN) == ""
