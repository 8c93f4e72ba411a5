"""The result map shows the people that the database has there and links to exactly them."""

import gzip
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from biobank.bootstrap import Services
from biobank.i18n import LANGUAGES
from biobank.records.people import queries
from biobank.search.args import query_from
from biobank.search.where import Area, point_of
from tests.relevance.where import places_of

STATIC = Path(__file__).parents[2] / "biobank" / "static"
TIES = ("any", "birth", "death", "activity")
WIDTHS = ("narrow", "middle", "wide")
QUESTIONS = (
    "",
    "profession=composer",
    "q=şair&gender=-female&sort=name&page=2",
    "bbox=44,38,51,42",
    "birthplace=susa",
    "place=baku&place=gence",
    "q=blind+composer+xyzzy",
    "q=(şair+OR+bəstəkar)",
    "q=qqqxyzzy&profession=poet",
)
#: URL, label and count of a link.
Shown = tuple[str, str, int]
Record = Mapping[str, Any]


def _circles(html: str) -> dict[str, list[Shown]]:
    """Return the circles of each map picture."""
    pattern = r'<a class="spot[^"]*" href="([^"]+)" aria-label="([^"]*): (\d+) '
    groups = re.findall(r'<g class="map-(\w+)">(.*?)</g>', html, flags=re.DOTALL)
    return {
        width: [
            (unescape(url), unescape(name), int(count))
            for url, name, count in re.findall(pattern, group)
        ]
        for width, group in groups
    }


def _lines(html: str) -> Iterator[Shown]:
    """Return the rows of the lists, without a URL if no search matches exactly."""
    for line in re.findall(r"<li><span>(.*?)</li>", html, flags=re.DOTALL):
        url = re.search(r'href="([^"]+)"', line)
        name = re.split("</a>| <span|</span>", line)[0]
        count = re.search(r"\(</span>(\d+)<", line)
        assert count
        yield unescape(url[1]) if url else "", _text(name), int(count[1])


def _text(html: str) -> str:
    return unescape(re.sub("<[^>]*>", "", html)).strip()


def _shown(html: str) -> int:
    count = re.search(r'<h1 id="count">[^<\d]*(\d+)', html)
    return int(count[1]) if count else 0


def _total(client: FlaskClient, url: str) -> int:
    """Return how many people a page URL matches, as counted by the API."""
    lang = url[1:3]
    answer = client.get(f"/api/v1/search?{urlsplit(url).query}&lang={lang}&size=1")
    assert answer.status_code == 200, url
    return int(answer.json["total"])  # type: ignore[index]


def _records(services: Services, question: str) -> list[Record]:
    """Return the matching people from the database."""
    ids = services.search.everybody(query_from(MultiDict(parse_qsl(question)), "az"))
    with services.database.read() as session:
        return list(queries.records(session, ids).values())


@pytest.mark.parametrize("tie", TIES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_counts_are_those_of_the_store(
    services: Services, client: FlaskClient, question: str, tie: str
) -> None:
    _check_counts(services, client, f"{question}&tie={tie}")


def test_counts_of_questions_made_at_random_are_those_of_the_store(
    services: Services, client: FlaskClient
) -> None:
    random = Random(4)
    for _ in range(25):
        _check_counts(services, client, _made_up(random))


def _made_up(random: Random) -> str:
    west, east = sorted(random.uniform(-20, 80) for _ in range(2))
    south, north = sorted(random.uniform(20, 60) for _ in range(2))
    parts = (
        f"bbox={west:.2f},{south:.2f},{east:.2f},{north:.2f}",
        f"profession={random.choice(('poet', 'composer', 'musician', '-writer'))}",
        f"birthplace={random.choice(('baku', 'azerbaijan', '-baku', 'unknown'))}",
        f"century={random.choice(('19', '20'))}",
    )
    return "&".join((*random.sample(parts, random.randint(1, 2)), f"tie={random.choice(TIES)}"))


def _check_counts(services: Services, client: FlaskClient, question: str) -> None:
    html = client.get(f"/az/search/map?{question}").text
    asked = dict(parse_qsl(question))
    area, catalogue = Area.read(asked["bbox"]) if "bbox" in asked else None, services.catalogue()
    tied: Counter[str] = Counter()
    there: set[str] = set()
    for record in _records(services, question):
        for place in set(places_of(record, asked["tie"])):
            point = point_of(catalogue.places[place])
            if point and (area is None or area.contains(*point)):
                tied[place] += 1
                there.add(record["id"])
    assert _shown(html) == len(there), question
    listed = Counter((name, count) for _, name, count in _lines(html))
    drawn = Counter((catalogue.place_name(place, "az"), count) for place, count in tied.items())
    assert drawn <= listed, question
    for circles in _circles(html).values():
        assert len(circles) <= len(tied)


@pytest.mark.parametrize("tie", TIES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_link_finds_as_many_as_it_says(client: FlaskClient, question: str, tie: str) -> None:
    html = client.get(f"/en/search/map?{question}&tie={tie}").text
    pictures = _circles(html)
    assert tuple(pictures) == WIDTHS
    told = {*_lines(html), *(circle for circles in pictures.values() for circle in circles)}
    for url, name, count in told:
        assert not url or _total(client, url) == count, (name, url)
    closer = [(url, count) for url, _, count in told if url.startswith("/en/search/map")]
    for url, count in closer[:2]:
        assert _shown(client.get(url).text) == count


def test_a_gathered_circle_leads_closer_until_every_place_stands_alone(client: FlaskClient) -> None:
    open_, seen = ["/en/search/map?tie=birth"], set()
    alone: set[str] = set()
    while open_:
        address = open_.pop()
        for url, name, _ in _circles(client.get(address).text)["narrow"]:
            if not url.startswith("/en/search/map"):
                alone.add(name)
            elif url not in seen:
                seen.add(url)
                open_.append(url)
    births = client.get("/en/search/map?tie=birth").text
    assert "Baku" in alone
    assert {name for _, name, _ in _circles(births)["wide"] if "more" not in name} <= alone


def test_whoever_has_no_place_on_the_map_is_counted(client: FlaskClient) -> None:
    births = client.get("/en/search/map?tie=birth").text
    everyone = _total(client, "/en/search")
    assert 0 < _shown(births) < everyone
    assert f"{everyone - _shown(births)} more people were found" in births
    assert "more people were found" not in client.get("/en/search/map?bbox=44,38,51,42").text


def test_a_country_is_listed_with_all_in_it_and_not_drawn(client: FlaskClient) -> None:
    html = client.get("/en/search/map?tie=birth").text
    listed = {name: url for url, name, _ in _lines(html)}
    assert listed["Azerbaijan"] == "/en/search?birthplace=azerbaijan"
    assert not [name for _, name, _ in _circles(html)["wide"] if name.startswith("Azerbaijan")]


def test_the_map_keeps_the_question_and_leads_back_to_the_list(client: FlaskClient) -> None:
    question = "q=bəstəkar&gender=male&sort=name"
    html = client.get(f"/az/search/map?{question}&page=3&size=5&tie=birth").text
    links = [unescape(url) for url in re.findall(r'href="(/az/search[^"]*)"', html)]
    assert any(parse_qs(urlsplit(url).query) == parse_qs(question) for url in links)
    ties = re.search(r'<nav class="map-ties".*?</nav>', html, flags=re.DOTALL)
    assert ties
    for url in re.findall(r'href="([^"]+)"', ties[0]):
        assert parse_qs(question).items() <= parse_qs(urlsplit(unescape(url)).query).items()
    assert re.search(r'tie=birth" aria-current="true"', ties[0])


def test_the_form_asks_for_an_area_at_its_one_address(client: FlaskClient) -> None:
    answer = client.get("/ru/search/map?tie=death&q=поэт&west=44,5&south=38&east=51°&north=42.00")
    assert answer.status_code == 302
    url = answer.headers["Location"]
    assert parse_qs(urlsplit(url).query) == {
        "q": ["поэт"],
        "bbox": ["44.5,38,51,42"],
        "tie": ["death"],
    }
    html = client.get(url).text
    assert 'value="44.5"' in html
    assert _shown(html) == _total(client, url) > 0
    nothing = client.get("/ru/search/map?tie=death&west=&south=&east=&north=")
    assert nothing.headers["Location"].endswith("/ru/search/map?tie=death")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("area", "said"),
    [
        ("west=44&south=38&east=x&north=42", ("East", "Şərq", "Восток")),
        ("west=444&south=38&east=51&north=42", ("180", "180", "180")),
        ("west=44&south=-91&east=51&north=42", ("90", "90", "90")),
        ("west=44&south=43&east=51&north=42", ("must not", "ola bilməz", "не может")),
        ("west=44&south=&east=51&north=42", ("South", "Cənub", "Юг")),
        ("west=44", ("South", "Cənub", "Юг")),
        ("bbox=44,38,51", ("four numbers", "dörd ədəd", "четыре числа")),
        ("bbox=1e2,0,nan,inf", ("West", "Qərb", "Запад")),
        ("bbox=١,٢,٣,٤", ("West", "Qərb", "Запад")),
        ("bbox=<script>,'\",--,%27", ("West", "Qərb", "Запад")),
        ("bbox=" + "9" * 4000, ("four numbers", "dörd ədəd", "четыре числа")),
    ],
)
def test_an_area_that_cannot_be_read_is_told_beside_its_fields(
    client: FlaskClient, lang: str, area: str, said: tuple[str, str, str]
) -> None:
    answer = client.get(f"/{lang}/search/map?profession=poet&{area}")
    assert answer.status_code == 400
    problem = re.search(r'id="area-problem"[^>]*>([^<]*)<', answer.text)
    assert problem
    assert dict(zip(("en", "az", "ru"), said, strict=True))[lang] in problem[1]
    assert answer.text.count('aria-invalid="true"') == 4
    assert "<script>," not in answer.text
    # The other conditions still apply.
    assert _shown(answer.text) > 5


@pytest.mark.parametrize(
    "area",
    [
        "-180,-90,180,90",
        "170,-60,-170,70",
        "179.9999,-90,180,90",
        "0,0,0,0",
        "49.892,40.3777,49.892,40.3777",
        "-180,89.9999,180,90",
        "0,-90,0,90",
    ],
)
@pytest.mark.parametrize("tie", TIES)
def test_every_area_of_the_earth_has_a_map(client: FlaskClient, area: str, tie: str) -> None:
    address = f"/en/search/map?bbox={area}&tie={tie}"
    answer = client.get(address)
    assert answer.status_code == 200
    assert _shown(answer.text) == _total(client, address)
    assert "nan" not in answer.text.partition("<svg class=")[2].partition("</svg>")[0]
    for url in re.findall(r'class="button quiet" href="([^"]+)"', answer.text):
        assert client.get(unescape(url)).status_code == 200


@pytest.mark.parametrize("address", ["tie=x", "born=never", "page=0", "q=" + "x" * 601])
def test_what_else_cannot_be_asked_answers_as_the_search_does(
    client: FlaskClient, address: str
) -> None:
    assert client.get(f"/en/search/map?{address}").status_code == 400


def test_an_area_around_one_place_is_called_after_it(client: FlaskClient) -> None:
    html = client.get("/en/search/map?tie=birth&bbox=49.8,40.3,50,40.45").text
    urls = [url for url, name, _ in _circles(html)["wide"] if name == "Baku"]
    assert len(urls) == 1
    assert "Baku" in _text(client.get(urls[0]).text.partition('class="chips"')[2][:600])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("address", ["", "?tie=birth", "?bbox=-180,-60,180,85"])
def test_the_whole_page_is_under_80_kb(client: FlaskClient, lang: str, address: str) -> None:
    html = client.get(f"/{lang}/search/map{address}").data
    cyrillic = {"serif-cyrillic", "sans-cyrillic", "sans-latin"}
    fonts = cyrillic if lang == "ru" else {"serif-latin", "sans-latin"}
    weight = sum((STATIC / "fonts" / f"{font}.woff2").stat().st_size for font in fonts)
    files = ("site.css", "site.js", "map.css", "map.js")
    for text in (html, *((STATIC / file).read_bytes() for file in files)):
        weight += len(gzip.compress(text))
    assert weight < 80_000
