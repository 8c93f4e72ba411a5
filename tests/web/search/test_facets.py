"""Facets: value trees, URLs that round-trip, the page of all values."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from lxml.html import HtmlElement
from werkzeug.datastructures import MultiDict

from biobank.search.query import FACETS
from biobank.search.request_args import parse_search_query
from biobank.search.response import FacetValue
from biobank.web.search.facets import build_tree, split_branches
from tests.support.pages import select, select_one, text_at, texts

EVERY_FACET = (
    "q=poet&profession=writer&profession=-ashug&country=AZ&place=baku&place=-moscow"
    "&birthplace=azerbaijan&deathplace=-paris&century=19&century=20&gender=male"
    "&organisation=unknown&language=az&born=1850..1920&died=..1999&certainty=certain&sort=name"
)
LINK = "a.value-link[id^=f-]"


def _facet_and_value(link: HtmlElement) -> tuple[str, str]:
    """Return the facet and the value that a link has in its id."""
    facet, _, value = link.attrib["id"].removeprefix("f-").partition("-")
    return facet, value


def _value_ids(html: str) -> list[str]:
    return [_facet_and_value(link)[1] for link in select(html, LINK)]


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
    assert len(select(html, "#within-f-birthplace-azerbaijan #f-birthplace-baku")) == 1
    assert "Subcategories of Azerbaijan" in html


def test_selected_value_expands_its_branch(client: FlaskClient) -> None:
    html = client.get("/en/search?place=susa").text
    for parent in ("azerbaijan", "qarabag"):
        assert select(html, f"details.branch#within-f-place-{parent}[open]")
    assert select(html, "#f-place-susa[aria-current=true]")


def test_empty_values_are_shown_only_if_selected(client: FlaskClient) -> None:
    html = client.get("/en/search?born=1141&profession=composer&profession=poet").text
    assert select(html, "#f-profession-composer")
    links = select(html, "a[id^=f-profession-]")
    assert {_facet_and_value(link)[1] for link in links if text_at(link, ".count") == "0"} <= {"composer"}


@pytest.mark.parametrize("address", [EVERY_FACET, "", "q=name:uzeyir+OR+born:1900&century=-20"])
def test_every_link_of_a_facet_round_trips(client: FlaskClient, address: str) -> None:
    links = select(client.get(f"/en/search?{address}").text, LINK)
    assert len({_facet_and_value(link)[0] for link in links}) >= 7
    for link in links:
        facet, id_ = _facet_and_value(link)
        parts = parse_qsl(urlsplit(link.attrib["href"]).query)
        query = parse_search_query(MultiDict(parts), "en")
        assert query.url_params() == parts
        chosen = query.choices[facet].values if facet in query.choices else ()
        assert (id_ in chosen or f"-{id_}" in chosen) is ("aria-current" not in link.attrib)


def test_state_of_a_value_is_described(client: FlaskClient) -> None:
    html = client.get(f"/en/search?{EVERY_FACET}").text
    for id_, words in (("f-profession-writer", "selected,"), ("f-profession-ashug", "excluded,")):
        link = select_one(html, f"a#{id_}")
        assert f", {words} remove filter" in texts(link, ".visually-hidden")
        assert text_at(link, ".count").isdecimal()


@pytest.mark.parametrize("facet", FACETS)
@pytest.mark.parametrize("lang", ["az", "ru"])
def test_every_facet_has_a_values_page(client: FlaskClient, lang: str, facet: str) -> None:
    response = client.get(f"/{lang}/search/values/{facet}?{EVERY_FACET}")
    assert response.status_code == 200
    for link in select(response.text, LINK):
        assert _facet_and_value(link)[0] == facet
        assert link.attrib["href"].startswith(f"/{lang}/search")


def test_values_page_is_complete(client: FlaskClient) -> None:
    body = client.get("/api/v1/search?q=poet&literal=1").json
    assert body is not None
    html = client.get("/en/search/values/place?q=poet&literal=1").text
    shown_ids = set(_value_ids(html))
    assert shown_ids == {value["id"] for value in body["facets"]["place"]}
    assert f"{len(shown_ids)} values" in html
    search = client.get("/en/search?q=poet&literal=1").text
    assert text_at(search, "a[href='/en/search/values/place?q=poet&literal=1']").startswith(
        f"Show all {len(shown_ids)}"
    )


def test_value_filter_ignores_diacritics(client: FlaskClient) -> None:
    html = client.get("/az/search/values/place?find=SUSA&profession=poet&by=name").text
    assert _value_ids(html) == ["susa"]
    assert select(html, "input[value=SUSA]")
    assert select(html, "input[name=profession][value=poet]")
    assert select(html, "input[name=by][value=name]")
    assert select(html, "a[href='/az/search/values/place?profession=poet&find=SUSA']")
    assert "No results found" in client.get("/en/search/values/place?find=qqqq").text


def test_values_by_name_are_in_the_order_of_the_alphabet(client: FlaskClient) -> None:
    html = client.get("/az/search/values/profession?by=name").text
    labels = texts(html, ".value-label")
    assert labels.index("xanəndə") < labels.index("şair") < labels.index("yazıçı")


@pytest.mark.parametrize(
    ("address", "status"),
    [("award", 404), ("place?by=size", 400), ("place?sort=x", 400), (f"place?find={'x' * 300}", 200)],
)
def test_values_page_arguments(client: FlaskClient, address: str, status: int) -> None:
    assert client.get(f"/en/search/values/{address}").status_code == status


def test_page_with_all_facets_is_small(client: FlaskClient) -> None:
    for address in ("", f"?{EVERY_FACET}", "?size=100"):
        response = client.get(f"/ru/search{address}", headers={"Accept-Encoding": "gzip"})
        assert response.headers["Content-Encoding"] == "gzip"
        assert len(response.data) < 60_000
