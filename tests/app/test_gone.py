"""Responses for removed people reveal what was public once, and nothing else."""

import json
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.accounts.identity import OPERATOR
from biobank.app.gone import REDIRECT_ENDPOINTS
from biobank.bootstrap import Services, make_services
from biobank.editorial.merging.merge import merge_people
from biobank.editorial.merging.redirects import find_survivor_id
from biobank.editorial.revisions.bulk_save import save_records
from biobank.exchange.formats.linked_data.serializations import SERIALIZATIONS, SERIALIZATIONS_BY_MEDIA_TYPE
from biobank.settings import Settings
from tests.conftest import copy_bank
from tests.support import seed
from tests.support.apps import create_app

#: A merged draft, a merged published person, and an id that never existed.
MERGED_DRAFT_ID, MERGED_PERSON_ID, UNKNOWN_ID = ("a-merged-draft", "a-merged-twin", "a-total-stranger")
SURVIVOR_ID = "nizami-gencevi"
#: URL arguments other than the id.
URL_VALUES = {"lang": "en", "number": 1}
ENDINGS = {"web.cite_file": ("bib", "ris", "csl.json"), "web.person_form": tuple(SERIALIZATIONS)}
#: Headers that vary with time rather than with the person.
VOLATILE_HEADERS = re.compile(r"X-RateLimit-|X-Request-ID|Date|ETag|Content-Length")


@pytest.fixture(scope="module")
def merged_services(bank: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Yield services over a bank with a merged draft and a merged person; read-only."""
    services = make_services(copy_bank(bank, tmp_path_factory.mktemp("absent") / "bank"))
    database = services.database
    with database.write() as session:
        save_records(session, [_record_with_id(MERGED_PERSON_ID)], OPERATOR, "", publish=True)
        save_records(session, [_record_with_id(MERGED_DRAFT_ID)], OPERATOR, "", publish=False)
    merge_people(database, OPERATOR, SURVIVOR_ID, MERGED_PERSON_ID, 1, 1, {})
    merge_people(database, OPERATOR, SURVIVOR_ID, MERGED_DRAFT_ID, 2, 1, {})
    services.indexer.sync()
    yield services
    services.close()


@pytest.fixture(scope="module")
def app(merged_services: Services) -> Flask:
    return create_app(merged_services)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def _record_with_id(person_id: str) -> seed.Record:
    return {**seed.person_without_relations(SURVIVOR_ID), "id": person_id}


def person_urls(app: Flask, person_id: str) -> Iterator[str]:
    """Yield every URL at which a public person is shown or redirected."""
    build = app.url_map.bind("localhost").build
    for endpoint in REDIRECT_ENDPOINTS:
        for extension in ENDINGS.get(endpoint, ("",)):
            values = {**URL_VALUES, "person_id": person_id, "ending": extension}
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


def comparable_response(client: FlaskClient, url: str, person_id: str, **headers: str) -> tuple[object, ...]:
    """Return the response without the requested id and volatile headers."""
    with client.get(url, headers=headers) as response:
        headers_without_id = [
            (name, value.replace(person_id, "ID"))
            for name, value in response.headers
            if not VOLATILE_HEADERS.match(name)
        ]
        text = response.get_data(as_text=True).replace(person_id, "ID")
    return (response.status_code, sorted(headers_without_id), re.sub(r'"took_ms":\s?[0-9.]+', "", text))


@pytest.mark.parametrize("accept", ["*/*", "application/json", *SERIALIZATIONS_BY_MEDIA_TYPE])
def test_a_merged_draft_is_indistinguishable_from_an_unknown_id(
    app: Flask, client: FlaskClient, accept: str
) -> None:
    for draft, unknown in zip(person_urls(app, MERGED_DRAFT_ID), person_urls(app, UNKNOWN_ID), strict=True):
        expected = comparable_response(client, unknown, UNKNOWN_ID, Accept=accept)
        assert comparable_response(client, draft, MERGED_DRAFT_ID, Accept=accept) == expected, draft


def test_a_merged_person_redirects_at_every_endpoint(app: Flask, client: FlaskClient) -> None:
    for endpoint, url in zip(REDIRECT_ENDPOINTS, person_urls(app, MERGED_PERSON_ID), strict=False):
        if endpoint in ENDINGS:
            break  # several URLs of one endpoint; they have tests of their own
        with client.get(url) as response:
            assert response.status_code in (301, 308), url
            assert SURVIVOR_ID in response.headers["Location"]


def test_the_desk_resolves_merged_ids(merged_services: Services) -> None:
    with merged_services.database.read() as session:
        assert (
            find_survivor_id(session, MERGED_DRAFT_ID)
            == find_survivor_id(session, MERGED_PERSON_ID)
            == SURVIVOR_ID
        )
        assert find_survivor_id(session, UNKNOWN_ID) == ""
