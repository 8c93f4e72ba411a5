"""The page of a day of the year: its people, links to other days, no vague dates."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from biobank.web.browse import day_page
from tests.support.pages import attributes, select, text_of

UZEYIR = "/en/people/uzeyir-hacibeyov"


def test_day_lists_births_and_deaths(client: FlaskClient) -> None:
    html = client.get("/en/on-this-day?month=9&day=18").text
    born, died = (attributes(html, f"[aria-labelledby={id_}] a", "href") for id_ in ("births", "deaths"))
    assert UZEYIR in born
    assert UZEYIR not in died
    assert "/en/people/mehemmedhuseyn-sehriyar" in died
    assert UZEYIR in client.get("/en/on-this-day?month=11&day=23").text
    assert UZEYIR not in client.get("/en/on-this-day?month=9&day=19").text


def test_default_day_is_today_in_baku(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("biobank.web.browse.views.today_in_baku", lambda: date(2026, 9, 18))
    assert UZEYIR in client.get("/en/on-this-day").text


def test_day_starts_at_midnight_in_baku() -> None:
    in_baku = datetime.now(UTC) + timedelta(hours=4)
    assert day_page.today_in_baku() in (in_baku.date(), (in_baku + timedelta(minutes=1)).date())


def test_days_are_linked_through_the_year(client: FlaskClient) -> None:
    for day, before, after in (
        ((1, 1), (12, 31), (1, 2)),
        ((2, 29), (2, 28), (3, 1)),
        ((12, 31), (12, 30), (1, 1)),
    ):
        html = client.get(f"/az/on-this-day?month={day[0]}&day={day[1]}").text
        links = [parse_qs(urlsplit(url).query) for url in attributes(html, ".day-nav a[rel]", "href")]
        assert [(int(link["month"][0]), int(link["day"][0])) for link in links] == [before, after]


def test_empty_day_links_to_the_nearest_days(client: FlaskClient) -> None:
    html = client.get("/en/on-this-day?month=2&day=29").text
    assert "Nearest days:" in text_of(html)
    links = attributes(html, "p.block a", "href")
    assert len(links) == 2
    for link in links:
        assert select(client.get(link).text, ".card-name")


@pytest.mark.parametrize(
    "query",
    ["month=2&day=30", "month=13&day=1", "month=0&day=1", "month=9", "day=1", "month=x&day=1",
     "month=9&day=018", "month=9&day=", "month=٩&day=1", "month=9&day=-1", "month=9&day=18&page=0"],
)  # fmt: skip
def test_invalid_day_is_rejected(client: FlaskClient, query: str) -> None:
    response = client.get(f"/ru/on-this-day?{query}")
    assert response.status_code == 400
    assert select(response.text, "[name=q]")


def test_long_day_is_paginated(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day_page, "DAY_PAGE_SIZE", 1)
    people = []
    for page in (1, 2, 3):
        html = client.get(f"/en/on-this-day?month=9&day=18&page={page}").text
        people += attributes(html, ".card-name a", "href")
    assert len(people) == len(set(people)) == 3
    assert client.get("/en/on-this-day?month=9&day=18&page=9").status_code == 404
