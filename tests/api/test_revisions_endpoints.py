"""Revisions as JSON: only published ones, for as long as the person is public."""

import pytest
from flask.testing import FlaskClient

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.review import workflow
from biobank.editorial.revisions.record_diff import RecordChange, apply_changes
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from tests.support import edited_person
from tests.support.apps import create_app

REVISIONS = f"/api/v1/people/{edited_person.PERSON}/revisions"


@pytest.fixture
def records(own_services: Services) -> list[dict[str, object]]:
    return edited_person.save_revisions(own_services)


@pytest.fixture
def own_client(own_services: Services, records: list[dict[str, object]]) -> FlaskClient:
    return create_app(own_services).test_client()


def test_published_revisions_are_listed_newest_first(own_client: FlaskClient) -> None:
    body = own_client.get(REVISIONS).json
    assert body["total"] == 3
    assert [(item["number"], item["current"], item["changed"]) for item in body["items"][:2]] == [
        (3, True, ["names", "works"]),
        (2, False, ["birth", "biography.en"]),
    ]
    assert "biography.az" in body["items"][2]["changed"]
    # Notes and names of editors are not public.
    assert set(body["items"][0]) == {"number", "at", "changed", "current"}
    assert body["items"][0]["at"].endswith("Z")
    paged = own_client.get(f"{REVISIONS}?page=2&size=1").json
    assert paged["items"] == body["items"][1:2]


def test_a_revision_is_the_record_as_it_was(
    own_client: FlaskClient, records: list[dict[str, object]]
) -> None:
    for number, record in enumerate(records[:3], start=1):
        response = own_client.get(f"{REVISIONS}/{number}")
        assert response.json == record
        assert load_validated(person_schema, response.json) == record
        assert "max-age=86400" in response.headers["Cache-Control"]
        repeated = own_client.get(
            f"{REVISIONS}/{number}", headers={"If-None-Match": response.headers["ETag"]}
        )
        assert (repeated.status_code, repeated.data) == (304, b"")


def test_applying_the_changes_gives_the_revision(
    own_client: FlaskClient, records: list[dict[str, object]]
) -> None:
    body = own_client.get(f"{REVISIONS}/2/changes").json
    assert (body["from"], body["to"]) == (1, 2)
    assert [(change["path"], change["kind"]) for change in body["changes"]] == [
        ("birth.date", "changed"),
        ("biography.en", "changed"),
    ]
    assert body["changes"][0] | {"before": "1885-09-18", "after": "1885-09"} == body["changes"][0]
    back = own_client.get(f"{REVISIONS}/1/changes?from=2").json["changes"]
    assert [(change["before"], change["after"]) for change in back] == [
        (change["after"], change["before"]) for change in body["changes"]
    ]
    first = own_client.get(f"{REVISIONS}/1/changes").json
    assert first["from"] is None
    changes = [
        RecordChange((change["path"],), change["kind"], change["before"], change["after"])
        for change in first["changes"]
    ]
    assert apply_changes({}, changes) == records[0]


@pytest.mark.parametrize(
    "path", ["4", "99", "0", "-1", "9" * 30, "x", "4/changes", "99/changes", "2/changes?from=4"]
)
def test_drafts_and_unknown_revisions_are_404(own_client: FlaskClient, path: str) -> None:
    response = own_client.get(f"{REVISIONS}/{path}")
    assert response.status_code == 404
    assert response.content_type == "application/problem+json"
    assert response.json["code"] == "not_found"
    assert edited_person.DRAFT_TEXT not in response.text


@pytest.mark.parametrize("start", ["0", "-1", "x", "9" * 30, ""])
def test_an_invalid_number_is_rejected(client: FlaskClient, start: str) -> None:
    response = client.get(f"{REVISIONS}/1/changes?from={start}")
    assert (response.status_code, response.json["code"]) == (400, "bad_query")


@pytest.mark.parametrize("path", ["", "/1", "/3", "/2/changes"])
def test_a_withdrawn_person_has_no_revisions(
    own_services: Services, own_client: FlaskClient, path: str
) -> None:
    edited_person.withdraw(own_services)
    assert own_client.get(f"{REVISIONS}{path}").status_code == 404


def test_a_revision_hides_relations_to_withdrawn_people(
    own_client: FlaskClient, own_services: Services, records: list[dict[str, object]]
) -> None:
    relations = own_client.get(f"{REVISIONS}/1").json["relations"]
    withdrawn_id = relations[0]["person"]
    workflow.withdraw(own_services.database, OPERATOR, withdrawn_id, "wish", "")
    response = own_client.get(f"{REVISIONS}/1")
    assert response.json.get("relations", []) == [
        relation for relation in relations if relation["person"] != withdrawn_id
    ]
    assert withdrawn_id not in own_client.get(f"{REVISIONS}/1/changes").text
    assert withdrawn_id not in own_client.get(f"/api/v1/people/{edited_person.PERSON}").text


def test_a_hidden_relation_changes_the_etag_but_not_the_revision(
    own_client: FlaskClient, own_services: Services, records: list[dict[str, object]]
) -> None:
    """Check that cached copies become stale, while the ETag stays valid as a precondition."""
    address = f"/api/v1/people/{edited_person.PERSON}"
    first = own_client.get(address)
    withdrawn_id = first.json["relations"][0]["person"]
    workflow.withdraw(own_services.database, OPERATOR, withdrawn_id, "wish", "")
    second = own_client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 200
    assert second.headers["ETag"].startswith(first.headers["ETag"].rstrip('"') + ":")
    third = own_client.get(address, headers={"If-None-Match": second.headers["ETag"]})
    assert third.status_code == 304
