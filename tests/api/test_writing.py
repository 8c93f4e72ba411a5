"""Writing through the API: rights first, then the precondition, then the record."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.accounts import tokens
from biobank.accounts.identity import OPERATOR, Identity, Scope
from biobank.bootstrap import Services
from biobank.common.clock import now
from biobank.editorial.models import Redirect
from biobank.editorial.review import workflow
from biobank.editorial.revisions.drafts import DraftDetails, save_draft
from biobank.editorial.revisions.publication import unpublish
from biobank.records.people.models import Person
from tests.support import desk_records as records
from tests.support.apps import create_app
from tests.support.desk_records import NEW_RECORD, UZEYIR
from tests.support.users import add_user

PEOPLE = "/api/v1/people"
PERSON = f"{PEOPLE}/{UZEYIR}"
SINAQ = f"{PEOPLE}/sinaq-yoxlamazade"

SendRequest = Callable[..., Any]


@pytest.fixture
def own_app(own_services: Services) -> Flask:
    return create_app(own_services)


@pytest.fixture
def contributor(own_services: Services) -> Identity:
    return add_user(own_services.database, "Aygün", "contributor")


@pytest.fixture
def editor(own_services: Services) -> Identity:
    return add_user(own_services.database, "Nigar", "editor")


def token_client(app: Flask, services: Services, user: Identity, *scopes: Scope) -> SendRequest:
    """Return a function that sends requests with a token of `user`."""
    assert user.user_id is not None
    key = tokens.create_token_for(services.database, OPERATOR, user.user_id, "a test", list(scopes))
    client: FlaskClient = app.test_client()

    def send_request(method: str, path: str, json: Any = None, **headers: str) -> Any:
        request_headers = {name.replace("_", "-"): value for name, value in headers.items()}
        request_headers["Authorization"] = f"Bearer {key}"
        return client.open(path, method=method, json=json, headers=request_headers)

    return send_request


@pytest.fixture
def write(own_app: Flask, own_services: Services, contributor: Identity) -> SendRequest:
    return token_client(own_app, own_services, contributor, "read", "write")


@pytest.fixture
def review(own_app: Flask, own_services: Services, editor: Identity) -> SendRequest:
    return token_client(own_app, own_services, editor, "write", "publish")


def test_a_person_is_written_submitted_and_published(
    own_app: Flask, write: SendRequest, review: SendRequest
) -> None:
    created = write("POST", f"{PEOPLE}?message=A+first+try", NEW_RECORD)
    assert created.status_code == 201
    assert created.headers["Location"] == f"{SINAQ}/draft"
    assert created.headers["ETag"] == '"1"'
    assert created.json["id"] == "sinaq-yoxlamazade"
    assert own_app.test_client().get(SINAQ).status_code == 404
    draft = write("GET", f"{SINAQ}/draft")
    assert (draft.json, draft.headers["ETag"]) == (created.json, '"1"')
    assert draft.headers["Cache-Control"] == "no-store"
    changed = {**draft.json, "gender": "other"}
    updated = write("PUT", SINAQ, changed, If_Match=draft.headers["ETag"])
    assert (updated.status_code, updated.headers["ETag"]) == (200, '"2"')
    assert updated.json == changed
    transition = {"to": "review", "number": 2}
    assert write("POST", f"{SINAQ}/state", transition).json["state"] == "review"
    returned = review("POST", f"{SINAQ}/state", {"to": "draft", "number": 2, "text": "Why?"})
    assert (returned.json["state"], returned.json["notes"][-1]["text"]) == ("draft", "Why?")
    write("POST", f"{SINAQ}/state", transition)
    assert review("POST", f"{SINAQ}/state", {"to": "published", "number": 2}).status_code == 200
    public = own_app.test_client().get(SINAQ)
    assert (public.json, public.headers["ETag"]) == (changed, '"2"')
    assert write("GET", f"{SINAQ}/state").json["published"] == 2


def test_the_etag_of_the_public_record_is_valid_until_the_next_edit(
    own_app: Flask, write: SendRequest
) -> None:
    public: Any = own_app.test_client().get(PERSON)
    changed = {**public.json, "gender": "other"}
    first = write("PUT", PERSON, changed, If_Match=public.headers["ETag"])
    assert (first.status_code, first.headers["ETag"]) == (200, '"2"')
    stale = write("PUT", PERSON, public.json, If_Match=public.headers["ETag"])
    assert stale.status_code == 412
    assert stale.content_type == "application/problem+json"
    problem = {key: stale.json[key] for key in ("code", "base", "head", "read")}
    assert problem == {"code": "edit_conflict", "base": 1, "head": 2, "read": f"{PERSON}/draft"}
    assert write("GET", problem["read"]).json == changed


@pytest.mark.parametrize("tag", ['W/"1"', '"1:gzip"', '"0", "1"', '"1:br"'])
def test_an_etag_changed_by_compression_is_accepted(write: SendRequest, tag: str) -> None:
    record = write("GET", f"{PERSON}/draft").json
    assert write("PUT", PERSON, {**record, "gender": "other"}, If_Match=tag).status_code == 200


@pytest.mark.parametrize("tag", ['"7"', '"abc"', "1", '"1x"', '"' + "1" * 50 + '"'])
def test_an_etag_of_another_revision_is_rejected(write: SendRequest, tag: str) -> None:
    assert write("PUT", PERSON, {}, If_Match=tag).status_code == 412


@pytest.mark.parametrize("headers", [{}, {"If_Match": "*"}, {"If_Match": ""}])
def test_a_missing_precondition_is_rejected(write: SendRequest, headers: dict[str, str]) -> None:
    response = write("PUT", PERSON, {}, **headers)
    assert (response.status_code, response.json["code"]) == (428, "precondition_required")
    assert '"1"' in response.json["detail"]


def test_an_unchanged_record_makes_no_revision(write: SendRequest) -> None:
    draft = write("GET", f"{PERSON}/draft")
    response = write("PUT", PERSON, draft.json, If_Match=draft.headers["ETag"])
    assert (response.status_code, response.headers["ETag"]) == (200, '"1"')


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"id": "somebody-else"}, "id"),
        ({"birth": {"date": "soon"}}, "birth.date"),
        ({"birth": {"place": "nowhere-at-all"}}, "birth.place"),
        ({"nothing": 1}, "nothing"),
        ({"names": []}, "names"),
        ({"relations": [{"type": "teacher", "person": "nobody-here"}]}, "relations[0].person"),
    ],
)
def test_an_invalid_record_is_rejected_with_the_path_of_each_error(
    write: SendRequest, change: dict[str, Any], path: str
) -> None:
    record = write("GET", f"{PERSON}/draft").json
    response = write("PUT", PERSON, {**record, **change}, If_Match='"1"')
    assert (response.status_code, response.json["code"]) == (422, "record_refused")
    assert path in [problem["path"] for problem in response.json["problems"]]


def test_an_existing_id_is_a_conflict(write: SendRequest) -> None:
    response = write("POST", PEOPLE, {**NEW_RECORD, "id": UZEYIR})
    assert response.status_code == 409
    assert [problem["code"] for problem in response.json["problems"]] == ["id_taken"]
    assert write("POST", PEOPLE, NEW_RECORD).headers["Location"] == f"{SINAQ}/draft"
    assert write("POST", PEOPLE, NEW_RECORD).headers["Location"] == f"{SINAQ}-2/draft"


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"", "application/json", 400),
        (b"names=x", "application/x-www-form-urlencoded", 415),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
        (b'{"names": "x"}', "application/json", 422),
        (b"[" * 100_000, "application/json", 400),
        (b'{"gender": NaN}', "application/json", 422),
    ],
)
def test_an_invalid_body_is_rejected(
    own_app: Flask, own_services: Services, contributor: Identity, body: bytes, content_type: str, status: int
) -> None:
    assert contributor.user_id is not None
    key = tokens.create_token_for(own_services.database, OPERATOR, contributor.user_id, "t", ["write"])
    response = own_app.test_client().post(
        PEOPLE, data=body, content_type=content_type, headers={"Authorization": f"Bearer {key}"}
    )
    assert (response.status_code, response.content_type) == (status, "application/problem+json")


@pytest.mark.parametrize("arguments", ["agrees=xx", f"message={'x' * 600}"])
def test_invalid_arguments_are_rejected(write: SendRequest, arguments: str) -> None:
    response = write("POST", f"{PEOPLE}?{arguments}", NEW_RECORD)
    assert (response.status_code, response.json["code"]) == (400, "bad_query")


def test_rights_are_checked_before_the_payload(
    own_app: Flask, own_services: Services, editor: Identity, write: SendRequest
) -> None:
    only_read = token_client(own_app, own_services, editor, "read")
    anonymous_client = own_app.test_client()
    for method, path in (
        ("POST", PEOPLE),
        ("PUT", PERSON),
        ("DELETE", PERSON),
        ("POST", f"{PERSON}/state"),
        ("GET", f"{PERSON}/draft"),
        ("GET", f"{PERSON}/state"),
        ("PUT", f"{PEOPLE}/nobody"),
    ):
        assert anonymous_client.open(path, method=method, data=b"{").status_code == 401, path
        assert only_read(method, path, {}).status_code == 403, path
    assert write("DELETE", PERSON, {}).status_code == 403
    assert write("POST", f"{PERSON}/state", {"to": "published"}).status_code == 403
    assert write("PUT", f"{PEOPLE}/nobody", {}).status_code == 404
    workflow.withdraw(own_services.database, editor, UZEYIR, "mistake", "")
    assert write("PUT", PERSON, {}).status_code == 403
    assert write("PUT", PERSON, {}, If_Match='"9"').status_code == 403


@pytest.mark.parametrize(
    ("step", "status"),
    [
        ({"to": "published", "number": 1}, 409),
        ({"to": "draft", "number": 1, "text": "Why?"}, 409),
        ({"to": "review", "number": 2}, 409),
        ({"to": "withdrawn", "number": 1}, 422),
        ({"to": "nowhere", "number": 1}, 422),
        ({"to": "review"}, 422),
        ({"to": "review", "number": "1"}, 422),
        ({"to": ["review"], "number": 1}, 422),
        ([], 422),
    ],
)
def test_an_invalid_transition_is_rejected(review: SendRequest, step: Any, status: int) -> None:
    assert review("POST", f"{PERSON}/state", step).status_code == status


def test_authors_cannot_publish_their_own_work_by_token(
    own_app: Flask, own_services: Services, editor: Identity
) -> None:
    send_request = token_client(own_app, own_services, editor, "write", "publish")
    send_request("POST", PEOPLE, NEW_RECORD)
    send_request("POST", f"{SINAQ}/state", {"to": "review", "number": 1})
    response = send_request("POST", f"{SINAQ}/state", {"to": "published", "number": 1})
    assert (response.status_code, response.json["code"]) == (403, "own_work")
    assert "Authors: Nigar" in response.json["detail"]


def test_a_withdrawn_person_is_gone_without_a_name(own_app: Flask, review: SendRequest) -> None:
    assert review("DELETE", PERSON).status_code == 428
    assert review("DELETE", f"{PERSON}?reason=mistake", If_Match='"4"').status_code == 412
    assert review("DELETE", PERSON, If_Match='"1"').status_code == 400
    response = review("DELETE", f"{PERSON}?reason=mistake&text=Twice", If_Match='"1"')
    assert (response.status_code, response.data) == (204, b"")
    client = own_app.test_client()
    for path in (PERSON, f"{PERSON}/similar", f"{PERSON}/revisions", f"{PERSON}/revisions/1"):
        tombstone: Any = client.get(path)
        assert (tombstone.status_code, tombstone.json["code"]) == (410, "gone")
        assert tombstone.json["withdrawn"] == f"{now():%Y-%m-%d}"
        assert "Hac" not in tombstone.text
        assert client.head(path).status_code == 410
    for lang in ("az", "en", "ru"):
        for path in ("", "/history", "/revisions/1", "/revisions/1/changes"):
            page = client.get(f"/{lang}/people/{UZEYIR}{path}")
            assert page.status_code == 410
            assert "Hacıb" not in page.text
            assert "Гаджиб" not in page.text
    repeated = review("DELETE", f"{PERSON}?reason=mistake", If_Match='"1"')
    assert repeated.status_code == 409
    reinstated = review("POST", f"{PERSON}/state", {"to": "published", "number": 1})
    assert reinstated.json["published"] == 1
    assert client.get(PERSON).status_code == 200


def test_a_merged_person_redirects_permanently(
    own_app: Flask, own_services: Services, review: SendRequest
) -> None:
    record = review("GET", f"{PERSON}/draft").json
    with own_services.database.write() as session:
        person = session.get_one(Person, UZEYIR)
        unpublish(session, person, "merged", now())
        session.add(Redirect(old_id=UZEYIR, new_id="nizami-gencevi", at=now()))
    client = own_app.test_client()
    for path, target in (
        (PERSON, f"{PEOPLE}/nizami-gencevi"),
        (f"{PERSON}/similar?lang=ru", f"{PEOPLE}/nizami-gencevi/similar?lang=ru"),
        (f"{PERSON}/revisions", f"{PEOPLE}/nizami-gencevi/revisions"),
        (f"{PERSON}/revisions/1", f"{PEOPLE}/nizami-gencevi"),
    ):
        response = client.get(path)
        assert (response.status_code, response.location) == (308, target)
    page = client.get(f"/ru/people/{UZEYIR}")
    assert (page.status_code, page.location) == (301, "/ru/people/nizami-gencevi")
    old = client.get(f"/en/people/{UZEYIR}/revisions/1")
    assert (old.status_code, old.location) == (301, "/en/people/nizami-gencevi")
    for form in ("suggest?field=birth", "objection"):
        form_response = client.get(f"/en/people/{UZEYIR}/{form}")
        assert (form_response.status_code, form_response.location) == (
            301,
            f"/en/people/nizami-gencevi/{form}",
        )
    assert review("PUT", PERSON, record, If_Match='"1"').status_code == 409
    assert client.get(f"{PEOPLE}/never-here").status_code == 404


def test_a_credited_contributor_is_in_the_public_history(
    own_app: Flask, own_services: Services, contributor: Identity, editor: Identity
) -> None:
    record = {**records.published_record(own_services), "gender": "other"}
    number = save_draft(
        own_services.database, contributor, record, 1, DraftDetails(credit="Bir <Oxucu>")
    ).number
    records.publish(own_services, contributor, editor, number)
    page = own_app.test_client().get(f"/en/people/{UZEYIR}/history").text
    assert "suggested by Bir &lt;Oxucu&gt;" in page
    for name in ("Aygün", "Nigar"):
        assert name not in page


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"names": [], "names": []}', "duplicate key 'names' in an object"),
        (b'{"names": ', "Invalid JSON: Expecting value"),
        (b"\xff", "Invalid JSON"),
        (b"[" * 200_000, "nested too deeply"),
    ],
)
def test_invalid_or_ambiguous_json_is_rejected(
    own_app: Flask, own_services: Services, contributor: Identity, body: bytes, message: str
) -> None:
    assert contributor.user_id is not None
    key = tokens.create_token_for(own_services.database, OPERATOR, contributor.user_id, "a test", ["write"])
    headers = {"Authorization": f"Bearer {key}"}
    response = own_app.test_client().post(PEOPLE, data=body, content_type="application/json", headers=headers)
    assert [response.status_code, response.json["code"]] == [400, "bad_request"]
    assert message in response.json["detail"]
