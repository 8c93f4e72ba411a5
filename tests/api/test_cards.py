"""Cards: people as lists show them, by typeahead and by id."""

from flask.testing import FlaskClient

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.merging.merge import merge_people
from biobank.editorial.review.workflow import withdraw
from tests.support.apps import create_app

UZEYIR = "uzeyir-hacibeyov"


def test_a_card_is_in_the_requested_language(client: FlaskClient) -> None:
    card = client.get("/api/v1/cards?q=hacib&profession=composer&lang=ru").json["cards"][0]
    assert card["id"] == UZEYIR
    assert card["name"] == "Узеир Гаджибеков"
    assert card["years"] == "1885–1948"
    assert card["headline_lang"] == "ru"
    assert card["professions"][0] == "композитор"
    assert card["url"] == f"/ru/people/{UZEYIR}"
    assert client.get(card["image"]).status_code == 200
    assert card == client.get(f"/api/v1/people/{UZEYIR}/card?lang=ru").json | {"matched": card["matched"]}


def test_a_matched_spelling_is_returned_only_if_it_differs(client: FlaskClient) -> None:
    def matched(text: str) -> str:
        return str(client.get(f"/api/v1/cards?q={text}&lang=az").json["cards"][0]["matched"])

    assert matched("гаджиб") == "Узеир Гаджибеков"
    assert matched("hacib") == ""


def test_the_url_of_all_results_is_a_page(client: FlaskClient) -> None:
    url = client.get("/api/v1/cards?q=opera&profession=composer&size=1&lang=en").json["url"]
    assert url == "/en/search?q=opera&profession=composer"
    assert client.get(url).status_code == 200


def test_the_size_is_limited(client: FlaskClient) -> None:
    assert len(client.get("/api/v1/cards?q=m&size=2").json["cards"]) == 2
    assert client.get("/api/v1/cards?q=m&size=101").status_code == 400
    assert client.get(f"/api/v1/cards?q={'m' * 601}").json["code"] == "query_too_long"


def test_conditional_requests_of_cards(client: FlaskClient) -> None:
    for url in ("/api/v1/cards?q=m", f"/api/v1/people/{UZEYIR}/card"):
        response = client.get(url)
        assert response.headers["Cache-Control"] == "public, max-age=60"
        repeated = client.get(url, headers={"If-None-Match": response.headers["ETag"]})
        assert repeated.status_code == 304


def test_a_withdrawn_person_has_no_card(own_services: Services) -> None:
    client = create_app(own_services).test_client()
    withdraw(own_services.database, OPERATOR, UZEYIR, "wish", "")
    response = client.get(f"/api/v1/people/{UZEYIR}/card")
    assert (response.status_code, response.json["code"]) == (410, "gone")
    # Even before the index is updated.
    assert UZEYIR not in client.get("/api/v1/cards?q=hacib").text
    assert client.get("/api/v1/people/nobody/card").status_code == 404


def test_a_merged_person_redirects(own_services: Services) -> None:
    client = create_app(own_services).test_client()
    merge_people(own_services.database, OPERATOR, "niyazi", "soltan-hacibeyov", 1, 1, {}, "One person")
    response = client.get("/api/v1/people/soltan-hacibeyov/card?lang=ru")
    assert response.status_code == 308
    assert response.headers["Location"] == "/api/v1/people/niyazi/card?lang=ru"
    frame = client.get("/ru/embed/people/soltan-hacibeyov?theme=dark")
    assert frame.status_code == 301
    assert frame.headers["Location"] == "/ru/embed/people/niyazi?theme=dark"
    html = client.get("/oembed?url=http://localhost/az/people/soltan-hacibeyov").json["html"]
    assert "/az/embed/people/niyazi" in html
