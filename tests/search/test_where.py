"""Areas and distances, also across the 180th meridian."""

from collections.abc import Mapping
from math import acos, cos, radians, sin
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from biobank.bootstrap import Services
from biobank.errors import BadQuery
from biobank.search.query import SearchQuery
from biobank.search.where import (
    TIES,
    Area,
    PlaceTies,
    distance_km,
    places_near,
    places_within,
    point_of,
    ties_of,
)
from tests.support import seed

LONGITUDES = st.floats(-180, 180)
LATITUDES = st.floats(-90, 90)
POINTS = st.tuples(LATITUDES, LONGITUDES)
#: Half the circumference of the Earth in kilometres.
FARTHEST = 20_016
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
def test_an_area_reads_back_from_its_text(area: Area) -> None:
    assert Area.read(area.text) == area
    assert Area.read(area.text).text == area.text


def test_its_text_says_nothing_twice() -> None:
    assert Area.read(" +44.700, -0.0 ,050.7,42.00004").text == "44.7,0,50.7,42"
    assert Area.read("-180,-90,180,90").text == "-180,-90,180,90"


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_area_is_refused_with_what_it_takes(text: str) -> None:
    with pytest.raises(BadQuery, match="bbox"):
        Area.read(text)


@given(areas(), POINTS)
def test_a_crossing_area_is_what_its_mirror_leaves_out(
    area: Area, point: tuple[float, float]
) -> None:
    lat, lon = point
    assume(lon not in (area.west, area.east) and abs(lon) != 180 and area.west != area.east)
    other = Area(area.east, area.south, area.west, area.north)
    if area.south <= lat <= area.north:
        assert area.contains(lat, lon) != other.contains(lat, lon)
    else:
        assert not area.contains(lat, lon)
        assert not other.contains(lat, lon)


@given(areas())
def test_an_area_holds_its_corners(area: Area) -> None:
    for lat in (area.south, area.north):
        assert area.contains(lat, area.west)
        assert area.contains(lat, area.east)


def test_an_area_across_the_180th_meridian() -> None:
    pacific = Area.read("170,-20,-170,20")
    assert pacific.crosses
    assert pacific.contains(0, 175)
    assert pacific.contains(0, -175)
    assert pacific.contains(0, 180)
    assert not pacific.contains(0, 0)
    assert Area.read("-180,0,-170,1").contains(0.5, 180)


@given(POINTS, POINTS)
def test_a_distance_is_the_same_both_ways(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    there = distance_km(one, other)
    assert there == pytest.approx(distance_km(other, one), abs=1e-6)
    assert 0 <= there <= FARTHEST
    assert distance_km(one, one) == 0


def test_distances_are_those_of_the_earth() -> None:
    # One degree of a great circle on the mean sphere is 111.195 km.
    assert distance_km((0, 0), (1, 0)) == pytest.approx(111.195, abs=0.01)
    assert distance_km((0, 179.5), (0, -179.5)) == pytest.approx(111.195, abs=0.01)
    baku, tbilisi, new_york = (40.3777, 49.892), (41.6914, 44.8341), (40.7143, -74.006)
    for other in (tbilisi, new_york):
        assert distance_km(baku, other) == pytest.approx(_by_cosines(baku, other), rel=1e-6)


def _by_cosines(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance by the law of cosines, accurate enough for distant points."""
    (lat, lon), (lat2, lon2) = one, other
    lat, lat2, turn = radians(lat), radians(lat2), radians(lon2 - lon)
    return 6371.0088 * acos(sin(lat) * sin(lat2) + cos(lat) * cos(lat2) * cos(turn))


def test_places_within_are_points_never_countries_or_regions(services: Services) -> None:
    catalogue = services.catalogue()
    everywhere = places_within(catalogue, Area.read("-180,-90,180,90"))
    kinds = {catalogue.places[place]["kind"] for place in everywhere}
    assert not kinds & {"country", "region"}
    assert everywhere == {id_ for id_, place in catalogue.places.items() if point_of(place)}
    assert "azerbaijan" not in everywhere
    karabakh = places_within(catalogue, Area.read("46.5,39.5,47.2,40.2"))
    assert "susa" in karabakh
    assert "baku" not in karabakh


def test_places_near_are_within_the_distance_and_hold_the_place_itself(services: Services) -> None:
    catalogue = services.catalogue()
    baku = point_of(catalogue.places["baku"])
    assert baku
    near = places_near(catalogue, "baku", 30)
    assert {"baku", "emircan", "merdekan"} <= near
    assert "gence" not in near
    for place in near:
        point = point_of(catalogue.places[place])
        assert point
        assert distance_km(baku, point) <= 30
    # Places without coordinates.
    assert places_near(catalogue, "azerbaijan", 500) == {"azerbaijan"}
    assert places_near(catalogue, "wadi-fatima", 500) == {"wadi-fatima"}
    assert places_near(catalogue, "nowhere", 500) == {"nowhere"}


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
    ties = ties_of(records)
    assert dict(ties) == {"susa": PlaceTies(1, 0, 0, 1), "baku": PlaceTies(1, 1, 2, 2)}
    assert ties.together(["susa", "baku"]) == PlaceTies(2, 1, 2, 2)
    assert ties.together([]) == PlaceTies(0, 0, 0, 0)
    for place, tied in ties.items():
        for tie in TIES:
            assert len(ties.of(place, tie)) == tied.of(tie)
    with pytest.raises(KeyError):
        ties["gence"]


def test_widened_ties_count_a_person_at_what_the_place_lies_in(services: Services) -> None:
    catalogue = services.catalogue()
    people = seed.people()
    ties = ties_of(people.values(), catalogue.broader_places)
    born = {id_ for id_, record in people.items() if record.get("birth", {}).get("place")}
    inside = {
        id_
        for id_ in born
        if "azerbaijan" in catalogue.broader_places((people[id_]["birth"]["place"],))
    }
    assert ties["azerbaijan"].births == len(inside) > 50
    assert ties["baku"].people >= ties_of(people.values())["baku"].people


def test_ties_of_an_answer_are_to_places_that_are_known(services: Services) -> None:
    ties = services.search.ties(SearchQuery())
    assert set(ties) <= set(services.catalogue().places)
    assert len(ties) > 50
