"""Map drawing: circles do not touch, labels do not overlap, land is drawn correctly."""

import re
from itertools import combinations
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.search.where import Area
from biobank.web.map.areas import closer, wider
from biobank.web.map.gathering import SMALLEST, Circle, Spot, circles, crowds_of
from biobank.web.map.labels import LETTER, LINE, Label, place_labels
from biobank.web.map.land import FILE, HEIGHT, WIDTH, outlines
from biobank.web.map.view import ASPECT, view_of

POINTS = st.tuples(st.floats(-60, 80), st.floats(-179, 179))
SPOTS = st.lists(st.tuples(POINTS, st.integers(1, 500)), min_size=1, max_size=40)


def _spots(drawn: list[tuple[tuple[float, float], int]]) -> list[Spot]:
    return [
        Spot(f"place-{at}", point, frozenset(f"{at % 3}-{number}" for number in range(count)))
        for at, (point, count) in enumerate(drawn)
    ]


def _gathered(spots: list[Spot], width: int) -> list[Circle]:
    view = view_of(Area(-180, -60, 180, 80), {})
    return circles(spots, crowds_of(spots), view, width)


@given(SPOTS, st.sampled_from([290, 560, 740]))
def test_circles_hold_every_place_once_and_do_not_touch(
    drawn: list[tuple[tuple[float, float], int]], width: int
) -> None:
    spots = _spots(drawn)
    found = _gathered(spots, width)
    held = [spot.id for circle in found for spot in circle.spots]
    assert sorted(held) == sorted(spot.id for spot in spots)
    for circle in found:
        assert circle.count == len(frozenset().union(*(spot.people for spot in circle.spots)))
        assert all(circle.box.contains(*spot.point) for spot in circle.spots)
        assert circle.first.count == max(spot.count for spot in circle.spots)
    for one, other in combinations(found, 2):
        assert (one.x - other.x) ** 2 + (one.y - other.y) ** 2 >= (one.reach + other.reach) ** 2
        # A circle links to its own places only.
        assert not any(one.box.contains(*spot.point) for spot in other.spots)
        if min(one.radius, other.radius) > SMALLEST:
            areas, people = one.radius**2 / other.radius**2, one.count / other.count
            assert isclose(areas, people, rel_tol=1e-6)


@given(SPOTS)
def test_labels_stand_within_the_picture_and_on_nothing(
    drawn: list[tuple[tuple[float, float], int]],
) -> None:
    width = 560
    found = _gathered(_spots(drawn), width)
    texts = [(f"{circle.first.id} and more", circle.first.id) for circle in found]
    labels = place_labels(found, texts, width)
    boxes = [_box(circle, label) for circle, label in zip(found, labels, strict=True) if label]
    for left, top, right, bottom in boxes:
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= width * ASPECT
    for one, other in combinations(boxes, 2):
        assert not _meet(one, other)
    for circle, label in zip(found, labels, strict=True):
        for other in found:
            if label and other is not circle:
                left, top, right, bottom = _box(circle, label)
                assert not (left < other.x < right and top < other.y < bottom)


def test_a_lonely_circle_has_the_longest_of_its_labels() -> None:
    found = _gathered([Spot("baku", (40.4, 49.9), frozenset({"anyone"}))], 560)
    label = place_labels(found, [("Baku and 3 more", "Baku +3")], 560)[0]
    assert label
    assert label.text == "Baku and 3 more"


def test_land_is_under_baku_and_sea_is_beside_it() -> None:
    drawn = outlines(view_of(Area(48, 39, 51, 41), {}))
    view = view_of(Area(48, 39, 51, 41), {})
    rings = [_ring(text) for text in re.findall(r"M[^z]+z", drawn.land)]
    for point, land in (((40.40, 49.85), True), ((40.0, 50.6), False), ((40.3, 48.5), True)):
        x, y = view.place(point)
        inside = sum(_holds(ring, x * WIDTH, y * HEIGHT) for ring in rings)
        assert inside % 2 == int(land), point


def test_borders_are_drawn_where_countries_meet() -> None:
    assert outlines(view_of(Area(44, 38, 51, 42), {})).borders.count("M") > 5
    assert outlines(view_of(Area(50.2, 39.5, 51, 40), {})).borders == ""


def test_outlines_are_light() -> None:
    assert FILE.stat().st_size < 120_000
    for area in (Area(-180, -90, 180, 90), Area(-20, 20, 100, 70), Area(44, 38, 51, 42)):
        drawn = outlines(view_of(area, {}))
        assert len(drawn.land) + len(drawn.borders) < 40_000


def test_the_picture_holds_nearly_all_and_says_who_is_farther() -> None:
    near = {(40.4, 49.9): 60, (41.7, 44.8): 10, (38.1, 46.3): 10}
    view = view_of(None, {**near, (-33.9, 151.2): 1})
    assert all(view.holds(point) for point in near)
    assert not view.holds((-33.9, 151.2))
    assert view_of(None, {**near, (-33.9, 151.2): 20}).holds((-33.9, 151.2))


@pytest.mark.parametrize("area", [Area(44, 38, 51, 42), Area(-180, -90, 180, 90), Area(0, 0, 0, 0)])
def test_steps_stay_on_the_earth_and_within_what_was_seen(area: Area) -> None:
    far = wider(area)
    assert far is None or (far.west <= area.west and far.north >= area.north)
    near = closer(area, (40.4, 49.9))
    if near:
        assert area.west <= near.west <= near.east <= area.east
        assert area.south <= near.south <= near.north <= area.north


def _box(circle: Circle, label: Label) -> tuple[float, float, float, float]:
    wide = len(label.text) * LETTER
    left = circle.x + label.dx - {"start": 0, "middle": wide / 2, "end": wide}[label.anchor]
    middle = circle.y + label.dy
    return left, middle - LINE / 2, left + wide, middle + LINE / 2


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _ring(path: str) -> list[tuple[int, int]]:
    numbers = [int(number) for number in re.findall(r"-?\d+", path)]
    x, y = numbers[:2]
    points = [(x, y)]
    for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x, y))
    return points


def _holds(ring: list[tuple[int, int]], x: float, y: float) -> bool:
    """Return whether the ring contains the point, by ray casting."""
    return bool(
        sum(
            (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
            for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)
        )
        % 2
    )
