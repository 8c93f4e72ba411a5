"""GET /api/v1/search and /suggest conform to the contract."""

import time

import pytest
from flask.testing import FlaskClient

FACETS = {
    "profession",
    "country",
    "place",
    "birthplace",
    "deathplace",
    "century",
    "gender",
    "organisation",
    "language",
}


def test_an_empty_question_finds_everyone_with_every_facet(client: FlaskClient) -> None:
    body = client.get("/api/v1/search").json
    assert body["total"] == client.get("/api/v1/people").json["total"] >= 80
    assert set(body["facets"]) == FACETS
    assert body["match"] == "found"
    assert body["query"] == {
        "text": "",
        "address": "",
        "line": "",
        "understood": [],
        "problems": [],
    }


def test_a_hit_tells_who_it_is_and_why_it_was_found(client: FlaskClient) -> None:
    body = client.get("/api/v1/search?q=hacibeyov&lang=ru&size=1").json
    hit = body["hits"][0]
    assert hit["id"] == "uzeyir-hacibeyov"
    assert hit["name"] == "Узеир Гаджибеков"
    assert hit["birth"]["date"] == "1885-09-18"
    assert hit["matched"] == [
        {
            "query": "hacibeyov",
            "name": "Üzeyir Hacıbəyov",
            "reading": "",
            "why": "написание имени",
            "quality": "equal",
        }
    ]


def test_a_hit_tells_what_each_word_added_to_its_score(client: FlaskClient) -> None:
    body = client.get("/api/v1/search?q=opera bəstəkar&lang=az").json
    for hit in body["hits"]:
        assert {reason["word"] for reason in hit["reasons"]} >= {"opera", "bəstəkar"}
        scores = [reason["score"] for reason in hit["reasons"]]
        assert scores == sorted(scores, reverse=True)
        assert sum(scores) == pytest.approx(hit["score"], abs=0.001)
        for reason in hit["reasons"]:
            assert (reason["place"] in {"name", "together"}) == (reason["lang"] == "")


def test_births_are_counted_by_decade_without_the_condition_on_births(client: FlaskClient) -> None:
    everyone = client.get("/api/v1/search?q=opera").json
    young = client.get("/api/v1/search?q=opera&born=1900..").json
    assert 0 < young["total"] < everyone["total"]
    assert young["births"] == everyone["births"]
    for decade in everyone["births"]:
        year = decade["decade"]
        asked = f"/api/v1/search?q=opera&born={year}..{year + 9}"
        assert client.get(asked).json["total"] == decade["possible"]
        certain = client.get(f"{asked}&certainty=certain").json
        assert certain["total"] == decade["certain"]


def test_where_nobody_is_found_each_condition_says_whom_it_costs(client: FlaskClient) -> None:
    body = client.get("/api/v1/search?q=gender:female opera&born=..1000&lang=en").json
    assert body["total"] == 0
    assert {(way["kind"], way["facet"]) for way in body["relax"]} == {("born", "")}
    alone = client.get("/api/v1/search?q=gender:female opera").json
    assert [way["count"] for way in body["relax"]] == [alone["total"]]


def test_facets_narrow_and_their_counts_keep_the_other_choices(client: FlaskClient) -> None:
    everyone = client.get("/api/v1/search").json
    women = client.get("/api/v1/search?gender=female").json
    musicians = client.get("/api/v1/search?gender=female&profession=musician").json
    assert 0 < musicians["total"] < women["total"] < everyone["total"]
    counts = {value["id"]: value["count"] for value in women["facets"]["profession"]}
    assert counts["musician"] == musicians["total"]
    genders = {value["id"]: value["count"] for value in women["facets"]["gender"]}
    assert genders["male"] > 0, "a facet's counts leave out its own choice"


def test_repeated_values_widen_and_a_leading_minus_excludes(client: FlaskClient) -> None:
    total = client.get("/api/v1/search").json["total"]
    both = client.get("/api/v1/search?gender=female&gender=male").json["total"]
    without = client.get("/api/v1/search?gender=-female").json["total"]
    women = client.get("/api/v1/search?gender=female").json["total"]
    assert both == total
    assert without == total - women


def test_a_birth_range_possible_and_certain(client: FlaskClient) -> None:
    possible = client.get("/api/v1/search?born=1480..1500&size=100").json
    certain = client.get("/api/v1/search?born=1480..1500&certainty=certain&size=100").json
    ids = {hit["id"] for hit in possible["hits"]}
    assert "mehemmed-fuzuli" in ids
    assert certain["total"] <= possible["total"]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("page=0", "bad_query"),
        ("page=1" + "0" * 30, "bad_query"),
        ("size=101", "bad_query"),
        ("size=-1", "bad_query"),
        ("sort=rank", "bad_query"),
        ("lang=de", "bad_query"),
        ("certainty=perhaps", "bad_query"),
        ("born=yesterday", "bad_date"),
        ("q=" + "a" * 601, "query_too_long"),
        ("q=%00", "bad_request"),
        ("q=%1b", "bad_request"),
        ("q=%ff", "bad_request"),
        ("profession=%c3%28", "bad_request"),
        ("q=" + "a" * 100_000, "query_too_long"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_with_a_code(
    client: FlaskClient, address: str, code: str
) -> None:
    response = client.get(f"/api/v1/search?{address}")
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    assert response.json["code"] == code
    assert response.json["detail"]


def test_600_letters_of_any_script_are_a_valid_question(client: FlaskClient) -> None:
    for text in ("ə" * 600, "Ж " * 300, "ش" * 600, "*" * 600, '"(' * 300):
        assert client.get("/api/v1/search", query_string={"q": text}).status_code == 200


def test_a_page_beyond_the_last_is_empty_and_keeps_the_total(client: FlaskClient) -> None:
    body = client.get("/api/v1/search?page=1000").json
    assert body["hits"] == []
    assert body["total"] >= 80


def test_suggestions_complete_a_name_and_say_which_form(client: FlaskClient) -> None:
    body = client.get("/api/v1/suggest?q=uzeyir haci&lang=en").json
    first = body["suggestions"][0]
    assert first["id"] == "uzeyir-hacibeyov"
    assert first["name"] == "Uzeyir Hajibeyov"
    assert first["matched"] == "Üzeyir Hacıbəyov"
    assert first["years"] == "1885–1948"


def test_reading_is_open_to_every_origin_and_sets_no_cookie(client: FlaskClient) -> None:
    response = client.get("/api/v1/search", headers={"Origin": "https://site.example"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.usefixtures("limited")
def test_too_many_requests_are_told_so_with_a_time_to_wait(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Freeze the clock so that all requests are in one window.
    moment = time.time()
    monkeypatch.setattr(time, "time", lambda: moment)
    answers = [client.get("/api/v1/places/baku") for _ in range(101)]
    assert [answer.status_code for answer in answers] == [200] * 100 + [429]
    assert "Retry-After" not in answers[0].headers
    refused = answers[-1]
    assert refused.json["code"] == "too_many_requests"
    assert refused.headers["Retry-After"] == "1"
    assert refused.headers["X-RateLimit-Limit"] == "100"
