"""The query language over the API: problems, canonical URLs, paging and concurrent changes."""

import random
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.revisions.bulk_save import save_records
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.search.query import MAX_PREFIX_WORDS, SORT_ORDERS
from tests.support.apps import create_app
from tests.support.query_texts import SIGNS, VALUES, WORDS
from tests.support.threads import run_while_reading

READER_COUNT = 8
PUBLISH_COUNT = 12
#: A rare word of the two people who are swapped during queries.
RARE_WORD = "zyxwvutopera"

#: Queries of every kind, as URL arguments.
QUERIES = (
    "",
    "q=hacibeyov",
    "q=opera bəstəkar",
    "q=profession:composer -birthplace:Şuşa",
    'q="Molla Nəsrəddin" OR (peşə:şair yaş:>80)',
    "q=(opera OR musiqi) -(cins:kişi born:<1880)&sort=-birth",
    "q=doğulub:1880..1920 doğulub:1900..1930&died=unknown",
    "q=profession:poet profession:composer",
    "q=near:Şuşa~60km&gender=-male&certainty=certain",
    "q=name:Гаджибеков foo:bar&sort=name",
    "q=relation:teacher award:unknown&bbox=44,38,51,42&tie=birth",
    "q=age:old OR xalç* OR work:opera&size=7",
    "q=opera qwertyuiop&century=19&century=20",
    "q=Hacibəyyov Üzeyyir",
    "q=-profession:unknown&page=2&size=9",
    "q=" + " OR ".join(f"place:baku peşə:şair w{number}" for number in range(15)),
)


def search(client: FlaskClient, address: str) -> dict[str, Any]:
    response = client.get(f"/api/v1/search?{quote(address, safe='=&%+')}")
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json
    return body


#: What the response says about the recognition of conditions in the typed text.
RECOGNITION = ("interpretation", "dropped", "literal", "offers")


def comparable_body(body: dict[str, Any]) -> dict[str, Any]:
    """Return the response body without the duration, the typed query and what was recognised in it."""
    query = {key: body["query"][key] for key in ("address", "line")}
    return {**body, "took_ms": 0, "query": query, **dict.fromkeys(RECOGNITION)}


@pytest.fixture
def own_app(own_services: Services) -> Flask:
    return create_app(own_services)


def person(id_: str, name: str, **fields: object) -> dict[str, object]:
    return {"id": id_, "names": [{"text": name, "lang": "az", "kind": "preferred"}], **fields}


def publish(services: Services, *records: dict[str, object]) -> None:
    """Publish all records in one transaction."""
    with services.database.write() as session:
        people = [load_validated(person_schema, record) for record in records]
        save_records(session, people, OPERATOR, "", publish=True)
    services.indexer.sync()


# Interpretation of queries


def test_each_problem_has_its_position_and_advice(client: FlaskClient) -> None:
    typed = 'opera foo:bar profession:compozer born:yesterday (x OR "y'
    body = search(client, f"q={typed}&lang=en")
    problems = [
        (problem["code"], typed[problem["from"] : problem["to"]], problem["message"])
        for problem in body["query"]["problems"]
    ]
    assert [(code, text) for code, text, _ in problems] == [
        ("unknown_field", "foo:"),
        ("unknown_value", "profession:compozer"),
        ("bad_date", "born:yesterday"),
        ("unclosed", "("),
        ("unclosed", '"'),
    ]
    messages = " ".join(message for *_, message in problems)
    for advice in ("Fields: name, text", "Did you mean composer?", "Enter 1885"):
        assert advice in messages
    assert body["query"]["text"] == typed


@pytest.mark.parametrize(("lang", "word"), [("az", "sahə"), ("en", "no field"), ("ru", "нет")])
def test_problems_are_in_the_readers_language(client: FlaskClient, lang: str, word: str) -> None:
    (problem,) = search(client, f"q=foo:bar&lang={lang}")["query"]["problems"]
    assert word in problem["message"]


def test_each_interpreted_part_has_its_position(client: FlaskClient) -> None:
    typed = '  opera "Molla Nəsrəddin" və xalç* -award:stalin-prize (a OR b) musiqi gender:female'
    query = search(client, f"q={typed}&lang=en&born=188X")["query"]
    parts = [
        (part["kind"], query["text"][part["start"] : part["end"]] if part["end"] else "", part["exclude"])
        for part in query["understood"]
    ]
    assert parts == [
        ("let_go", "opera", False),
        ("stopword", "və", False),
        ("let_go", "musiqi", False),
        ("phrase", '"Molla Nəsrəddin"', False),
        ("prefix", "xalç*", False),
        ("award", "award:stalin-prize", True),
        ("any", "a OR b", False),
        ("facet", "", False),
        ("born", "", False),
    ]
    assert [part["label"] for part in query["understood"]][-2:] == ["female", "born: 1880s"]


def test_a_prefix_of_too_many_words_is_a_problem_with_its_position(
    own_services: Services, own_app: Flask
) -> None:
    words = " ".join(f"zyx{number}" for number in range(MAX_PREFIX_WORDS + 1))
    publish(own_services, person("zyx", "Zyx", biography={"en": words}))
    typed = "zyx text:zyx* (zyx1* OR opera)"
    body = search(own_app.test_client(), f"q={typed}")
    (problem,) = body["query"]["problems"]
    assert problem["code"] == "wide_prefix"
    assert typed[problem["from"] : problem["to"]] == "text:zyx*"
    assert str(MAX_PREFIX_WORDS) in problem["message"]
    assert [hit["id"] for hit in body["hits"]] == ["zyx"]


# Canonical URLs


@pytest.mark.parametrize("address", QUERIES)
def test_the_canonical_url_gives_the_same_results(client: FlaskClient, address: str) -> None:
    body = search(client, address)
    repeated = search(client, body["query"]["address"])
    assert comparable_body(repeated) == comparable_body(body)
    assert repeated["query"]["address"] == body["query"]["address"]


@pytest.mark.parametrize("address", QUERIES)
def test_the_query_line_gives_the_same_results(client: FlaskClient, address: str) -> None:
    body = search(client, address)
    other_args = [
        pair
        for pair in body["query"]["address"].split("&")
        if pair.partition("=")[0] in ("bbox", "tie", "certainty", "sort", "page", "size")
    ]
    if len(body["query"]["line"]) <= 600:
        line = urlencode({"q": body["query"]["line"]})
        repeated = search(client, "&".join([line, *other_args]))
        assert comparable_body(repeated) == comparable_body(body)


def test_the_canonical_url_of_a_random_query_gives_the_same_results(client: FlaskClient) -> None:
    rng = random.Random(1885)
    for _ in range(60):
        parts = rng.choices([*WORDS, *VALUES, *SIGNS, "peşə:", "born:", "-", "name:"], k=9)
        body = search(client, urlencode({"q": rng.choice((" ", "")).join(parts)}))
        repeated = search(client, body["query"]["address"])
        if body["dropped"]:
            # The address does not have the conditions without which the results are partial.
            body["match"] = repeated["match"]
        assert comparable_body(repeated) == comparable_body(body), body["query"]["text"]


# Pages


@pytest.mark.parametrize("sort", SORT_ORDERS)
@pytest.mark.parametrize("text", ["", "opera OR musiqi", "müəllim", "-profession:poet born:18XX"])
def test_all_pages_together_contain_everyone_once(client: FlaskClient, sort: str, text: str) -> None:
    address = urlencode({"q": text, "sort": sort, "size": 7})
    first = search(client, address)
    pages = range(2, 2 + first["total"] // 7)
    hits = [hit["id"] for hit in first["hits"]]
    for page in pages:
        hits += [hit["id"] for hit in search(client, f"{address}&page={page}")["hits"]]
    assert len(hits) == len(set(hits)) == first["total"] > 7
    single_page = search(client, urlencode({"q": text, "sort": sort, "size": 100}))
    assert hits[:100] == [hit["id"] for hit in single_page["hits"]]
    assert search(client, f"{address}&page={pages.stop}")["hits"] == []


# Changes


def swap_genders(services: Services, round_number: int) -> None:
    """Swap two people in one transaction: one is always a woman, one a man."""
    genders = ("female", "male") if round_number % 2 else ("male", "female")
    headline = {"en": f"{RARE_WORD} turn {round_number}"}
    publish(
        services,
        *(
            person(f"{RARE_WORD}-{suffix}", f"{RARE_WORD.title()} {suffix}", gender=gender, headline=headline)
            for suffix, gender in zip("ab", genders, strict=True)
        ),
    )


def test_concurrent_searches_and_publications_are_consistent(own_services: Services, own_app: Flask) -> None:
    swap_genders(own_services, 0)
    total = search(own_app.test_client(), "size=1")["total"]
    headlines: set[str] = set()

    def read(client: FlaskClient) -> None:
        both = search(client, f"q={RARE_WORD} name:{RARE_WORD}")
        assert (both["total"], len(both["hits"]), both["match"]) == (2, 2, "found")
        assert {facet_value["id"]: facet_value["count"] for facet_value in both["facets"]["gender"]} == {
            "female": 1,
            "male": 1,
        }
        woman = search(client, f"q=text:{RARE_WORD} gender:female")
        assert (woman["total"], len(woman["hits"])) == (1, 1)
        assert search(client, "size=1&q=-gender:unknown OR gender:unknown")["total"] == total
        headlines.update(hit["headline"] for hit in both["hits"])

    run_while_reading(
        lambda: [swap_genders(own_services, round_number) for round_number in range(1, PUBLISH_COUNT + 1)],
        *[lambda: read(own_app.test_client())] * READER_COUNT,
    )
    # The readers saw several states, and the last one.
    assert len(headlines) > 2
    assert search(own_app.test_client(), f'q="turn {PUBLISH_COUNT}"')["total"] == 2
