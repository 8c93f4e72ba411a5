"""A person as EAC-CPF: public data only."""

from datetime import UTC, datetime

from flask.testing import FlaskClient
from sqlalchemy import update

from biobank.app import create_app
from biobank.bootstrap import Services
from biobank.editorial.models import Redirect
from biobank.records.people.models import Person
from tests.support.eac import NAMES, read, valid
from tests.support.edited import PERSON, SECRET, edit

ADDRESS = f"/people/{PERSON}.eac.xml"


def test_a_person_is_a_valid_document_that_every_origin_may_read(client: FlaskClient) -> None:
    answer = client.get(ADDRESS)
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    made = valid(answer.data)
    assert made.findtext("e:control/e:recordId", namespaces=NAMES) == PERSON
    (item,) = read(answer.data)
    assert item.data["id"] == PERSON
    again = client.get(ADDRESS, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_page_of_a_person_leads_to_it(client: FlaskClient) -> None:
    page = client.get(f"/en/people/{PERSON}").text
    assert f'type="application/xml" title="EAC-CPF 2.0" href="{ADDRESS}"' in page


def test_drafts_do_not_show_and_revisions_are_told(own_services: Services) -> None:
    edit(own_services)
    answer = create_app(own_services).test_client().get(ADDRESS)
    assert SECRET not in answer.text
    events = valid(answer.data).findall(".//e:maintenanceEvent", NAMES)
    types = [event.get("maintenanceEventType") for event in events]
    assert types == ["created", "revised", "revised"]


def test_who_was_withdrawn_is_gone_and_who_was_merged_leads_on(own_services: Services) -> None:
    now = datetime.now(UTC)
    gone = {"published": None, "withdrawn_at": now, "withdrawal": "wish"}
    with own_services.database.write() as session:
        for person in (PERSON, "banin"):
            session.execute(update(Person).where(Person.id == person).values(**gone))
        session.add(Redirect(old_id="banin", new_id="niyazi", at=now))
    client = create_app(own_services).test_client()
    assert client.get(ADDRESS).status_code == 410
    moved = client.get("/people/banin.eac.xml")
    assert (moved.status_code, moved.location) == (301, "/people/niyazi.eac.xml")
    made = valid(client.get("/people/niyazi.eac.xml").data)
    assert made.findtext(".//e:otherRecordId", namespaces=NAMES) == "banin"
    # Related records disclose only the id that they contain.
    assert client.get("/people/nobody.eac.xml").status_code == 404
