"""The results page: counts, chips, filters and next steps, all as plain links."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from biobank.bootstrap import Services


def test_result_count_uses_plural_forms(client: FlaskClient) -> None:
    total = client.get("/api/v1/search?profession=composer").json
    assert total is not None
    count = total["total"]
    assert f"{count} nəticə" in client.get("/az/search?profession=composer").text
    assert f"{count} results" in client.get("/en/search?profession=composer").text
    assert re.search(rf"{count} результат(а|ов)?\b", client.get("/ru/search?profession=composer").text)


def test_facet_counts_match_their_links(client: FlaskClient) -> None:
    html = client.get("/en/search?q=composer").text
    links = re.findall(
        r'<a id="f-(profession|century|gender)-[^"]*" class="value-link" href="([^"]+)".*?'
        r'<span class="count">([\d,]+)</span>',
        html,
        flags=re.DOTALL,
    )
    assert len(links) > 8
    for _, href, count in links[:12]:
        assert _count(client, unescape(href)) == int(count)


def test_selected_value_links_to_its_removal(client: FlaskClient) -> None:
    html = client.get("/en/search?q=composer&profession=pianist").text
    chosen = re.search(r'<a id="f-profession-pianist"[^>]*href="([^"]+)"[^>]*aria-current="true"', html)
    assert chosen
    assert unescape(chosen[1]) == "/en/search?q=composer"
    assert "selected, remove filter" in html


def test_included_and_excluded_counts_add_up(client: FlaskClient) -> None:
    total = _count(client, "/en/search")
    with_them = _count(client, "/en/search?profession=poet")
    without = _count(client, "/en/search?profession=-poet")
    assert with_them + without == total
    assert 'href="/en/search?profession=-poet"' in client.get("/en/search").text


def test_word_can_be_removed_from_the_query(client: FlaskClient) -> None:
    html = client.get("/en/search?q=blind+composer&century=19").text
    chips = [unescape(href) for href in re.findall(r'<a class="chip [^"]*" href="([^"]+)"', html)]
    assert "/en/search?q=composer&century=19" in chips
    assert "/en/search?q=blind&century=19" in chips
    assert "/en/search?q=blind+composer" in chips


def test_language_switch_keeps_the_search(client: FlaskClient) -> None:
    address = "search?q=şair&century=19&profession=-ashug&sort=birth&page=1"
    html = client.get(f"/az/{address}").text
    (href,) = re.findall(r'<a href="([^"]+)" hreflang="ru"', html)
    moved = unescape(href)
    assert moved.startswith("/ru/search?")
    for part in ("century=19", "profession=-ashug", "sort=birth", "page=1"):
        assert part in moved
    assert 'value="şair"' in client.get(moved).text


def test_pagination_lists_everyone_once(client: FlaskClient, services: Services) -> None:
    seen: list[str] = []
    href = "/en/search?sort=name&size=25"
    while href:
        html = client.get(href).text
        seen += re.findall(r'class="hit-name"><a href="/en/people/([^"]+)"', html)
        following = re.search(r'class="paging-step" rel="next" href="([^"]+)"', html)
        href = unescape(following[1]) if following else ""
    assert len(seen) == len(set(seen)) == services.people_count()


def test_empty_results_offer_next_steps(client: FlaskClient) -> None:
    html = client.get("/az/search?q=qqqxyzzy&profession=poet").text
    assert "Bütün şərtlərə uyğun nəticə yoxdur" in html
    assert "Süzgəclərdən birini silin" in html
    assert 'href="/az/browse/"' in html
    assert 'href="/az/search?profession=poet"' in html


def test_page_out_of_range_links_back(client: FlaskClient) -> None:
    html = client.get("/en/search?page=500").text
    assert "This page of results does not exist." in html
    assert "Go to the last page" in html


@pytest.mark.parametrize("q", ['"><script>alert(1)</script>', "%27%22", "&lt;b&gt;", "{{ 7*7 }}"])
def test_query_is_escaped(client: FlaskClient, q: str) -> None:
    html = client.get("/en/search", query_string={"q": q}).text
    assert "<script>alert" not in html
    assert "49" not in re.findall(r'value="([^"]*)" maxlength', html)


def test_matched_form_is_shown(client: FlaskClient) -> None:
    html = client.get("/en/search?q=Гаджибеков").text
    assert re.search(r'class="hit-form" lang="ru" dir="ltr">Узеир Гаджибеков<', html)


def _count(client: FlaskClient, address: str) -> int:
    html = client.get(address).text
    heading = re.search(r'<h1 id="count"[^>]*>\s*([\d,]+) ', html)
    return int(heading[1].replace(",", "")) if heading else 0
