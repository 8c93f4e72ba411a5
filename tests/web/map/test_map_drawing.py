"""Map drawing: circles do not touch, labels do not overlap, land is drawn correctly."""

import re
from itertools import combinations
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.search.geo import Area
from biobank.web.map.basemap import BASEMAP_HEIGHT, BASEMAP_WIDTH, LAND_FILE, outlines
from biobank.web.map.clustering import MIN_RADIUS_PX, Cluster, MapPlace, cluster_places, people_bits_by_place
from biobank.web.map.forms import zoom_in, zoom_out
from biobank.web.map.label_placement import CHARACTER_WIDTH_PX, LINE_HEIGHT_PX, MapLabel, place_labels
from biobank.web.map.viewport import PICTURE_ASPECT, choose_viewport

POINTS = st.tuples(st.floats(-60, 80), st.floats(-179, 179))
SPOTS = st.lists(st.tuples(POINTS, st.integers(1, 500)), min_size=1, max_size=40)


def _spots(points: list[tuple[tuple[float, float], int]]) -> list[MapPlace]:
    return [
        MapPlace(f"place-{at}", point, frozenset(f"{at % 3}-{number}" for number in range(count)))
        for at, (point, count) in enumerate(points)
    ]


def _gathered(places: list[MapPlace], width: int) -> list[Cluster]:
    view = choose_viewport(Area(-180, -60, 180, 80), {})
    return cluster_places(places, people_bits_by_place(places), view, width)


@given(SPOTS, st.sampled_from([290, 560, 740]))
def test_clusters_cover_every_place_once_without_overlap(
    points: list[tuple[tuple[float, float], int]], width: int
) -> None:
    places = _spots(points)
    drawn_circles = _gathered(places, width)
    spot_ids = [place.id for circle in drawn_circles for place in circle.places]
    assert sorted(spot_ids) == sorted(place.id for place in places)
    for circle in drawn_circles:
        assert circle.count == len(frozenset().union(*(place.people for place in circle.places)))
        assert all(circle.box.contains(*place.point) for place in circle.places)
        assert circle.main.count == max(place.count for place in circle.places)
    for first, second in combinations(drawn_circles, 2):
        assert (first.x - second.x) ** 2 + (first.y - second.y) ** 2 >= (
            first.touch_radius + second.touch_radius
        ) ** 2
        # A circle links to its own places only.
        assert not any(first.box.contains(*place.point) for place in second.places)
        if min(first.radius, second.radius) > MIN_RADIUS_PX:
            areas, people = first.radius**2 / second.radius**2, first.count / second.count
            assert isclose(areas, people, rel_tol=1e-6)


@given(SPOTS)
def test_labels_stay_inside_and_do_not_overlap(points: list[tuple[tuple[float, float], int]]) -> None:
    width = 560
    drawn_circles = _gathered(_spots(points), width)
    texts = [(f"{circle.main.id} and more", circle.main.id) for circle in drawn_circles]
    labels = place_labels(drawn_circles, texts, width)
    boxes = [_box(circle, label) for circle, label in zip(drawn_circles, labels, strict=True) if label]
    for left, top, right, bottom in boxes:
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= width * PICTURE_ASPECT
    for first, second in combinations(boxes, 2):
        assert not _overlap(first, second)
    for circle, label in zip(drawn_circles, labels, strict=True):
        for second in drawn_circles:
            if label and second is not circle:
                left, top, right, bottom = _box(circle, label)
                assert not (left < second.x < right and top < second.y < bottom)


def test_single_circle_has_its_longest_label() -> None:
    drawn_circles = _gathered([MapPlace("baku", (40.4, 49.9), frozenset({"anyone"}))], 560)
    label = place_labels(drawn_circles, [("Baku and 3 more", "Baku +3")], 560)[0]
    assert label
    assert label.text == "Baku and 3 more"


def test_baku_is_on_land_and_the_caspian_is_not() -> None:
    paths = outlines(choose_viewport(Area(48, 39, 51, 41), {}))
    view = choose_viewport(Area(48, 39, 51, 41), {})
    rings = [_ring(text) for text in re.findall(r"M[^z]+z", paths.land)]
    for point, land in (((40.40, 49.85), True), ((40.0, 50.6), False), ((40.3, 48.5), True)):
        x, y = view.project(point)
        inside = sum(_contains(ring, x * BASEMAP_WIDTH, y * BASEMAP_HEIGHT) for ring in rings)
        assert inside % 2 == int(land), point


def test_borders_are_drawn_between_countries() -> None:
    assert outlines(choose_viewport(Area(44, 38, 51, 42), {})).borders.count("M") > 5
    assert outlines(choose_viewport(Area(50.2, 39.5, 51, 40), {})).borders == ""


def test_outlines_are_light() -> None:
    assert LAND_FILE.stat().st_size < 120_000
    for area in (Area(-180, -90, 180, 90), Area(-20, 20, 100, 70), Area(44, 38, 51, 42)):
        paths = outlines(choose_viewport(area, {}))
        assert len(paths.land) + len(paths.borders) < 40_000


def test_view_covers_most_people_and_reports_outliers() -> None:
    people_by_point = {(40.4, 49.9): 60, (41.7, 44.8): 10, (38.1, 46.3): 10}
    view = choose_viewport(None, {**people_by_point, (-33.9, 151.2): 1})
    assert all(view.contains(point) for point in people_by_point)
    assert not view.contains((-33.9, 151.2))
    assert choose_viewport(None, {**people_by_point, (-33.9, 151.2): 20}).contains((-33.9, 151.2))


@pytest.mark.parametrize("area", [Area(44, 38, 51, 42), Area(-180, -90, 180, 90), Area(0, 0, 0, 0)])
def test_zoom_steps_stay_within_bounds(area: Area) -> None:
    far = zoom_out(area)
    assert far is None or (far.west <= area.west and far.north >= area.north)
    closer_area = zoom_in(area, (40.4, 49.9))
    if closer_area:
        assert area.west <= closer_area.west <= closer_area.east <= area.east
        assert area.south <= closer_area.south <= closer_area.north <= area.north


def _box(circle: Cluster, label: MapLabel) -> tuple[float, float, float, float]:
    wide = len(label.text) * CHARACTER_WIDTH_PX
    left = circle.x + label.dx - {"start": 0, "middle": wide / 2, "end": wide}[label.anchor]
    middle = circle.y + label.dy
    return left, middle - LINE_HEIGHT_PX / 2, left + wide, middle + LINE_HEIGHT_PX / 2


def _overlap(first: tuple[float, ...], second: tuple[float, ...]) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


def _ring(path: str) -> list[tuple[int, int]]:
    numbers = [int(number) for number in re.findall(r"-?\d+", path)]
    x, y = numbers[:2]
    points = [(x, y)]
    for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x, y))
    return points


def _contains(ring: list[tuple[int, int]], x: float, y: float) -> bool:
    """Return whether the ring contains the point, by ray casting."""
    return bool(
        sum(
            (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
            for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)
        )
        % 2
    )
