"""Writing through the API: rights first, then the precondition, then the record."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.accounts import tokens
from biobank.accounts.identity import OPERATOR, Identity, Scope
from biobank.app import create_app
from biobank.bootstrap import Services
from biobank.editorial import workflow
from biobank.editorial.making_public import take_out
from biobank.editorial.models import Redirect
from biobank.editorial.saving import save_draft
from biobank.records.people.models import Person
from biobank.store import outbox
from tests.support import desk_records as records
from tests.support.desk_records import NEW, UZEYIR
from tests.support.users import add_user

PEOPLE = "/api/v1/people"
PERSON = f"{PEOPLE}/{UZEYIR}"
SINAQ = f"{PEOPLE}/sinaq-yoxlamazade"

Ask = Callable[..., Any]


@pytest.fixture
def own_app(own_services: Services) -> Flask:
    return create_app(own_services)


@pytest.fixture
def writer(own_services: Services) -> Identity:
    return add_user(own_services.database, "Aygün", "contributor")


@pytest.fixture
def reviewer(own_services: Services) -> Identity:
    return add_user(own_services.database, "Nigar", "editor")


def asking(app: Flask, services: Services, who: Identity, *scopes: Scope) -> Ask:
    """Return a function that sends requests with a token of `user`."""
    assert who.user_id is not None
    key = tokens.make_token_for(services.database, OPERATOR, who.user_id, "a test", list(scopes))
    client: FlaskClient = app.test_client()

    def ask(method: str, path: str, json: Any = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named["Authorization"] = f"Bearer {key}"
        return client.open(path, method=method, json=json, headers=named)

    return ask


@pytest.fixture
def write(own_app: Flask, own_services: Services, writer: Identity) -> Ask:
    return asking(own_app, own_services, writer, "read", "write")


@pytest.fixture
def review(own_app: Flask, own_services: Services, reviewer: Identity) -> Ask:
    return asking(own_app, own_services, reviewer, "write", "publish")


def test_a_person_is_written_handed_in_and_published(
    own_app: Flask, write: Ask, review: Ask
) -> None:
    made = write("POST", f"{PEOPLE}?message=A+first+try", NEW)
    assert made.status_code == 201
    assert made.headers["Location"] == f"{SINAQ}/draft"
    assert made.headers["ETag"] == '"1"'
    assert made.json["id"] == "sinaq-yoxlamazade"
    assert own_app.test_client().get(SINAQ).status_code == 404
    draft = write("GET", f"{SINAQ}/draft")
    assert (draft.json, draft.headers["ETag"]) == (made.json, '"1"')
    assert draft.headers["Cache-Control"] == "no-store"
    changed = {**draft.json, "gender": "other"}
    put = write("PUT", SINAQ, changed, If_Match=draft.headers["ETag"])
    assert (put.status_code, put.headers["ETag"]) == (200, '"2"')
    assert put.json == changed
    step = {"to": "review", "number": 2}
    assert write("POST", f"{SINAQ}/state", step).json["state"] == "review"
    back = review("POST", f"{SINAQ}/state", {"to": "draft", "number": 2, "text": "Why?"})
    assert (back.json["state"], back.json["notes"][-1]["text"]) == ("draft", "Why?")
    write("POST", f"{SINAQ}/state", step)
    assert review("POST", f"{SINAQ}/state", {"to": "published", "number": 2}).status_code == 200
    public = own_app.test_client().get(SINAQ)
    assert (public.json, public.headers["ETag"]) == (changed, '"2"')
    assert write("GET", f"{SINAQ}/state").json["published"] == 2


def test_the_etag_of_what_is_public_is_good_until_somebody_writes(
    own_app: Flask, write: Ask
) -> None:
    public: Any = own_app.test_client().get(PERSON)
    changed = {**public.json, "gender": "other"}
    first = write("PUT", PERSON, changed, If_Match=public.headers["ETag"])
    assert (first.status_code, first.headers["ETag"]) == (200, '"2"')
    stale = write("PUT", PERSON, public.json, If_Match=public.headers["ETag"])
    assert stale.status_code == 412
    assert stale.content_type == "application/problem+json"
    told = {key: stale.json[key] for key in ("code", "base", "head", "read")}
    assert told == {"code": "edit_conflict", "base": 1, "head": 2, "read": f"{PERSON}/draft"}
    assert write("GET", told["read"]).json == changed


@pytest.mark.parametrize("tag", ['W/"1"', '"1:gzip"', '"0", "1"', '"1:br"'])
def test_an_etag_that_was_packed_on_its_way_is_still_the_number(write: Ask, tag: str) -> None:
    record = write("GET", f"{PERSON}/draft").json
    assert write("PUT", PERSON, {**record, "gender": "other"}, If_Match=tag).status_code == 200


@pytest.mark.parametrize("tag", ['"7"', '"abc"', "1", '"1x"', '"' + "1" * 50 + '"'])
def test_an_etag_that_is_not_the_newest_is_refused(write: Ask, tag: str) -> None:
    assert write("PUT", PERSON, {}, If_Match=tag).status_code == 412


@pytest.mark.parametrize("headers", [{}, {"If_Match": "*"}, {"If_Match": ""}])
def test_who_does_not_say_what_they_saw_is_asked_to(write: Ask, headers: dict[str, str]) -> None:
    answer = write("PUT", PERSON, {}, **headers)
    assert (answer.status_code, answer.json["code"]) == (428, "precondition_required")
    assert '"1"' in answer.json["detail"]


def test_what_changes_nothing_makes_no_revision(write: Ask) -> None:
    draft = write("GET", f"{PERSON}/draft")
    same = write("PUT", PERSON, draft.json, If_Match=draft.headers["ETag"])
    assert (same.status_code, same.headers["ETag"]) == (200, '"1"')


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
def test_a_record_is_refused_with_the_path_of_each_mistake(
    write: Ask, change: dict[str, Any], path: str
) -> None:
    record = write("GET", f"{PERSON}/draft").json
    answer = write("PUT", PERSON, {**record, **change}, If_Match='"1"')
    assert (answer.status_code, answer.json["code"]) == (422, "record_refused")
    assert path in [problem["path"] for problem in answer.json["problems"]]


def test_an_id_that_is_taken_is_told(write: Ask) -> None:
    answer = write("POST", PEOPLE, {**NEW, "id": UZEYIR})
    assert answer.status_code == 409
    assert [it["code"] for it in answer.json["problems"]] == ["id_taken"]
    assert write("POST", PEOPLE, NEW).headers["Location"] == f"{SINAQ}/draft"
    assert write("POST", PEOPLE, NEW).headers["Location"] == f"{SINAQ}-2/draft"


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
def test_what_is_no_record_is_refused_and_breaks_nothing(
    own_app: Flask,
    own_services: Services,
    writer: Identity,
    body: bytes,
    content_type: str,
    status: int,
) -> None:
    assert writer.user_id is not None
    key = tokens.make_token_for(own_services.database, OPERATOR, writer.user_id, "t", ["write"])
    answer = own_app.test_client().post(
        PEOPLE, data=body, content_type=content_type, headers={"Authorization": f"Bearer {key}"}
    )
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


@pytest.mark.parametrize("arguments", ["agrees=xx", f"message={'x' * 600}"])
def test_arguments_that_cannot_be_are_refused(write: Ask, arguments: str) -> None:
    answer = write("POST", f"{PEOPLE}?{arguments}", NEW)
    assert (answer.status_code, answer.json["code"]) == (400, "bad_query")


def test_rights_come_before_everything_that_was_sent(
    own_app: Flask, own_services: Services, reviewer: Identity, write: Ask
) -> None:
    only_read = asking(own_app, own_services, reviewer, "read")
    nobody = own_app.test_client()
    for method, path in (
        ("POST", PEOPLE),
        ("PUT", PERSON),
        ("DELETE", PERSON),
        ("POST", f"{PERSON}/state"),
        ("GET", f"{PERSON}/draft"),
        ("GET", f"{PERSON}/state"),
        ("PUT", f"{PEOPLE}/nobody"),
    ):
        assert nobody.open(path, method=method, data=b"{").status_code == 401, path
        assert only_read(method, path, {}).status_code == 403, path
    assert write("DELETE", PERSON, {}).status_code == 403
    assert write("POST", f"{PERSON}/state", {"to": "published"}).status_code == 403
    assert write("PUT", f"{PEOPLE}/nobody", {}).status_code == 404
    workflow.withdraw(own_services.database, reviewer, UZEYIR, "mistake", "")
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
def test_a_step_that_cannot_be_is_refused(review: Ask, step: Any, status: int) -> None:
    assert review("POST", f"{PERSON}/state", step).status_code == status


def test_nobody_publishes_what_they_wrote_by_token_either(
    own_app: Flask, own_services: Services, reviewer: Identity
) -> None:
    ask = asking(own_app, own_services, reviewer, "write", "publish")
    ask("POST", PEOPLE, NEW)
    ask("POST", f"{SINAQ}/state", {"to": "review", "number": 1})
    answer = ask("POST", f"{SINAQ}/state", {"to": "published", "number": 1})
    assert (answer.status_code, answer.json["code"]) == (403, "own_work")
    assert "the work of Nigar" in answer.json["detail"]


def test_who_was_withdrawn_is_gone_and_nobody_says_who(own_app: Flask, review: Ask) -> None:
    assert review("DELETE", PERSON).status_code == 428
    assert review("DELETE", f"{PERSON}?reason=mistake", If_Match='"4"').status_code == 412
    assert review("DELETE", PERSON, If_Match='"1"').status_code == 400
    done = review("DELETE", f"{PERSON}?reason=mistake&text=Twice", If_Match='"1"')
    assert (done.status_code, done.data) == (204, b"")
    client = own_app.test_client()
    for path in (PERSON, f"{PERSON}/similar", f"{PERSON}/revisions", f"{PERSON}/revisions/1"):
        gone: Any = client.get(path)
        assert (gone.status_code, gone.json["code"]) == (410, "gone")
        assert gone.json["withdrawn"] == f"{outbox.now():%Y-%m-%d}"
        assert "Hac" not in gone.text
        assert client.head(path).status_code == 410
    for lang in ("az", "en", "ru"):
        for path in ("", "/history", "/revisions/1", "/revisions/1/changes"):
            page = client.get(f"/{lang}/people/{UZEYIR}{path}")
            assert page.status_code == 410
            assert "Hacıb" not in page.text
            assert "Гаджиб" not in page.text
    again = review("DELETE", f"{PERSON}?reason=mistake", If_Match='"1"')
    assert again.status_code == 409
    back = review("POST", f"{PERSON}/state", {"to": "published", "number": 1})
    assert back.json["published"] == 1
    assert client.get(PERSON).status_code == 200


def test_who_was_merged_leads_to_the_other_for_ever(
    own_app: Flask, own_services: Services, review: Ask
) -> None:
    record = review("GET", f"{PERSON}/draft").json
    with own_services.database.write() as session:
        person = session.get_one(Person, UZEYIR)
        take_out(session, person, "merged", outbox.now())
        session.add(Redirect(old_id=UZEYIR, new_id="nizami-gencevi", at=outbox.now()))
    client = own_app.test_client()
    for path, target in (
        (PERSON, f"{PEOPLE}/nizami-gencevi"),
        (f"{PERSON}/similar?lang=ru", f"{PEOPLE}/nizami-gencevi/similar?lang=ru"),
        (f"{PERSON}/revisions", f"{PEOPLE}/nizami-gencevi/revisions"),
        (f"{PERSON}/revisions/1", f"{PEOPLE}/nizami-gencevi"),
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.location) == (308, target)
    page = client.get(f"/ru/people/{UZEYIR}")
    assert (page.status_code, page.location) == (301, "/ru/people/nizami-gencevi")
    old = client.get(f"/en/people/{UZEYIR}/revisions/1")
    assert (old.status_code, old.location) == (301, "/en/people/nizami-gencevi")
    for form in ("suggest?field=birth", "objection"):
        asked = client.get(f"/en/people/{UZEYIR}/{form}")
        assert (asked.status_code, asked.location) == (301, f"/en/people/nizami-gencevi/{form}")
    assert review("PUT", PERSON, record, If_Match='"1"').status_code == 409
    assert client.get(f"{PEOPLE}/never-here").status_code == 404


def test_who_is_thanked_stands_in_the_public_history(
    own_app: Flask, own_services: Services, writer: Identity, reviewer: Identity
) -> None:
    record = {**records.public(own_services), "gender": "other"}
    number = save_draft(own_services.database, writer, record, 1, credit="Bir <Oxucu>").number
    records.publish(own_services, writer, reviewer, number)
    page = own_app.test_client().get(f"/en/people/{UZEYIR}/history").text
    assert "suggested by Bir &lt;Oxucu&gt;" in page
    for name in ("Aygün", "Nigar"):
        assert name not in page


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"names": [], "names": []}', "the key 'names' stands twice in one object"),
        (b'{"names": ', "is no JSON: Expecting value"),
        (b"\xff", "is no JSON"),
        (b"[" * 200_000, "nested too deeply"),
    ],
)
def test_a_body_that_is_no_json_or_loses_something_is_told(
    own_app: Flask, own_services: Services, writer: Identity, body: bytes, told: str
) -> None:
    assert writer.user_id is not None
    key = tokens.make_token_for(
        own_services.database, OPERATOR, writer.user_id, "a test", ["write"]
    )
    headers = {"Authorization": f"Bearer {key}"}
    answer = own_app.test_client().post(
        PEOPLE, data=body, content_type="application/json", headers=headers
    )
    assert [answer.status_code, answer.json["code"]] == [400, "bad_request"]
    assert told in answer.json["detail"]
