"""Areas and distances, also across the 180th meridian."""

from collections.abc import Mapping
from math import acos, cos, radians, sin
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from biobank.bootstrap import Services
from biobank.errors import BadQuery
from biobank.search.geo import (
    TIE_KINDS,
    Area,
    PlaceTieCounts,
    collect_ties,
    distance_km,
    place_point,
    places_within,
    places_within_km,
)
from biobank.search.query import SearchQuery
from tests.support import seed

LONGITUDES = st.floats(-180, 180)
LATITUDES = st.floats(-90, 90)
POINTS = st.tuples(LATITUDES, LONGITUDES)
#: Half the circumference of the Earth in kilometres.
MAX_DISTANCE_KM = 20_016
BAD = (
    "",
    "1,2,3",
    "1,2,3,4,5",
    "a,b,c,d",
    "nan,0,1,1",
    "1e1,0,20,1",
    "0,0,inf,1",
    "181,0,182,1",
    "0,-91,1,0",
    "0,10,1,9",
    "0,,1,1",
    "٤,0,5,1",
    "1;2;3;4",
)


@st.composite
def areas(draw: st.DrawFn) -> Area:
    south, north = sorted((draw(LATITUDES), draw(LATITUDES)))
    return Area(draw(LONGITUDES), south, draw(LONGITUDES), north)


@given(areas())
def test_area_text_round_trip(area: Area) -> None:
    assert Area.parse(area.text) == area
    assert Area.parse(area.text).text == area.text


def test_area_text_has_no_redundant_digits() -> None:
    assert Area.parse(" +44.700, -0.0 ,050.7,42.00004").text == "44.7,0,50.7,42"
    assert Area.parse("-180,-90,180,90").text == "-180,-90,180,90"


@pytest.mark.parametrize("text", BAD)
def test_invalid_area_is_rejected_with_expected_form(text: str) -> None:
    with pytest.raises(BadQuery, match="bbox"):
        Area.parse(text)


@given(areas(), POINTS)
def test_crossing_area_is_complement_of_mirrored_area(area: Area, point: tuple[float, float]) -> None:
    lat, lon = point
    assume(lon not in (area.west, area.east) and abs(lon) != 180 and area.west != area.east)
    mirrored = Area(area.east, area.south, area.west, area.north)
    if area.south <= lat <= area.north:
        assert area.contains(lat, lon) != mirrored.contains(lat, lon)
    else:
        assert not area.contains(lat, lon)
        assert not mirrored.contains(lat, lon)


@given(areas())
def test_area_contains_its_corners(area: Area) -> None:
    for lat in (area.south, area.north):
        assert area.contains(lat, area.west)
        assert area.contains(lat, area.east)


def test_an_area_across_the_180th_meridian() -> None:
    pacific = Area.parse("170,-20,-170,20")
    assert pacific.crosses_antimeridian
    assert pacific.contains(0, 175)
    assert pacific.contains(0, -175)
    assert pacific.contains(0, 180)
    assert not pacific.contains(0, 0)
    assert Area.parse("-180,0,-170,1").contains(0.5, 180)


@given(POINTS, POINTS)
def test_distance_is_symmetric(first: tuple[float, float], second: tuple[float, float]) -> None:
    distance = distance_km(first, second)
    assert distance == pytest.approx(distance_km(second, first), abs=1e-6)
    assert 0 <= distance <= MAX_DISTANCE_KM
    assert distance_km(first, first) == 0


def test_distances_are_those_of_the_earth() -> None:
    # One degree of a great circle on the mean sphere is 111.195 km.
    assert distance_km((0, 0), (1, 0)) == pytest.approx(111.195, abs=0.01)
    assert distance_km((0, 179.5), (0, -179.5)) == pytest.approx(111.195, abs=0.01)
    baku, tbilisi, new_york = (40.3777, 49.892), (41.6914, 44.8341), (40.7143, -74.006)
    for city in (tbilisi, new_york):
        assert distance_km(baku, city) == pytest.approx(_by_cosines(baku, city), rel=1e-6)


def _by_cosines(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Return the distance by the law of cosines, accurate enough for distant points."""
    (lat, lon), (lat2, lon2) = first, second
    lat, lat2, turn = radians(lat), radians(lat2), radians(lon2 - lon)
    return 6371.0088 * acos(sin(lat) * sin(lat2) + cos(lat) * cos(lat2) * cos(turn))


def test_places_within_are_points_never_countries_or_regions(services: Services) -> None:
    catalogue = services.catalogue()
    everywhere = places_within(catalogue, Area.parse("-180,-90,180,90"))
    kinds = {catalogue.places[place]["kind"] for place in everywhere}
    assert not kinds & {"country", "region"}
    assert everywhere == {id_ for id_, place in catalogue.places.items() if place_point(place)}
    assert "azerbaijan" not in everywhere
    karabakh = places_within(catalogue, Area.parse("46.5,39.5,47.2,40.2"))
    assert "susa" in karabakh
    assert "baku" not in karabakh


def test_nearby_places_include_the_place_itself(services: Services) -> None:
    catalogue = services.catalogue()
    baku = place_point(catalogue.places["baku"])
    assert baku
    nearby = places_within_km(catalogue, "baku", 30)
    assert {"baku", "emircan", "merdekan"} <= nearby
    assert "gence" not in nearby
    for place in nearby:
        point = place_point(catalogue.places[place])
        assert point
        assert distance_km(baku, point) <= 30
    # Places without coordinates.
    assert places_within_km(catalogue, "azerbaijan", 500) == {"azerbaijan"}
    assert places_within_km(catalogue, "wadi-fatima", 500) == {"wadi-fatima"}
    assert places_within_km(catalogue, "nowhere", 500) == {"nowhere"}


def test_ties_count_births_deaths_activity_and_people_once() -> None:
    records: list[Mapping[str, Any]] = [
        {
            "id": "a",
            "birth": {"place": "susa"},
            "death": {"place": "baku"},
            "events": [{"place": "baku"}, {"place": "baku"}, {"text": {}}],
            "memberships": [{"organisation": "baku-music-academy"}],
        },
        {"id": "b", "birth": {"place": "baku"}, "floruit": {"place": "baku"}},
        {"id": "c"},
    ]
    ties_by_place = collect_ties(records)
    assert dict(ties_by_place) == {"susa": PlaceTieCounts(1, 0, 0, 1), "baku": PlaceTieCounts(1, 1, 2, 2)}
    assert ties_by_place.counts(["susa", "baku"]) == PlaceTieCounts(2, 1, 2, 2)
    assert ties_by_place.counts([]) == PlaceTieCounts(0, 0, 0, 0)
    for place, counts in ties_by_place.items():
        for tie in TIE_KINDS:
            assert len(ties_by_place.people(place, tie)) == counts.count(tie)
    with pytest.raises(KeyError):
        ties_by_place["gence"]


def test_widened_ties_count_at_broader_places(services: Services) -> None:
    catalogue = services.catalogue()
    people = seed.people()
    ties_by_place = collect_ties(people.values(), catalogue.broader_places)
    born = {id_ for id_, record in people.items() if record.get("birth", {}).get("place")}
    inside = {
        id_ for id_ in born if "azerbaijan" in catalogue.broader_places((people[id_]["birth"]["place"],))
    }
    assert ties_by_place["azerbaijan"].births == len(inside) > 50
    assert ties_by_place["baku"].people >= collect_ties(people.values())["baku"].people


def test_ties_of_results_have_known_places(services: Services) -> None:
    ties_by_place = services.search.people_by_place(SearchQuery())
    assert set(ties_by_place) <= set(services.catalogue().places)
    assert len(ties_by_place) > 50
