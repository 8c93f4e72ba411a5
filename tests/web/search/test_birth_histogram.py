"""Births by decade: bars, table and form agree and link to the search."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.support.pages import attributes, select, select_one, text_at, texts

BAR = "a[data-first]"


def test_table_counts_match_their_links(client: FlaskClient) -> None:
    rows = _rows(client.get("/en/search?profession=poet").text)
    assert len(rows) > 8
    for href, _label, certain, possible in rows[::3]:
        address = href.partition("?")[2]
        assert _total(client, address) == int(possible)
        assert _total(client, f"{address}&certainty=certain") == int(certain)


def test_bars_link_to_their_decades(client: FlaskClient) -> None:
    bars = select(client.get("/en/search?profession=poet&sort=name").text, BAR)
    first_years = [int(bar.attrib["data-first"]) for bar in bars]
    assert first_years == list(range(first_years[0], first_years[-1] + 1, 10))
    for bar, first in list(zip(bars, first_years, strict=True))[::4]:
        query = urlsplit(bar.attrib["href"]).query
        assert parse_qs(query) == {
            "profession": ["poet"],
            "born": [f"{first}..{first + 9}"],
            "sort": ["name"],
        }
        assert _total(client, query) == int(text_at(bar, "title").rpartition(": ")[2])


def test_selected_range_is_shown_and_can_be_cleared(client: FlaskClient) -> None:
    html = client.get("/en/search?born=1880..1889").text
    chosen = [(bar.attrib["href"], bar.attrib["data-first"]) for bar in select(html, f"{BAR}.is-chosen")]
    assert chosen == [("/en/search", "1880")]
    (row,) = [row for row in _rows(html) if "selected" in row[1]]
    assert row[0] == "/en/search"
    assert attributes(html, "#born-from[name=born_from][type=number]", "value") == ["1880"]
    assert attributes(html, "[name=born_to]", "value") == ["1889"]


@pytest.mark.parametrize(
    ("form", "address"),
    [
        ("born_from=1880&born_to=1889", "born=1880..1889"),
        ("born_from=1889&born_to=1880", "born=1880..1889"),
        ("born_from=1880&born_to=", "born=1880.."),
        ("born_from=&born_to=476", "born=..0476"),
        ("born_from=-44&born_to=9", "born=-0044..0009"),
        ("q=poet&born_from=1900&certainty=certain&page=3", "q=poet&born=1900..&certainty=certain"),
    ],
)
def test_year_form_redirects_to_canonical_url(client: FlaskClient, form: str, address: str) -> None:
    response = client.get(f"/en/search?{form}")
    assert response.status_code == 302
    assert response.headers["Location"] == f"/en/search?{address}"
    assert client.get(response.headers["Location"]).status_code == 200


def test_empty_year_form_matches_any_year(client: FlaskClient) -> None:
    response = client.get("/en/search?q=poet&born_from=&born_to=")
    assert response.headers["Location"] == "/en/search?q=poet"


@pytest.mark.parametrize("year", ["x", "18.5", "99999", "--1", "１８８０", "-"])
def test_invalid_year_is_reported(client: FlaskClient, year: str) -> None:
    response = client.get("/en/search", query_string={"born_from": year})
    assert response.status_code == 400


def test_earlier_births_are_linked(client: FlaskClient) -> None:
    html = client.get("/en/search").text
    href = attributes(html, "p.decades-ends a", "href")[0]
    first = int(attributes(html, BAR, "data-first")[0])
    assert href == f"/en/search?born=..{first - 1}"
    assert int(attributes(client.get(href).text, BAR, "data-first")[0]) < first - 10
    assert "and later" in client.get(href).text


def test_selected_decade_without_births_is_drawn(client: FlaskClient) -> None:
    html = client.get("/en/search?profession=composer&gender=-male&born=1870..1999").text
    chosen = attributes(html, f"{BAR}.is-chosen", "data-first")
    assert (chosen[0], chosen[-1]) == ("1870", "1990")


def test_births_of_unknown_decade_share_a_row(client: FlaskClient) -> None:
    rows = _rows(client.get("/en/search").text)
    assert len(rows) < 60


def _rows(html: str) -> list[tuple[str, str, str, str]]:
    """Return the link, label and counts of each decade in the table."""
    rows = select(html, "tr:has(> th[scope=row] > a)")
    return [(select_one(row, "th a").attrib["href"], text_at(row, "th a"), *texts(row, "td")) for row in rows]


def _total(client: FlaskClient, address: str) -> int:
    body = client.get(f"/api/v1/search?{address}").json
    assert body is not None
    return int(body["total"])
