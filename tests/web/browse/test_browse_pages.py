"""Browse pages: each count equals the number of people listed."""

from datetime import date

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from biobank.bootstrap import Services
from biobank.records.people import browse_queries
from biobank.search.query import FacetChoice, SearchQuery
from biobank.web.browse.pages import make_home_page
from biobank.web.core.pagination import make_pagination
from tests.support.pages import attributes, select, text_at, texts


def test_letters_are_sorted_and_cover_everyone(services: Services) -> None:
    with services.database.read() as session:
        counts = browse_queries.letter_counts(session)
        for letter, count in counts.items():
            assert len(browse_queries.people_by_letter(session, letter, 0, 1000)) == count
    assert sum(counts.values()) == services.people_count()
    order = "ABCÇDEƏFGĞHXIİJKQLMNOÖPRSŞTUÜVYZ"
    assert [letter for letter in order if letter in counts] == [
        letter for letter in counts if letter in order
    ]


def test_people_of_a_letter_are_sorted(client: FlaskClient) -> None:
    html = client.get("/az/browse/letter/M").text
    names = texts(html, ".card-name a")
    assert len(names) > 3
    assert all(name.startswith("M") for name in names)


@pytest.mark.parametrize("facet", ["profession", "place", "century"])
def test_browse_counts_match_search(client: FlaskClient, services: Services, facet: str) -> None:
    response = services.search.search(SearchQuery(lang="en", size=1))
    values = [value for value in response.facets[facet] if value.id != "unknown"][:8]
    assert len(values) > 3
    for value in values:
        html = client.get(f"/en/browse/{facet}/{value.id}").text
        assert text_at(html, ".list-count").startswith(f"{value.count} pe"), value


def test_a_narrower_profession_is_counted_with_the_broader(services: Services) -> None:
    def count(profession: str) -> int:
        choices = {"profession": FacetChoice(include=(profession,))}
        return services.search.search(SearchQuery(choices=choices)).total

    assert count("writer") >= count("poet") > 0


def test_home_page_shows_people_of_the_day(app: Flask, services: Services) -> None:
    pages = []
    for day in (date(2026, 9, 18), date(2026, 9, 19)):
        with app.test_request_context("/en/"):
            g.lang = "en"
            pages.append(make_home_page(services, "en", day))
    assert "uzeyir-hacibeyov" in [item.card.id for item in pages[0].on_this_day]
    assert pages[0].today == "18 September"
    assert {card.id for card in pages[0].sample} != {card.id for card in pages[1].sample}
    assert all(len(page.sample) == 9 for page in pages)


def test_every_example_on_the_first_page_finds_someone(client: FlaskClient) -> None:
    addresses = attributes(client.get("/en/").text, "ul.examples-list a", "href")
    assert len(addresses) >= 4
    for address in addresses:
        assert select(client.get(address).text, ".hit-name"), address


@pytest.mark.parametrize(
    ("page", "total", "expected"),
    [
        (1, 40, []),
        (1, 60, [1, 2]),
        (5, 500, [1, 0, 3, 4, 5, 6, 7, 0, 10]),
        (10, 500, [1, 0, 8, 9, 10]),
        (99, 500, [1, 0, 10]),
        (1, 0, []),
    ],
)
def test_pagination_shows_first_last_and_neighbours(page: int, total: int, expected: list[int]) -> None:
    paging = make_pagination(page, 50, total, str)
    assert [link.number for link in paging.links] == expected
    assert (paging.next == "") == (page >= 10 or total <= 50)


def test_deep_pages_are_fast() -> None:
    paging = make_pagination(1_000_000, 20, 20_000_000, str)
    assert len(paging.links) < 10
