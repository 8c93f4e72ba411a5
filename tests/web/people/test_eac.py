"""A person as EAC-CPF: public data only."""

from datetime import UTC, datetime

from flask.testing import FlaskClient
from sqlalchemy import update

from biobank.bootstrap import Services
from biobank.editorial.models import Redirect
from biobank.records.people.models import Person
from tests.support import pages
from tests.support.apps import create_app
from tests.support.eac import NAMES, assert_valid, read_eac
from tests.support.edited_person import DRAFT_TEXT, PERSON, save_revisions

ADDRESS = f"/people/{PERSON}.eac.xml"


def test_document_is_valid_and_allows_every_origin(client: FlaskClient) -> None:
    response = client.get(ADDRESS)
    assert (response.status_code, response.mimetype) == (200, "application/xml")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    tree = assert_valid(response.data)
    assert tree.findtext("e:control/e:recordId", namespaces=NAMES) == PERSON
    (item,) = read_eac(response.data)
    assert item.data["id"] == PERSON
    repeated = client.get(ADDRESS, headers={"If-None-Match": response.headers["ETag"]})
    assert (repeated.status_code, repeated.data) == (304, b"")


def test_person_page_links_document(client: FlaskClient) -> None:
    page = client.get(f"/en/people/{PERSON}").text
    assert pages.select(page, f"link[type='application/xml'][title='EAC-CPF 2.0'][href='{ADDRESS}']")


def test_drafts_are_hidden_and_revisions_are_listed(own_services: Services) -> None:
    save_revisions(own_services)
    response = create_app(own_services).test_client().get(ADDRESS)
    assert DRAFT_TEXT not in response.text
    events = assert_valid(response.data).findall(".//e:maintenanceEvent", NAMES)
    types = [event.get("maintenanceEventType") for event in events]
    assert types == ["created", "revised", "revised"]


def test_withdrawn_is_gone_and_merged_redirects(own_services: Services) -> None:
    now = datetime.now(UTC)
    withdrawal = {"published": None, "withdrawn_at": now, "withdrawal": "wish"}
    with own_services.database.write() as session:
        for person in (PERSON, "banin"):
            session.execute(update(Person).where(Person.id == person).values(**withdrawal))
        session.add(Redirect(old_id="banin", new_id="niyazi", at=now))
    client = create_app(own_services).test_client()
    assert client.get(ADDRESS).status_code == 410
    moved = client.get("/people/banin.eac.xml")
    assert (moved.status_code, moved.location) == (301, "/people/niyazi.eac.xml")
    tree = assert_valid(client.get("/people/niyazi.eac.xml").data)
    assert tree.findtext(".//e:otherRecordId", namespaces=NAMES) == "banin"
    # Related records disclose only the id that they contain.
    assert client.get("/people/nobody.eac.xml").status_code == 404
