"""Facets: value trees, URLs that round-trip, the page of all values."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from biobank.search.query import FACETS
from biobank.search.request_args import parse_search_query
from biobank.search.response import FacetValue
from biobank.web.search.facets import build_tree, split_branches

EVERY_FACET = (
    "q=poet&profession=writer&profession=-ashug&country=AZ&place=baku&place=-moscow"
    "&birthplace=azerbaijan&deathplace=-paris&century=19&century=20&gender=male"
    "&organisation=unknown&language=az&born=1850..1920&died=..1999&certainty=certain&sort=name"
)
VALUE = re.compile(r'<a id="f-([a-z]+)-([^"]+)" class="value-link" href="([^"]+)"([^>]*)>')


def _value(id_: str, count: int, *broader: str, selected: str = "") -> FacetValue:
    return FacetValue(id_, id_, count, selected, broader)


def test_narrower_values_are_nested() -> None:
    values = [_value("land", 9), _value("town", 5, "land"), _value("other", 3)]
    land, second = build_tree(values, 40)
    assert [branch.value.id for branch in land.narrower] == ["town"]
    assert (land.size, second.size) == (2, 1)


def test_value_with_two_parents_appears_once() -> None:
    values = [_value("poet", 9), _value("musician", 8), _value("ashug", 2, "musician", "poet")]
    poet, musician = build_tree(values, 40)
    assert poet.narrower == ()
    assert [branch.value.id for branch in musician.narrower] == ["ashug"]


def test_selected_value_is_always_shown_with_its_parents() -> None:
    values = [
        *(_value(f"v{at}", 90 - at) for at in range(50)),
        _value("land", 2),
        _value("town", 1, "land", selected="exclude"),
    ]
    branches = build_tree(values, 10)
    first, more = split_branches(branches, 7)
    assert [branch.value.id for branch in first] == ["v0", "v1", "v2", "v3", "v4", "v5", "land"]
    assert [branch.value.id for branch in more] == ["v6", "v7", "v8", "v9"]
    assert first[-1].narrower[0].chosen


def test_single_extra_row_is_not_collapsed() -> None:
    branches = build_tree([_value(f"v{at}", 9) for at in range(8)], 40)
    assert split_branches(branches, 7) == (branches, ())


def test_parents_contain_their_children(client: FlaskClient) -> None:
    html = client.get("/en/search").text
    azerbaijan = html.partition('id="within-f-birthplace-azerbaijan"')[2]
    assert azerbaijan.partition("</ul>")[0].count('id="f-birthplace-baku"') == 1
    assert "Subcategories of Azerbaijan" in html


def test_selected_value_expands_its_branch(client: FlaskClient) -> None:
    html = client.get("/en/search?place=susa").text
    for parent in ("azerbaijan", "qarabag"):
        assert f'<details class="branch" id="within-f-place-{parent}" open>' in html
    assert re.search(r'id="f-place-susa"[^>]*aria-current="true"', html)


def test_empty_values_are_shown_only_if_selected(client: FlaskClient) -> None:
    html = client.get("/en/search?born=1141&profession=composer&profession=poet").text
    assert 'id="f-profession-composer"' in html
    counts = re.findall(r'id="f-profession-([^"]+)".*?<span class="count">(\d+)<', html, re.DOTALL)
    assert {id_ for id_, count in counts if count == "0"} <= {"composer"}


@pytest.mark.parametrize("address", [EVERY_FACET, "", "q=name:uzeyir+OR+born:1900&century=-20"])
def test_every_link_of_a_facet_round_trips(client: FlaskClient, address: str) -> None:
    links = VALUE.findall(client.get(f"/en/search?{address}").text)
    assert len({facet for facet, *_ in links}) >= 7
    for facet, id_, href, label in links:
        parts = parse_qsl(urlsplit(unescape(href)).query)
        query = parse_search_query(MultiDict(parts), "en")
        assert query.url_params() == parts
        chosen = query.choices[facet].values if facet in query.choices else ()
        assert (id_ in chosen or f"-{id_}" in chosen) is ("aria-current" not in label)


def test_state_of_a_value_is_described(client: FlaskClient) -> None:
    html = client.get(f"/en/search?{EVERY_FACET}").text
    for id_, words in (("f-profession-writer", "selected,"), ("f-profession-ashug", "excluded,")):
        link = re.search(rf'<a id="{id_}".*?</a>', html, re.DOTALL)
        assert link
        assert f'<span class="visually-hidden">, {words} remove filter</span>' in link[0]
        assert re.search(r'<span class="count">\d+</span>', link[0])


@pytest.mark.parametrize("facet", FACETS)
@pytest.mark.parametrize("lang", ["az", "ru"])
def test_every_facet_has_a_values_page(client: FlaskClient, lang: str, facet: str) -> None:
    answer = client.get(f"/{lang}/search/values/{facet}?{EVERY_FACET}")
    assert answer.status_code == 200
    for name, _id, href, _ in VALUE.findall(answer.text):
        assert name == facet
        assert unescape(href).startswith(f"/{lang}/search")


def test_values_page_is_complete(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=poet").json
    assert answer is not None
    html = client.get("/en/search/values/place?q=poet").text
    shown_ids = {id_ for _, id_, _, _ in VALUE.findall(html)}
    assert shown_ids == {value["id"] for value in answer["facets"]["place"]}
    assert f"{len(shown_ids)} values" in html
    search = client.get("/en/search?q=poet").text
    assert f'href="/en/search/values/place?q=poet">Show all {len(shown_ids)}' in search


def test_value_filter_ignores_diacritics(client: FlaskClient) -> None:
    html = client.get("/az/search/values/place?find=SUSA&profession=poet&by=name").text
    shown_ids = [id_ for _, id_, _, _ in VALUE.findall(html)]
    assert shown_ids == ["susa"]
    assert 'value="SUSA"' in html
    assert 'name="profession" value="poet"' in html
    assert 'name="by" value="name"' in html
    assert 'href="/az/search/values/place?profession=poet&amp;find=SUSA"' in html
    assert "No results found" in client.get("/en/search/values/place?find=qqqq").text


def test_values_by_name_are_in_the_order_of_the_alphabet(client: FlaskClient) -> None:
    html = client.get("/az/search/values/profession?by=name").text
    labels = re.findall(r'<span class="value-label">([^<]+)<', html)
    assert labels.index("xanəndə") < labels.index("şair") < labels.index("yazıçı")


@pytest.mark.parametrize(
    ("address", "status"),
    [("award", 404), ("place?by=size", 400), ("place?sort=x", 400), (f"place?find={'x' * 300}", 200)],
)
def test_values_page_arguments(client: FlaskClient, address: str, status: int) -> None:
    assert client.get(f"/en/search/values/{address}").status_code == status


def test_page_with_all_facets_is_small(client: FlaskClient) -> None:
    for address in ("", f"?{EVERY_FACET}", "?size=100"):
        answer = client.get(f"/ru/search{address}", headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert len(answer.data) < 60_000
