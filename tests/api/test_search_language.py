"""The query language over the API: problems, canonical URLs, paging and concurrent changes."""

import random
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.accounts.identity import OPERATOR
from biobank.app import create_app
from biobank.bootstrap import Services
from biobank.editorial.publishing import save_many
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.search.query import PREFIXED_MOST, SORTS
from tests.support.questions import SIGNS, VALUES, WORDS
from tests.support.threads import together

READERS = 8
PUBLISHES = 12
#: A rare word of the two people who are swapped during queries.
RARE = "zyxwvutopera"

#: Queries of every kind, as URL arguments.
ASKED = (
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


def ask(client: FlaskClient, address: str) -> dict[str, Any]:
    response = client.get(f"/api/v1/search?{quote(address, safe='=&%+')}")
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json
    return body


def said(body: dict[str, Any]) -> dict[str, Any]:
    """Return the response body without the duration and the typed query."""
    query = {key: body["query"][key] for key in ("address", "line")}
    return {**body, "took_ms": 0, "query": query}


@pytest.fixture
def own_app(own_services: Services) -> Flask:
    return create_app(own_services)


def person(id_: str, name: str, **rest: object) -> dict[str, object]:
    return {"id": id_, "names": [{"text": name, "lang": "az", "kind": "preferred"}], **rest}


def publish(services: Services, *records: dict[str, object]) -> None:
    """Publish all records in one transaction."""
    with services.database.write() as session:
        people = [load(person_schema, record) for record in records]
        save_many(session, people, OPERATOR, "", publish=True)
    services.indexer.sync()


# Interpretation of queries


def test_each_problem_tells_where_it_stands_and_what_to_do(client: FlaskClient) -> None:
    typed = 'opera foo:bar profession:compozer born:yesterday (x OR "y'
    body = ask(client, f"q={typed}&lang=en")
    told = [
        (it["code"], typed[it["from"] : it["to"]], it["message"])
        for it in body["query"]["problems"]
    ]
    assert [(code, text) for code, text, _ in told] == [
        ("unknown_field", "foo:"),
        ("unknown_value", "profession:compozer"),
        ("bad_date", "born:yesterday"),
        ("unclosed", "("),
        ("unclosed", '"'),
    ]
    messages = " ".join(message for *_, message in told)
    for way_out in ("Fields: name, text", "Perhaps composer?", "Write 1885"):
        assert way_out in messages
    assert body["query"]["text"] == typed


@pytest.mark.parametrize(("lang", "word"), [("az", "sahə"), ("en", "no field"), ("ru", "нет")])
def test_problems_are_told_in_the_readers_language(
    client: FlaskClient, lang: str, word: str
) -> None:
    (problem,) = ask(client, f"q=foo:bar&lang={lang}")["query"]["problems"]
    assert word in problem["message"]


def test_what_was_understood_stands_where_it_was_typed(client: FlaskClient) -> None:
    typed = '  opera "Molla Nəsrəddin" və xalç* -award:stalin-prize (a OR b) musiqi gender:female'
    found = ask(client, f"q={typed}&lang=en&born=188X")["query"]
    told = [
        (it["kind"], found["text"][it["start"] : it["end"]] if it["end"] else "", it["exclude"])
        for it in found["understood"]
    ]
    assert told == [
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
    assert [it["label"] for it in found["understood"]][-2:] == ["female", "born: 1880s"]


def test_a_prefix_of_too_many_words_is_told_where_it_stands(
    own_services: Services, own_app: Flask
) -> None:
    words = " ".join(f"zyx{number}" for number in range(PREFIXED_MOST + 1))
    publish(own_services, person("zyx", "Zyx", biography={"en": words}))
    typed = "zyx text:zyx* (zyx1* OR opera)"
    found = ask(own_app.test_client(), f"q={typed}")
    (problem,) = found["query"]["problems"]
    assert problem["code"] == "wide_prefix"
    assert typed[problem["from"] : problem["to"]] == "text:zyx*"
    assert str(PREFIXED_MOST) in problem["message"]
    assert [hit["id"] for hit in found["hits"]] == ["zyx"]


# Canonical URLs


@pytest.mark.parametrize("address", ASKED)
def test_the_address_of_an_answer_gives_it_again(client: FlaskClient, address: str) -> None:
    body = ask(client, address)
    again = ask(client, body["query"]["address"])
    assert said(again) == said(body)
    assert again["query"]["address"] == body["query"]["address"]


@pytest.mark.parametrize("address", ASKED)
def test_the_line_of_an_answer_finds_the_same_people(client: FlaskClient, address: str) -> None:
    body = ask(client, address)
    beside = [
        pair
        for pair in body["query"]["address"].split("&")
        if pair.partition("=")[0] in ("bbox", "tie", "certainty", "sort", "page", "size")
    ]
    if len(body["query"]["line"]) <= 600:
        line = urlencode({"q": body["query"]["line"]})
        again = ask(client, "&".join([line, *beside]))
        assert said(again) == said(body)


def test_the_address_of_any_mixed_up_question_gives_its_answer_again(client: FlaskClient) -> None:
    chance = random.Random(1885)
    for _ in range(60):
        parts = chance.choices([*WORDS, *VALUES, *SIGNS, "peşə:", "born:", "-", "name:"], k=9)
        body = ask(client, urlencode({"q": chance.choice((" ", "")).join(parts)}))
        again = ask(client, body["query"]["address"])
        assert said(again) == said(body), body["query"]["text"]


# Pages


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("text", ["", "opera OR musiqi", "müəllim", "-profession:poet born:18XX"])
def test_all_pages_together_are_everybody_once(client: FlaskClient, sort: str, text: str) -> None:
    address = urlencode({"q": text, "sort": sort, "size": 7})
    first = ask(client, address)
    pages = range(2, 2 + first["total"] // 7)
    hits = [hit["id"] for hit in first["hits"]]
    for page in pages:
        hits += [hit["id"] for hit in ask(client, f"{address}&page={page}")["hits"]]
    assert len(hits) == len(set(hits)) == first["total"] > 7
    whole = ask(client, urlencode({"q": text, "sort": sort, "size": 100}))
    assert hits[:100] == [hit["id"] for hit in whole["hits"]]
    assert ask(client, f"{address}&page={pages.stop}")["hits"] == []


# Changes


def exchange(services: Services, turn: int) -> None:
    """Swap two people in one transaction: one is always a woman, one a man."""
    genders = ("female", "male") if turn % 2 else ("male", "female")
    headline = {"en": f"{RARE} turn {turn}"}
    publish(
        services,
        *(
            person(f"{RARE}-{at}", f"{RARE.title()} {at}", gender=gender, headline=headline)
            for at, gender in zip("ab", genders, strict=True)
        ),
    )


def test_eight_who_ask_while_others_publish_see_neither_failure_nor_mixture(
    own_services: Services, own_app: Flask
) -> None:
    exchange(own_services, 0)
    everybody = ask(own_app.test_client(), "size=1")["total"]
    turns: set[str] = set()

    def read(client: FlaskClient) -> None:
        both = ask(client, f"q={RARE} name:{RARE}")
        assert (both["total"], len(both["hits"]), both["match"]) == (2, 2, "found")
        assert {it["id"]: it["count"] for it in both["facets"]["gender"]} == {
            "female": 1,
            "male": 1,
        }
        woman = ask(client, f"q=text:{RARE} gender:female")
        assert (woman["total"], len(woman["hits"])) == (1, 1)
        assert ask(client, "size=1&q=-gender:unknown OR gender:unknown")["total"] == everybody
        turns.update(hit["headline"] for hit in both["hits"])

    together(
        lambda: [exchange(own_services, turn) for turn in range(1, PUBLISHES + 1)],
        *[lambda: read(own_app.test_client())] * READERS,
    )
    # The readers saw several states, and the last one.
    assert len(turns) > 2
    assert ask(own_app.test_client(), f'q="turn {PUBLISHES}"')["total"] == 2
