"""GET /api/v1/values: autocompletion of facet values."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from biobank.bootstrap import Services
from biobank.search.known_values import COMPLETED


def _values(client: FlaskClient, **arguments: object) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/values", query_string=arguments)
    assert answer.status_code == 200, answer.json
    found: list[dict[str, Any]] = answer.json["values"]
    return found


@pytest.mark.parametrize("lang", ["az", "en", "ru"])
@pytest.mark.parametrize("typed", ["Şuş", "şuş", "sus", "Shush", "Шуш", "ШУШ"])
def test_a_place_is_found_in_any_language_and_spelling(
    client: FlaskClient, typed: str, lang: str
) -> None:
    found = _values(client, facet="birthplace", q=typed, lang=lang)
    label = {"az": "Şuşa", "en": "Shusha", "ru": "Шуша"}[lang]
    assert (found[0]["id"], found[0]["label"], found[0]["text"]) == ("susa", label, label)


def test_what_begins_so_comes_first_then_what_has_a_word_that_does(client: FlaskClient) -> None:
    labels = [it["label"] for it in _values(client, facet="profession", q="scien", lang="en")]
    begins = [label.startswith("scien") for label in labels]
    assert begins == sorted(begins, reverse=True)
    assert labels[0] == "scientist"
    assert "computer scientist" in labels


def test_who_types_an_azerbaijani_letter_means_it(client: FlaskClient) -> None:
    labels = [it["label"] for it in _values(client, facet="place", q="Şu", lang="az")]
    assert labels[0] == "Şuşa"
    assert "Sumqayıt" in labels


def test_a_count_is_what_the_search_finds(client: FlaskClient) -> None:
    for value in _values(client, facet="profession", q="p", lang="en"):
        found = client.get("/api/v1/search", query_string={"profession": value["id"], "size": 1})
        assert found.json["total"] == value["count"], value


def test_a_note_tells_the_spelling_that_was_typed_or_what_it_lies_in(client: FlaskClient) -> None:
    assert _values(client, facet="place", q="Шуш", lang="en")[0]["note"] == "Шуша"
    assert _values(client, facet="place", q="Shush", lang="en")[0]["note"] == "Karabakh"


@pytest.mark.parametrize(("lang", "typed"), [("az", "məlum"), ("en", "not"), ("ru", "неизв")])
def test_who_looks_for_what_is_not_known_is_offered_that(
    client: FlaskClient, lang: str, typed: str
) -> None:
    for field in ("birthplace", "award", "relation"):
        ids = [it["id"] for it in _values(client, facet=field, q=typed, lang=lang)]
        assert "unknown" in ids
    assert "unknown" not in [it["id"] for it in _values(client, facet="near", q=typed, lang=lang)]


def test_a_tie_is_of_a_kind_or_to_a_person(client: FlaskClient) -> None:
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
@pytest.mark.parametrize("field", COMPLETED)
def test_the_text_of_a_value_means_it_alone(services: Services, field: str, lang: str) -> None:
    for letter in "abehikmnqrsu":
        for value in services.values.complete(field, letter, lang, 20):
            means = services.values.ids(field, value.text)
            assert means in ((value.id,), (value.text,)), value


def test_no_more_than_were_asked_for(client: FlaskClient) -> None:
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
def test_what_cannot_be_asked_is_a_problem_document(
    client: FlaskClient, arguments: dict[str, object]
) -> None:
    answer = client.get("/api/v1/values", query_string=arguments)
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert answer.json["code"] in ("bad_query", "bad_request")


def test_it_may_be_kept_and_asked_for_again(client: FlaskClient) -> None:
    first = client.get("/api/v1/values?facet=place&q=ba&lang=az")
    assert first.headers["Cache-Control"] == "public, max-age=60"
    again = client.get(
        "/api/v1/values?facet=place&q=ba&lang=az", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304
