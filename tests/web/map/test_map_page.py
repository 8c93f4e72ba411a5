"""The result map shows the people that the database has there and links to exactly them."""

import gzip
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from lxml.html import HtmlElement
from werkzeug.datastructures import MultiDict

from biobank.bootstrap import Services
from biobank.common.i18n import LANGUAGES
from biobank.records.people import queries
from biobank.search.geo import Area, place_point
from biobank.search.request_args import parse_search_query
from tests.relevance.place_conditions import places_of
from tests.support.pages import attributes, select, select_one, text_at

STATIC = Path(__file__).parents[3] / "biobank" / "static"
PLACE_ROLES = ("any", "birth", "death", "activity")
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
MapLink = tuple[str, str, int]
Record = Mapping[str, Any]


def _circles(html: str) -> dict[str, list[MapLink]]:
    """Return the circles of each map picture."""
    return {
        group.attrib["class"].removeprefix("map-"): [_circle(link) for link in select(group, "a.marker")]
        for group in select(html, "g[class^=map-]")
    }


def _circle(link: HtmlElement) -> MapLink:
    name, _, count = link.attrib["aria-label"].rpartition(": ")
    return link.attrib["href"], name, int(count.split()[0])


def _lines(html: str) -> Iterator[MapLink]:
    """Return the rows of the lists, without a URL if no search matches exactly."""
    for line in select(html, ".map-list li:has(> .count)"):
        links = select(line, "a")
        name = links[0].text_content() if links else line[0].text
        yield links[0].attrib["href"] if links else "", name.strip(), _first_number(text_at(line, ".count"))


def _first_number(text: str) -> int:
    match = re.search(r"\d+", text)
    assert match, text
    return int(match[0])


def _shown_total(html: str) -> int:
    numbers = re.findall(r"\d+", text_at(html, "h1#count"))
    return int(numbers[0]) if numbers else 0


def _total(client: FlaskClient, url: str) -> int:
    """Return how many people a page URL matches, as counted by the API."""
    lang = url[1:3]
    response = client.get(f"/api/v1/search?{urlsplit(url).query}&lang={lang}&size=1")
    assert response.status_code == 200, url
    return int(response.json["total"])  # type: ignore[index]


def _records(services: Services, question: str) -> list[Record]:
    """Return the matching people from the database."""
    ids = services.search.all_ids(parse_search_query(MultiDict(parse_qsl(question)), "az"))
    with services.database.read() as session:
        return list(queries.load_records(session, ids).values())


@pytest.mark.parametrize("role", PLACE_ROLES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_counts_match_the_database(services: Services, client: FlaskClient, question: str, role: str) -> None:
    _check_counts(services, client, f"{question}&tie={role}")


def test_counts_of_random_queries_match_the_database(services: Services, client: FlaskClient) -> None:
    random = Random(4)
    for _ in range(25):
        _check_counts(services, client, _random_query(random))


def _random_query(random: Random) -> str:
    west, east = sorted(random.uniform(-20, 80) for _ in range(2))
    south, north = sorted(random.uniform(20, 60) for _ in range(2))
    parts = (
        f"bbox={west:.2f},{south:.2f},{east:.2f},{north:.2f}",
        f"profession={random.choice(('poet', 'composer', 'musician', '-writer'))}",
        f"birthplace={random.choice(('baku', 'azerbaijan', '-baku', 'unknown'))}",
        f"century={random.choice(('19', '20'))}",
    )
    return "&".join((*random.sample(parts, random.randint(1, 2)), f"tie={random.choice(PLACE_ROLES)}"))


def _check_counts(services: Services, client: FlaskClient, question: str) -> None:
    html = client.get(f"/az/search/map?{question}").text
    arguments = dict(parse_qsl(question))
    area, catalogue = (Area.parse(arguments["bbox"]) if "bbox" in arguments else None, services.catalogue())
    people_by_place: Counter[str] = Counter()
    mapped_ids: set[str] = set()
    for record in _records(services, question):
        for place in set(places_of(record, arguments["tie"])):
            point = place_point(catalogue.places[place])
            if point and (area is None or area.contains(*point)):
                people_by_place[place] += 1
                mapped_ids.add(record["id"])
    assert _shown_total(html) == len(mapped_ids), question
    listed = Counter((name, count) for _, name, count in _lines(html))
    expected = Counter((catalogue.place_name(place, "az"), count) for place, count in people_by_place.items())
    assert expected <= listed, question
    for circles in _circles(html).values():
        assert len(circles) <= len(people_by_place)


@pytest.mark.parametrize("role", PLACE_ROLES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_link_matches_its_count(client: FlaskClient, question: str, role: str) -> None:
    html = client.get(f"/en/search/map?{question}&tie={role}").text
    pictures = _circles(html)
    assert tuple(pictures) == WIDTHS
    links = {*_lines(html), *(circle for circles in pictures.values() for circle in circles)}
    for url, name, count in links:
        assert not url or _total(client, url) == count, (name, url)
    closer = [(url, count) for url, _, count in links if url.startswith("/en/search/map")]
    for url, count in closer[:2]:
        assert _shown_total(client.get(url).text) == count


def test_cluster_drills_down_to_single_places(client: FlaskClient) -> None:
    open_, seen = ["/en/search/map?tie=birth"], set()
    single_places: set[str] = set()
    while open_:
        address = open_.pop()
        for url, name, _ in _circles(client.get(address).text)["narrow"]:
            if not url.startswith("/en/search/map"):
                single_places.add(name)
            elif url not in seen:
                seen.add(url)
                open_.append(url)
    births = client.get("/en/search/map?tie=birth").text
    assert "Baku" in single_places
    assert {name for _, name, _ in _circles(births)["wide"] if "more" not in name} <= single_places


def test_people_without_place_are_counted(client: FlaskClient) -> None:
    births = client.get("/en/search/map?tie=birth").text
    total = _total(client, "/en/search")
    assert 0 < _shown_total(births) < total
    assert f"{total - _shown_total(births)} more results are not shown on the map" in births
    assert "more results are not shown on the map" not in client.get("/en/search/map?bbox=44,38,51,42").text


def test_country_is_listed_but_not_drawn(client: FlaskClient) -> None:
    html = client.get("/en/search/map?tie=birth").text
    listed = {name: url for url, name, _ in _lines(html)}
    assert listed["Azerbaijan"] == "/en/search?birthplace=azerbaijan"
    assert not [name for _, name, _ in _circles(html)["wide"] if name.startswith("Azerbaijan")]


def test_map_keeps_query_and_links_back(client: FlaskClient) -> None:
    question = "q=muğam&gender=male&sort=name"
    html = client.get(f"/az/search/map?{question}&page=3&size=5&tie=birth").text
    links = attributes(html, "a[href^='/az/search']", "href")
    assert any(parse_qs(urlsplit(url).query) == parse_qs(question) for url in links)
    for url in attributes(html, "nav.map-relations a", "href"):
        assert parse_qs(question).items() <= parse_qs(urlsplit(url).query).items()
    assert select_one(html, ".map-relations [aria-current=true]").attrib["href"].endswith("tie=birth")


def test_area_form_redirects_to_canonical_url(client: FlaskClient) -> None:
    response = client.get("/ru/search/map?tie=death&q=поэт&west=44,5&south=38&east=51°&north=42.00")
    assert response.status_code == 302
    url = response.headers["Location"]
    assert parse_qs(urlsplit(url).query) == {"q": ["поэт"], "bbox": ["44.5,38,51,42"], "tie": ["death"]}
    html = client.get(url).text
    assert attributes(html, "[name=west]", "value") == ["44.5"]
    assert _shown_total(html) == _total(client, url) > 0
    empty_response = client.get("/ru/search/map?tie=death&west=&south=&east=&north=")
    assert empty_response.headers["Location"].endswith("/ru/search/map?tie=death")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ("west=44&south=38&east=x&north=42", ("East", "Şərq", "Восток")),
        ("west=444&south=38&east=51&north=42", ("180", "180", "180")),
        ("west=44&south=-91&east=51&north=42", ("90", "90", "90")),
        (
            "west=44&south=43&east=51&north=42",
            ("The south value must be less than the north value.", "kiçik olmalıdır", "меньше"),
        ),
        ("west=44&south=&east=51&north=42", ("South", "Cənub", "Юг")),
        ("west=44", ("South", "Cənub", "Юг")),
        (
            "bbox=44,38,51",
            ("four numbers", "dörd ədəd", "Укажите область четырьмя числами: запад, юг, восток, север."),
        ),
        ("bbox=1e2,0,nan,inf", ("West", "Qərb", "Запад")),
        ("bbox=١,٢,٣,٤", ("West", "Qərb", "Запад")),
        ("bbox=<script>,'\",--,%27", ("West", "Qərb", "Запад")),
        (
            "bbox=" + "9" * 4000,
            ("four numbers", "dörd ədəd", "Укажите область четырьмя числами: запад, юг, восток, север."),
        ),
    ],
)
def test_invalid_area_is_reported_at_its_fields(
    client: FlaskClient, lang: str, area: str, expected: tuple[str, str, str]
) -> None:
    response = client.get(f"/{lang}/search/map?profession=poet&{area}")
    assert response.status_code == 400
    message = dict(zip(("en", "az", "ru"), expected, strict=True))[lang]
    assert message in text_at(response.text, "#area-problem")
    assert len(select(response.text, "[aria-invalid=true]")) == 4
    assert "<script>," not in response.text
    # The other conditions still apply.
    assert _shown_total(response.text) > 5


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
@pytest.mark.parametrize("role", PLACE_ROLES)
def test_every_area_renders_a_map(client: FlaskClient, area: str, role: str) -> None:
    address = f"/en/search/map?bbox={area}&tie={role}"
    response = client.get(address)
    assert response.status_code == 200
    assert _shown_total(response.text) == _total(client, address)
    assert "nan" not in response.text.partition("<svg class=")[2].partition("</svg>")[0]
    for url in attributes(response.text, "a.button.quiet", "href"):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("address", ["tie=x", "born=never", "page=0", "q=" + "x" * 601])
def test_invalid_query_fails_as_in_search(client: FlaskClient, address: str) -> None:
    assert client.get(f"/en/search/map?{address}").status_code == 400


def test_area_around_one_place_is_named_after_it(client: FlaskClient) -> None:
    html = client.get("/en/search/map?tie=birth&bbox=49.8,40.3,50,40.45").text
    urls = [url for url, name, _ in _circles(html)["wide"] if name == "Baku"]
    assert len(urls) == 1
    assert "Baku" in text_at(client.get(urls[0]).text, ".chips")


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
