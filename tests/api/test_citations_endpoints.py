"""Citations as JSON and as plain text: of people in their revisions, and of sources."""

import json

import pytest
from flask.testing import FlaskClient

from biobank.bootstrap import Services
from biobank.common.clock import now
from biobank.editorial.models import Redirect
from biobank.editorial.revisions.publication import unpublish
from biobank.exchange.formats.citations.styles import CITATION_FILE_FORMATS, CITATION_STYLES
from biobank.records.people.models import Person
from tests.support import edited_person
from tests.support.apps import create_app
from tests.support.references import read_bibtex, read_ris

CITATION = f"/api/v1/people/{edited_person.PERSON}/citation"
FILE = f"/people/{edited_person.PERSON}/cite.bib"
PAGE = f"/en/people/{edited_person.PERSON}/cite"
SOURCE = "/api/v1/sources/kle-seid-azim-shirvani/citation"


@pytest.fixture
def own_client(own_services: Services) -> FlaskClient:
    edited_person.save_revisions(own_services)
    return create_app(own_services).test_client()


def test_the_public_revision_of_a_biography_is_cited(own_client: FlaskClient) -> None:
    body = own_client.get(f"{CITATION}?style=mla&lang=en").json
    assert (body["id"], body["style"], body["lang"], body["revision"]) == (
        edited_person.PERSON,
        "mla",
        "en",
        3,
    )
    address = f"http://localhost/people/{edited_person.PERSON}/revisions/3"
    assert body["text"].startswith("“Uzeyir Hajibeyov (1885–1948).” Azerbaijani Biography Bank, rev")
    assert body["text"].endswith(f"{address}.")
    assert "<i>Azerbaijani Biography Bank</i>, revision 3" in body["html"]
    assert f'<a href="{address}">{address}</a>' in body["html"]


def test_an_older_revision_can_be_cited_but_a_draft_cannot(own_client: FlaskClient) -> None:
    old = own_client.get(f"{CITATION}?style=gost&lang=ru&revision=1").json
    assert old["revision"] == 1
    assert f"/people/{edited_person.PERSON}/revisions/1 (дата обращения: " in old["text"]
    assert own_client.get(f"{CITATION}?revision=4").status_code == 404
    assert edited_person.DRAFT_TEXT not in own_client.get(f"{CITATION}?style=ris&lang=en").text


@pytest.mark.parametrize("style", [*CITATION_STYLES, *CITATION_FILE_FORMATS])
@pytest.mark.parametrize("address", [CITATION, SOURCE])
def test_every_style_is_available_as_json_and_as_plain_text(
    client: FlaskClient, address: str, style: str
) -> None:
    response = client.get(f"{address}?style={style}")
    assert response.json["text"]
    assert (response.json["html"] is None) == (style in CITATION_FILE_FORMATS)
    plain = client.get(f"{address}?style={style}", headers={"Accept": "text/plain"})
    assert plain.mimetype == "text/plain"
    assert plain.text == response.json["text"]
    assert "Accept" in response.headers["Vary"]
    repeated = client.get(f"{address}?style={style}", headers={"If-None-Match": response.headers["ETag"]})
    assert repeated.status_code == 304


def test_a_source_is_cited_from_its_record(client: FlaskClient) -> None:
    text = client.get(f"{SOURCE}?style=chicago").json["text"]
    assert text.startswith("Шариф, Аз. “Сеид Азим Ширвани.” In Краткая литературная энциклопедия,")
    (ris,) = read_ris(client.get(f"{SOURCE}?style=ris").json["text"])
    assert ris["AU"] == ["Шариф, Аз."]
    assert list(read_bibtex(client.get(f"{SOURCE}?style=bibtex").json["text"])) == ["kle-seid-azim-shirvani"]
    (csl,) = json.loads(client.get(f"{SOURCE}?style=csl-json").json["text"])
    assert csl["container-title"] == "Краткая литературная энциклопедия"


@pytest.mark.parametrize("query", ["style=harvard", "lang=tr", "revision=0", "revision=x"])
def test_invalid_arguments_are_rejected(client: FlaskClient, query: str) -> None:
    response = client.get(f"{CITATION}?{query}")
    assert response.status_code == 400
    assert response.json["detail"].startswith(query.partition("=")[0])


def test_a_withdrawn_person_is_not_cited(own_client: FlaskClient, own_services: Services) -> None:
    _unpublish(own_services, "withdrawn")
    for address in (CITATION, FILE, PAGE, f"{PAGE}?revision=2"):
        response = own_client.get(address)
        assert response.status_code == 410, address
        assert "Hajibeyov" not in response.text


def test_a_merged_person_redirects_without_the_revision(
    own_client: FlaskClient, own_services: Services
) -> None:
    _unpublish(own_services, "merged")
    with own_services.database.write() as session:
        session.add(Redirect(old_id=edited_person.PERSON, new_id="nizami-gencevi", at=now()))
    for address, query, status in ((CITATION, "style=ris", 308), (FILE, "lang=ru", 301)):
        response = own_client.get(f"{address}?revision=3&{query}")
        target_url = address.replace(edited_person.PERSON, "nizami-gencevi")
        assert (response.status_code, response.location) == (status, f"{target_url}?{query}")
        assert own_client.get(response.location).status_code == 200


def _unpublish(services: Services, reason: str) -> None:
    with services.database.write() as session:
        unpublish(session, session.get_one(Person, edited_person.PERSON), reason, now())
