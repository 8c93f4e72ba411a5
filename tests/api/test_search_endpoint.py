"""GET /api/v1/search and /suggest conform to the contract."""

import time

import pytest
from flask.testing import FlaskClient

from biobank.names.alphabet import PART_SEPARATOR, sort_key

EXPECTED_FACETS = {
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


def test_an_empty_query_matches_everyone_with_every_facet(client: FlaskClient) -> None:
    body = client.get("/api/v1/search").json
    assert body["total"] == client.get("/api/v1/people").json["total"] >= 80
    assert set(body["facets"]) == EXPECTED_FACETS
    assert body["match"] == "found"
    assert body["query"] == {"text": "", "address": "", "line": "", "understood": [], "problems": []}


def test_a_hit_has_its_name_and_match(client: FlaskClient) -> None:
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


@pytest.mark.parametrize(
    ("lang", "first", "last"),
    [
        ("az", "Abdulla Şaiq", "Zeynalova, Nəsibə"),
        ("en", "Abdulla Shaig", "Zeynalova, Nasiba"),
        ("ru", "Абдулла Шаик", "Эфендизаде, Шафига"),
    ],
)
def test_hits_by_name_are_surname_first(client: FlaskClient, lang: str, first: str, last: str) -> None:
    def page(number: int) -> list[str]:
        body = client.get(f"/api/v1/search?sort=name&size=100&page={number}&lang={lang}").json
        return [hit["sort_name"] for hit in body["hits"]]

    names = page(1) + page(2)
    assert (names[0], names[-1]) == (first, last)
    assert names == sorted(names, key=lambda name: sort_key(name.replace(", ", PART_SEPARATOR), lang))


def test_a_hit_has_the_score_of_each_word(client: FlaskClient) -> None:
    body = client.get("/api/v1/search?q=opera bəstəkar&lang=az&literal=1").json
    assert body["hits"]
    for hit in body["hits"]:
        assert {reason["word"] for reason in hit["reasons"]} >= {"opera", "bəstəkar"}
        scores = [reason["score"] for reason in hit["reasons"]]
        assert scores == sorted(scores, reverse=True)
        assert sum(scores) == pytest.approx(hit["score"], abs=0.001)
        for reason in hit["reasons"]:
            assert (reason["place"] in {"name", "together"}) == (reason["lang"] == "")


def test_a_hit_has_the_score_of_its_main_profession_and_birthplace(client: FlaskClient) -> None:
    body = client.get("/api/v1/search?q=bakılı bəstəkarlar&lang=az").json
    places = {reason["place"]: reason["word"] for hit in body["hits"] for reason in hit["reasons"]}
    assert places == {"main_profession": "composer", "birthplace": "baku"}
    for hit in body["hits"]:
        assert sum(reason["score"] for reason in hit["reasons"]) == pytest.approx(hit["score"], abs=0.001)


def test_the_birth_histogram_ignores_the_birth_filter(client: FlaskClient) -> None:
    unfiltered = client.get("/api/v1/search?q=opera").json
    filtered = client.get("/api/v1/search?q=opera&born=1900..").json
    assert 0 < filtered["total"] < unfiltered["total"]
    assert filtered["births"] == unfiltered["births"]
    for decade in unfiltered["births"]:
        year = decade["decade"]
        url = f"/api/v1/search?q=opera&born={year}..{year + 9}"
        assert client.get(url).json["total"] == decade["possible"]
        certain = client.get(f"{url}&certainty=certain").json
        assert certain["total"] == decade["certain"]


def test_without_results_relaxations_are_suggested(client: FlaskClient) -> None:
    body = client.get("/api/v1/search?q=gender:female opera&born=..1000&lang=en").json
    assert body["total"] == 0
    assert {(relaxation["kind"], relaxation["facet"]) for relaxation in body["relax"]} == {("born", "")}
    relaxed = client.get("/api/v1/search?q=gender:female opera").json
    assert [relaxation["count"] for relaxation in body["relax"]] == [relaxed["total"]]


def test_facet_counts_respect_the_filters_of_other_facets(client: FlaskClient) -> None:
    unfiltered = client.get("/api/v1/search").json
    women = client.get("/api/v1/search?gender=female").json
    musicians = client.get("/api/v1/search?gender=female&profession=musician").json
    assert 0 < musicians["total"] < women["total"] < unfiltered["total"]
    counts = {value["id"]: value["count"] for value in women["facets"]["profession"]}
    assert counts["musician"] == musicians["total"]
    genders = {value["id"]: value["count"] for value in women["facets"]["gender"]}
    assert genders["male"] > 0, "a facet's counts leave out its own choice"


def test_repeated_values_are_or_and_a_leading_minus_excludes(client: FlaskClient) -> None:
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
def test_an_invalid_query_is_rejected_with_a_code(client: FlaskClient, address: str, code: str) -> None:
    response = client.get(f"/api/v1/search?{address}")
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    assert response.json["code"] == code
    assert response.json["detail"]


def test_600_characters_of_any_script_are_a_valid_query(client: FlaskClient) -> None:
    for text in ("ə" * 600, "Ж " * 300, "ش" * 600, "*" * 600, '"(' * 300):
        assert client.get("/api/v1/search", query_string={"q": text}).status_code == 200


def test_a_page_beyond_the_last_is_empty_and_keeps_the_total(client: FlaskClient) -> None:
    body = client.get("/api/v1/search?page=1000").json
    assert body["hits"] == []
    assert body["total"] >= 80


def test_suggestions_complete_a_name_and_return_the_matched_form(client: FlaskClient) -> None:
    body = client.get("/api/v1/suggest?q=uzeyir haci&lang=en").json
    first = body["suggestions"][0]
    assert first["id"] == "uzeyir-hacibeyov"
    assert first["name"] == "Uzeyir Hajibeyov"
    assert first["matched"] == "Üzeyir Hacıbəyov"
    assert first["years"] == "1885–1948"


ALL_KINDS = "people,professions,places,organisations,works,awards"


@pytest.mark.parametrize(
    ("text", "kind", "label", "note"),
    [
        ("compo", "professions", "composer", None),
        ("tifl", "places", "Tbilisi", "Tiflis"),
        ("тифл", "places", "Tbilisi", "Тифлис"),
        ("yeliz", "places", "Ganja", "Yelizavetpol"),
        ("seminar", "organisations", "Transcaucasian Teachers' Seminary in Gori", None),
        ("koro", "works", "Koroghlu", ""),
        ("xalq art", "awards", "People's Artist of the USSR", "xalq artisti"),
    ],
)
def test_a_label_in_any_language_is_suggested_with_the_number_of_people(
    client: FlaskClient, text: str, kind: str, label: str, note: str | None
) -> None:
    body = client.get("/api/v1/suggest", query_string={"q": text, "lang": "en", "kinds": ALL_KINDS}).json
    groups = {group["kind"]: group["suggestions"] for group in body["groups"]}
    suggestion = next(value for value in groups[kind] if value["label"] == label)
    if note is not None:
        assert suggestion["note"] == note


@pytest.mark.parametrize("lang", ["az", "en", "ru"])
@pytest.mark.parametrize("text", ["mus", "bak", "akad", "koro", "xalq", "муз", "şair"])
def test_a_suggestion_counts_the_people_that_its_search_finds(
    client: FlaskClient, text: str, lang: str
) -> None:
    body = client.get("/api/v1/suggest", query_string={"q": text, "lang": lang, "kinds": ALL_KINDS}).json
    assert body["groups"]
    for group in body["groups"]:
        assert 1 <= len(group["suggestions"]) <= 3
        for suggestion in group["suggestions"]:
            path, _, arguments = suggestion["url"].partition("?")
            assert path == f"/{lang}/search"
            results = client.get(f"/api/v1/search?lang={lang}&{arguments}").json
            assert results["total"] == suggestion["count"] > 0, suggestion


@pytest.mark.parametrize(
    ("lang", "text", "label"),
    [
        ("az", "XII əsr şairləri", "Həyatda olub: XII əsr; Peşə: şair"),
        ("en", "women composers", "Gender: female; Profession: composer"),
        ("ru", "ученики Узеира Гаджибекова", "Учитель: Узеир Гаджибеков"),
    ],
)
def test_recognised_conditions_are_suggested_as_one_search(
    client: FlaskClient, lang: str, text: str, label: str
) -> None:
    body = client.get("/api/v1/suggest", query_string={"q": text, "lang": lang, "kinds": "conditions"}).json
    ((suggestion,),) = (group["suggestions"] for group in body["groups"])
    assert suggestion["label"] == label
    address = suggestion["url"].partition("?")[2]
    assert client.get(f"/api/v1/search?{address}&lang={lang}").json["total"] == suggestion["count"] > 0


def test_condition_of_another_group_is_suggested_once(client: FlaskClient) -> None:
    body = client.get("/api/v1/suggest?q=painter&lang=en&kinds=conditions,professions").json
    assert [group["kind"] for group in body["groups"]] == ["professions"]


def test_without_kinds_only_people_are_suggested(client: FlaskClient) -> None:
    assert client.get("/api/v1/suggest?q=composer&lang=en").json == {"suggestions": []}
    body = client.get("/api/v1/suggest?q=bak&lang=en&kinds=places,works").json
    assert body["suggestions"] == []
    assert {group["kind"] for group in body["groups"]} == {"places", "works"}


def test_an_unknown_kind_of_suggestion_is_refused(client: FlaskClient) -> None:
    response = client.get("/api/v1/suggest?q=a&kinds=people,planets")
    assert response.status_code == 400
    assert "kinds takes any of people" in response.json["detail"]


def test_read_endpoints_allow_every_origin_and_set_no_cookie(client: FlaskClient) -> None:
    response = client.get("/api/v1/search", headers={"Origin": "https://site.example"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.usefixtures("limited")
def test_rate_limited_requests_have_a_retry_time(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Freeze the clock so that all requests are in one window.
    timestamp = time.time()
    monkeypatch.setattr(time, "time", lambda: timestamp)
    responses = [client.get("/api/v1/places/baku") for _ in range(101)]
    assert [response.status_code for response in responses] == [200] * 100 + [429]
    assert "Retry-After" not in responses[0].headers
    rejected = responses[-1]
    assert rejected.json["code"] == "too_many_requests"
    assert rejected.headers["Retry-After"] == "1"
    assert rejected.headers["X-RateLimit-Limit"] == "100"
