"""Browse pages: each count equals the number of people listed."""

from datetime import date

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from biobank.bootstrap import Services
from biobank.common.i18n import LANGUAGES
from biobank.names.alphabet import ALPHABETS, PART_SEPARATOR, index_letter, sort_key
from biobank.records.people import browse_queries
from biobank.records.people.browse_queries import PageOfNames
from biobank.search.query import FacetChoice, SearchQuery
from biobank.web.browse.pages import make_home_page
from biobank.web.core.pagination import make_pagination
from tests.support.pages import attributes, select, text_at, texts


@pytest.mark.parametrize("lang", LANGUAGES)
def test_letters_are_sorted_and_cover_everyone(services: Services, lang: str) -> None:
    with services.database.read() as session:
        counts = browse_queries.letter_counts(session, lang)
        for letter, count in counts.items():
            whole_list = PageOfNames(lang, 0, 1000)
            assert len(browse_queries.people_by_letter(session, letter, whole_list)) == count
    assert sum(counts.values()) == services.people_count()
    assert list(counts) == [letter for letter in ALPHABETS[lang] if letter in counts]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/az/browse/letter/Ə", {"Əliyev, Heydər", "Əhməd Cavad", "Əcəmi Naxçıvani"}),
        ("/az/browse/letter/Ş", {"Şah İsmayıl Xətai", "Şıxlinski, Əliağa"}),
        ("/en/browse/letter/G", {"Garayev, Gara", "Garyaghdioglu, Jabbar"}),
        ("/en/browse/letter/H", {"Hajibeyov, Uzeyir", "Huseyn Javid"}),
        ("/en/browse/letter/N", {"Nizami Ganjavi", "Narimanov, Nariman"}),
        ("/ru/browse/letter/Г", {"Гаджибеков, Узеир", "Гусейнов, Иса (Муганна)"}),
        ("/ru/browse/letter/Д", {"Дильбази, Мирварид", "Джаббарлы, Джафар"}),
    ],
)
def test_people_are_listed_surname_first_in_the_language(
    client: FlaskClient, url: str, expected: set[str]
) -> None:
    lang, letter = url[1:3], url[-1]
    names = texts(client.get(url).text, ".card-name a")
    assert set(names) >= expected
    assert {index_letter(name, lang) for name in names} == {letter}
    assert names == sorted(names, key=lambda name: sort_key(name.replace(", ", PART_SEPARATOR), lang))


def test_letters_of_the_page_are_those_of_its_alphabet(client: FlaskClient) -> None:
    def letters(lang: str) -> str:
        return "".join(text[0] for text in texts(client.get(f"/{lang}/browse/").text, ".letters li"))

    assert letters("az") == "ABCÇDEƏFGĞHXIİJKQLMNOÖPRSŞTUÜVYZ"
    assert letters("en") == "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert letters("ru") == "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЭЮЯ"


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("/en/browse/letter/Ə", "/en/browse/letter/E"),
        ("/az/browse/letter/É", "/az/browse/letter/E"),
        ("/ru/browse/letter/Ё", "/ru/browse/letter/%D0%95"),
        ("/ru/browse/letter/Q", "/ru/browse/"),
        ("/az/browse/letter/Д", "/az/browse/"),
    ],
)
def test_a_letter_of_another_alphabet_redirects(client: FlaskClient, url: str, target: str) -> None:
    response = client.get(url)
    assert response.status_code in (301, 302)
    assert response.location == target
    assert client.get(response.location).status_code == 200


@pytest.mark.parametrize("word", ["Hə", "1", "-"])
def test_what_is_no_letter_is_not_found(client: FlaskClient, word: str) -> None:
    assert client.get(f"/en/browse/letter/{word}").status_code == 404


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
