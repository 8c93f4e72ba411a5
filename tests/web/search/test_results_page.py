"""The results page: counts, chips, filters and next steps, all as plain links."""

import re

import pytest
from flask.testing import FlaskClient

from biobank.bootstrap import Services
from tests.support.pages import attributes, select, select_one, text_at, texts

#: Links to the people of a page of results or of the printable list.
NAME_LINKS = ".hit-name > a, .print-list-name"


def test_result_count_uses_plural_forms(client: FlaskClient) -> None:
    total = client.get("/api/v1/search?profession=composer").json
    assert total is not None
    count = total["total"]
    assert f"{count} nəticə" in client.get("/az/search?profession=composer").text
    assert f"{count} results" in client.get("/en/search?profession=composer").text
    assert re.search(rf"{count} результат(а|ов)?\b", client.get("/ru/search?profession=composer").text)


def test_facet_counts_match_their_links(client: FlaskClient) -> None:
    html = client.get("/en/search?q=opera").text
    facets = ("profession", "century", "gender")
    links = [link for facet in facets for link in select(html, f"a.value-link[id^=f-{facet}-]")]
    assert len(links) > 8
    for link in links[:12]:
        assert _count(client, link.attrib["href"]) == int(text_at(link, ".count"))


def test_selected_value_links_to_its_removal(client: FlaskClient) -> None:
    html = client.get("/en/search?q=opera&profession=pianist").text
    link = select_one(html, "a#f-profession-pianist[aria-current=true]")
    assert link.attrib["href"] == "/en/search?q=opera"
    assert "selected, remove filter" in link.text_content()


def test_included_and_excluded_counts_add_up(client: FlaskClient) -> None:
    total = _count(client, "/en/search")
    with_them = _count(client, "/en/search?profession=poet")
    without = _count(client, "/en/search?profession=-poet")
    assert with_them + without == total
    assert select(client.get("/en/search").text, "a[href='/en/search?profession=-poet']")


def test_word_can_be_removed_from_the_query(client: FlaskClient) -> None:
    html = client.get("/en/search?q=blind+libretto&century=19").text
    chips = attributes(html, "a.chip", "href")
    assert "/en/search?q=libretto&century=19" in chips
    assert "/en/search?q=blind&century=19" in chips
    assert "/en/search?q=blind+libretto" in chips


def test_language_switch_keeps_the_search(client: FlaskClient) -> None:
    address = "search?q=şair&century=19&profession=-ashug&sort=birth&page=1"
    html = client.get(f"/az/{address}").text
    moved = select_one(html, "a[hreflang=ru]").attrib["href"]
    assert moved.startswith("/ru/search?")
    for part in ("century=19", "profession=-ashug", "sort=birth", "page=1"):
        assert part in moved
    assert attributes(client.get(moved).text, "#q", "value") == ["şair"]


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("az", ["Hacıbəyli, Ceyhun", "Hacıbəyov, Soltan", "Hacıbəyov, Üzeyir", "Niyazi"]),
        ("en", ["Hajibeyli, Jeyhun", "Hajibeyov, Soltan", "Hajibeyov, Uzeyir", "Niyazi"]),
        ("ru", ["Гаджибейли, Джейхун", "Гаджибеков, Солтан", "Гаджибеков, Узеир", "Ниязи"]),
    ],
)
def test_results_by_name_are_surname_first(client: FlaskClient, lang: str, expected: list[str]) -> None:
    for page in ("search", "search/list"):
        html = client.get(f"/{lang}/{page}?q=name:Hacıbəyov&sort=name").text
        assert texts(html, NAME_LINKS) == expected
    by_relevance = texts(client.get(f"/{lang}/search?q=name:Hacıbəyov").text, NAME_LINKS)
    assert not set(by_relevance) & set(expected[:3])


def test_pagination_lists_everyone_once(client: FlaskClient, services: Services) -> None:
    seen: list[str] = []
    href = "/en/search?sort=name&size=25"
    while href:
        html = client.get(href).text
        seen += attributes(html, ".hit-name > a", "href")
        href = next(iter(attributes(html, "a.paging-step[rel=next]", "href")), "")
    assert len(seen) == len(set(seen)) == services.people_count()


def test_empty_results_offer_next_steps(client: FlaskClient) -> None:
    html = client.get("/az/search?q=qqqxyzzy&profession=poet").text
    assert "Bütün şərtlərə uyğun nəticə yoxdur" in html
    assert "Süzgəclərdən birini silin" in html
    assert select(html, "main a[href='/az/browse/']")
    assert select(html, "main a[href='/az/search?profession=poet']")


def test_page_out_of_range_links_back(client: FlaskClient) -> None:
    html = client.get("/en/search?page=500").text
    assert "This page of results does not exist." in html
    assert "Go to the last page" in html


@pytest.mark.parametrize("q", ['"><script>alert(1)</script>', "%27%22", "&lt;b&gt;", "{{ 7*7 }}"])
def test_query_is_escaped(client: FlaskClient, q: str) -> None:
    html = client.get("/en/search", query_string={"q": q}).text
    assert "<script>alert" not in html
    assert attributes(html, "#q", "value") == [q.strip()]


def test_matched_form_is_shown(client: FlaskClient) -> None:
    html = client.get("/en/search?q=Гаджибеков").text
    assert "Узеир Гаджибеков" in texts(html, ".hit-form[lang=ru][dir=ltr]")


def _count(client: FlaskClient, address: str) -> int:
    heading = re.match(r"[\d,]+(?= )", text_at(client.get(address).text, "h1#count"))
    return int(heading[0].replace(",", "")) if heading else 0
