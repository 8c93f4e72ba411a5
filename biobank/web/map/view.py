"""What of the earth the picture shows, and where on it a point stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, radians
from operator import itemgetter
from typing import Final

from biobank.search.where import Area

#: Height of every picture, of its width.
ASPECT: Final = 0.65
#: Degrees from south to north that are shown at least: some five kilometres.
LEAST: Final = 0.05
#: Of the picture, left free on each side of the people shown; of an area that was asked.
AROUND: Final = 0.1
AROUND_AREA: Final = 0.04
#: The part of all people for whom the picture need not shrink; how much farther one may still be.
FAR: Final = 0.06
STRETCH: Final = 1.25
#: Nearer the poles a degree of longitude would stand for too little.
STEEP: Final = 75.0
#: Azerbaijan and what lies around it: shown where nobody is on the map.
HOME: Final = Area(44.5, 38.2, 51.0, 42.0)

Point = tuple[float, float]


@dataclass(frozen=True)
class View:
    """A rectangle in degrees; it may reach beyond the earth, where nothing is drawn.

    Equirectangular with the standard parallel in the middle: true to shape there, and a rectangle
    of the picture is one of degrees.
    """

    west: float
    south: float
    east: float
    north: float

    def place(self, point: Point) -> Point:
        """Where a point (latitude, longitude) stands, from left and top, 0 to 1 within."""
        lat, lon = point
        return (
            (lon - self.west) / (self.east - self.west),
            (self.north - lat) / (self.north - self.south),
        )

    def holds(self, point: Point) -> bool:
        """Whether a point (latitude, longitude) is in the picture."""
        return all(0 <= part <= 1 for part in self.place(point))


def view_of(area: Area | None, people: Mapping[Point, int]) -> View:
    """The view that holds the area asked for, else nearly all people, else home; with room around.

    `people` are so many at each point (latitude, longitude).
    """
    if area is not None:
        return _fitted(whole_earth_if_crossed(area), AROUND_AREA)
    if not people:
        return _fitted(HOME, AROUND_AREA)
    return _fitted(box_of(_near(people)), AROUND)


def _near(people: Mapping[Point, int]) -> list[Point]:
    """The points without the few far ones for which all others would shrink to a blot."""
    middle = (_median(people, 0), _median(people, 1))
    away = {point: _away(point, middle) for point in people}
    spare, ordered = sum(people.values()) * FAR, sorted(people, key=lambda point: -away[point])
    reach = away[ordered[0]]
    for point in ordered:
        spare -= people[point]
        if spare < 0:
            reach = away[point]
            break
    # Who is but little farther may stay; and to win little, nobody is left out.
    reach *= STRETCH
    most = away[ordered[0]]
    return [point for point in people if most < reach * STRETCH or away[point] <= reach]


def _median(people: Mapping[Point, int], axis: int) -> float:
    left = sum(people.values()) / 2
    for point in sorted(people, key=itemgetter(axis)):
        left -= people[point]
        if left <= 0:
            return point[axis]
    raise ValueError("no people")


def _away(point: Point, middle: Point) -> float:
    """How far a point is from the middle of a picture, in degrees along its height."""
    squeeze = cos(radians(max(-STEEP, min(STEEP, middle[0]))))
    return max(abs(point[0] - middle[0]), abs(point[1] - middle[1]) * squeeze * ASPECT)


def box_of(points: Iterable[Point], around: float = 0.0) -> Area:
    """The least area that holds the points (latitude, longitude); `around` degrees more a side."""
    lats, lons = zip(*points, strict=True)
    return Area(
        max(-180.0, min(lons) - around),
        max(-90.0, min(lats) - around),
        min(180.0, max(lons) + around),
        min(90.0, max(lats) + around),
    )


def whole_earth_if_crossed(area: Area) -> Area:
    """The area; where the 180th meridian runs through it, all around the earth."""
    return Area(-180, area.south, 180, area.north) if area.crosses else area


def _fitted(box: Area, around: float) -> View:
    middle_lat, middle_lon = (box.south + box.north) / 2, (box.west + box.east) / 2
    squeeze = cos(radians(max(-STEEP, min(STEEP, middle_lat))))
    room = 1 / (1 - 2 * around)
    wide = (box.east - box.west) * squeeze * room
    high = max((box.north - box.south) * room, wide * ASPECT, LEAST)
    wide = high / ASPECT / squeeze
    return View(
        middle_lon - wide / 2, middle_lat - high / 2, middle_lon + wide / 2, middle_lat + high / 2
    )
