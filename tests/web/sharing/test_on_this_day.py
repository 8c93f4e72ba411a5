"""The page of a day of the year: its people, links to other days, no vague dates."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from biobank.web import day_page

UZEYIR = "/en/people/uzeyir-hacibeyov"


def test_a_day_shows_who_was_born_and_who_died_on_it(client: FlaskClient) -> None:
    html = client.get("/en/on-this-day?month=9&day=18").text
    born, _, died = html.partition('id="deaths"')
    assert UZEYIR in born
    assert UZEYIR not in died
    assert "/en/people/mehemmedhuseyn-sehriyar" in died
    assert UZEYIR in client.get("/en/on-this-day?month=11&day=23").text
    assert UZEYIR not in client.get("/en/on-this-day?month=9&day=19").text


def test_without_a_day_it_is_the_one_in_baku(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biobank.web.routes.on_this_day.today_in_baku", lambda: date(2026, 9, 18))
    assert UZEYIR in client.get("/en/on-this-day").text


def test_the_day_begins_in_baku_four_hours_before_it_does_in_greenwich() -> None:
    in_baku = datetime.now(UTC) + timedelta(hours=4)
    assert day_page.today_in_baku() in (in_baku.date(), (in_baku + timedelta(minutes=1)).date())


def test_one_walks_from_day_to_day_through_the_whole_year(client: FlaskClient) -> None:
    for day, before, after in (
        ((1, 1), (12, 31), (1, 2)),
        ((2, 29), (2, 28), (3, 1)),
        ((12, 31), (12, 30), (1, 1)),
    ):
        html = client.get(f"/az/on-this-day?month={day[0]}&day={day[1]}").text
        ways = re.findall(r'<a rel="(?:prev|next)" href="[^"]*month=(\d+)&amp;day=(\d+)"', html)
        assert [tuple(map(int, way)) for way in ways] == [before, after]


def test_a_day_without_anybody_leads_to_the_nearest_that_have_somebody(client: FlaskClient) -> None:
    html = client.get("/en/on-this-day?month=2&day=29").text
    found = re.search(r"The nearest days: (.*?)</p>", html)
    assert found
    links = re.findall(r'href="([^"]+)"', found[1].replace("&amp;", "&"))
    assert len(links) == 2
    for link in links:
        assert 'class="card-name"' in client.get(link).text


@pytest.mark.parametrize(
    "asked",
    ["month=2&day=30", "month=13&day=1", "month=0&day=1", "month=9", "day=1", "month=x&day=1",
     "month=9&day=018", "month=9&day=", "month=٩&day=1", "month=9&day=-1", "month=9&day=18&page=0"],
)  # fmt: skip
def test_what_is_no_day_is_refused_in_words(client: FlaskClient, asked: str) -> None:
    answer = client.get(f"/ru/on-this-day?{asked}")
    assert answer.status_code == 400
    assert 'name="q"' in answer.text


def test_a_long_day_is_cut_into_pages(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day_page, "SIZE", 1)
    found = []
    for page in (1, 2, 3):
        html = client.get(f"/en/on-this-day?month=9&day=18&page={page}").text
        found += re.findall(r'card-name"><a href="([^"]+)"', html)
    assert len(found) == len(set(found)) == 3
    assert client.get("/en/on-this-day?month=9&day=18&page=9").status_code == 404
