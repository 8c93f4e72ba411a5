"""GET /api/v1/values: autocompletion of facet values."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from biobank.bootstrap import Services
from biobank.search.facet_value_index import COMPLETABLE_FIELDS


def _values(client: FlaskClient, **arguments: object) -> list[dict[str, Any]]:
    response = client.get("/api/v1/values", query_string=arguments)
    assert response.status_code == 200, response.json
    values: list[dict[str, Any]] = response.json["values"]
    return values


@pytest.mark.parametrize("lang", ["az", "en", "ru"])
@pytest.mark.parametrize("typed", ["Şuş", "şuş", "sus", "Shush", "Шуш", "ШУШ"])
def test_a_place_is_found_in_any_language_and_spelling(client: FlaskClient, typed: str, lang: str) -> None:
    values = _values(client, facet="birthplace", q=typed, lang=lang)
    label = {"az": "Şuşa", "en": "Shusha", "ru": "Шуша"}[lang]
    assert (values[0]["id"], values[0]["label"], values[0]["text"]) == ("susa", label, label)


def test_prefix_matches_of_the_label_precede_those_of_its_words(client: FlaskClient) -> None:
    labels = [value["label"] for value in _values(client, facet="profession", q="scien", lang="en")]
    is_prefix = [label.startswith("scien") for label in labels]
    assert is_prefix == sorted(is_prefix, reverse=True)
    assert labels[0] == "scientist"
    assert "computer scientist" in labels


def test_an_azerbaijani_letter_is_matched_exactly_first(client: FlaskClient) -> None:
    labels = [value["label"] for value in _values(client, facet="place", q="Şu", lang="az")]
    assert labels[0] == "Şuşa"
    assert "Sumqayıt" in labels


def test_a_count_equals_the_search_total(client: FlaskClient) -> None:
    for value in _values(client, facet="profession", q="p", lang="en"):
        response = client.get("/api/v1/search", query_string={"profession": value["id"], "size": 1})
        assert response.json["total"] == value["count"], value


def test_a_note_is_the_typed_spelling_or_the_broader_place(client: FlaskClient) -> None:
    assert _values(client, facet="place", q="Шуш", lang="en")[0]["note"] == "Шуша"
    assert _values(client, facet="place", q="Shush", lang="en")[0]["note"] == "Karabakh"


@pytest.mark.parametrize(("lang", "typed"), [("az", "məlum"), ("en", "unkn"), ("ru", "неизв")])
def test_unknown_is_suggested_where_it_can_be_searched(client: FlaskClient, lang: str, typed: str) -> None:
    for field in ("birthplace", "award", "relation"):
        ids = [value["id"] for value in _values(client, facet=field, q=typed, lang=lang)]
        assert "unknown" in ids
    assert "unknown" not in [value["id"] for value in _values(client, facet="near", q=typed, lang=lang)]


def test_a_relation_is_a_type_or_a_person(client: FlaskClient) -> None:
    kind = _values(client, facet="relation", q="teach", lang="en")[0]
    assert kind["id"] == "teacher"
    people = _values(client, facet="relation", q="uzey", lang="en")
    assert people[0] == {
        "id": "uzeyir-hacibeyov",
        "label": "Uzeyir Hajibeyov",
        "text": "Uzeyir Hajibeyov",
        "note": "1885–1948",
    }


@pytest.mark.parametrize("lang", ["az", "en", "ru"])
@pytest.mark.parametrize("field", COMPLETABLE_FIELDS)
def test_the_text_of_a_value_resolves_to_it_alone(services: Services, field: str, lang: str) -> None:
    for prefix in "abehikmnqrsu":
        for value in services.facet_values.complete(field, prefix, lang, 20):
            ids = services.facet_values.resolve(field, value.text)
            assert ids in ((value.id,), (value.text,)), value


def test_the_number_of_values_is_limited(client: FlaskClient) -> None:
    assert len(_values(client, facet="place", q="a", lang="az")) == 8
    assert len(_values(client, facet="place", q="a", lang="az", limit=3)) == 3
    assert _values(client, facet="place", q="", lang="az") == []
    assert _values(client, facet="place", q="qqqxyzzy", lang="az") == []


@pytest.mark.parametrize(
    "arguments",
    [
        {"q": "a"},
        {"facet": "century", "q": "1"},
        {"facet": "name'; --", "q": "a"},
        {"facet": "place", "q": "a" * 121},
        {"facet": "place", "q": "a", "limit": 0},
        {"facet": "place", "q": "a", "limit": 21},
        {"facet": "place", "q": "a", "lang": "fr"},
        {"facet": "place", "q": "a\x00"},
    ],
)
def test_invalid_arguments_are_a_problem_document(client: FlaskClient, arguments: dict[str, object]) -> None:
    response = client.get("/api/v1/values", query_string=arguments)
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    assert response.json["code"] in ("bad_query", "bad_request")


def test_conditional_requests_of_values(client: FlaskClient) -> None:
    first = client.get("/api/v1/values?facet=place&q=ba&lang=az")
    assert first.headers["Cache-Control"] == "public, max-age=60"
    repeated = client.get(
        "/api/v1/values?facet=place&q=ba&lang=az", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert repeated.status_code == 304
