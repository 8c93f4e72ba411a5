"""Revisions as JSON: only published ones, for as long as the person is public."""

import pytest
from flask.testing import FlaskClient

from biobank.accounts.identity import OPERATOR
from biobank.app import create_app
from biobank.bootstrap import Services
from biobank.editorial import workflow
from biobank.editorial.differences import Change, apply
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from tests.support import edited

REVISIONS = f"/api/v1/people/{edited.PERSON}/revisions"


@pytest.fixture
def records(own_services: Services) -> list[dict[str, object]]:
    return edited.edit(own_services)


@pytest.fixture
def own_client(own_services: Services, records: list[dict[str, object]]) -> FlaskClient:
    return create_app(own_services).test_client()


def test_published_revisions_are_listed_newest_first(own_client: FlaskClient) -> None:
    body = own_client.get(REVISIONS).json
    assert body["total"] == 3
    assert [(it["number"], it["current"], it["changed"]) for it in body["items"][:2]] == [
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
        answer = own_client.get(f"{REVISIONS}/{number}")
        assert answer.json == record
        assert load(person_schema, answer.json) == record
        assert "max-age=86400" in answer.headers["Cache-Control"]
        again = own_client.get(
            f"{REVISIONS}/{number}", headers={"If-None-Match": answer.headers["ETag"]}
        )
        assert (again.status_code, again.data) == (304, b"")


def test_changes_make_one_revision_of_another(
    own_client: FlaskClient, records: list[dict[str, object]]
) -> None:
    body = own_client.get(f"{REVISIONS}/2/changes").json
    assert (body["from"], body["to"]) == (1, 2)
    assert [(it["path"], it["kind"]) for it in body["changes"]] == [
        ("birth.date", "changed"),
        ("biography.en", "changed"),
    ]
    assert body["changes"][0] | {"before": "1885-09-18", "after": "1885-09"} == body["changes"][0]
    back = own_client.get(f"{REVISIONS}/1/changes?from=2").json["changes"]
    assert [(it["before"], it["after"]) for it in back] == [
        (it["after"], it["before"]) for it in body["changes"]
    ]
    first = own_client.get(f"{REVISIONS}/1/changes").json
    assert first["from"] is None
    whole = [
        Change((it["path"],), it["kind"], it["before"], it["after"]) for it in first["changes"]
    ]
    assert apply({}, whole) == records[0]


@pytest.mark.parametrize(
    "path", ["4", "99", "0", "-1", "9" * 30, "x", "4/changes", "99/changes", "2/changes?from=4"]
)
def test_a_draft_and_what_never_was_are_not_there(own_client: FlaskClient, path: str) -> None:
    answer = own_client.get(f"{REVISIONS}/{path}")
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert answer.json["code"] == "not_found"
    assert edited.SECRET not in answer.text


@pytest.mark.parametrize("start", ["0", "-1", "x", "9" * 30, ""])
def test_what_is_no_number_is_told(client: FlaskClient, start: str) -> None:
    answer = client.get(f"{REVISIONS}/1/changes?from={start}")
    assert (answer.status_code, answer.json["code"]) == (400, "bad_query")


@pytest.mark.parametrize("path", ["", "/1", "/3", "/2/changes"])
def test_a_withdrawn_person_has_no_revisions(
    own_services: Services, own_client: FlaskClient, path: str
) -> None:
    edited.withdraw(own_services)
    assert own_client.get(f"{REVISIONS}{path}").status_code == 404


def test_a_revision_names_nobody_who_is_not_public_any_more(
    own_client: FlaskClient, own_services: Services, records: list[dict[str, object]]
) -> None:
    ties = own_client.get(f"{REVISIONS}/1").json["relations"]
    gone = ties[0]["person"]
    workflow.withdraw(own_services.database, OPERATOR, gone, "wish", "")
    answer = own_client.get(f"{REVISIONS}/1")
    assert answer.json.get("relations", []) == [tie for tie in ties if tie["person"] != gone]
    assert gone not in own_client.get(f"{REVISIONS}/1/changes").text
    assert gone not in own_client.get(f"/api/v1/people/{edited.PERSON}").text


def test_a_record_without_a_tie_that_is_not_shown_is_another_state_of_the_same_revision(
    own_client: FlaskClient, own_services: Services, records: list[dict[str, object]]
) -> None:
    """Check that cached copies become stale, while the ETag stays valid as a precondition."""
    address = f"/api/v1/people/{edited.PERSON}"
    first = own_client.get(address)
    gone = first.json["relations"][0]["person"]
    workflow.withdraw(own_services.database, OPERATOR, gone, "wish", "")
    second = own_client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 200
    assert second.headers["ETag"].startswith(first.headers["ETag"].rstrip('"') + ":")
    third = own_client.get(address, headers={"If-None-Match": second.headers["ETag"]})
    assert third.status_code == 304
