"""The viewport of the map and its projection."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, radians
from operator import itemgetter
from typing import Final

from biobank.search.where import Area

#: Height of the picture relative to its width.
ASPECT: Final = 0.65
#: Minimum height of a viewport in degrees: about five kilometres.
LEAST: Final = 0.05
#: Free margin on each side, relative to the picture: around people, and around a requested area.
AROUND: Final = 0.1
AROUND_AREA: Final = 0.04
#: Share of people that may be left out as outliers, and the tolerance for points only slightly
#: farther.
FAR: Final = 0.06
STRETCH: Final = 1.25
#: Maximum latitude of the scale; near the poles a degree of longitude would be too small.
STEEP: Final = 75.0
#: Azerbaijan and its surroundings, shown if nobody is on the map.
HOME: Final = Area(44.5, 38.2, 51.0, 42.0)

Point = tuple[float, float]


@dataclass(frozen=True)
class View:
    """A rectangle in degrees, which may extend beyond the earth.

    Equirectangular with the standard parallel in the middle, so a rectangle of the picture is one
    of degrees.
    """

    west: float
    south: float
    east: float
    north: float

    def place(self, point: Point) -> Point:
        """Return the position of a point (latitude, longitude) from left and top, 0 to 1 inside."""
        lat, lon = point
        return (
            (lon - self.west) / (self.east - self.west),
            (self.north - lat) / (self.north - self.south),
        )

    def holds(self, point: Point) -> bool:
        """Return whether a point (latitude, longitude) is inside."""
        return all(0 <= part <= 1 for part in self.place(point))


def view_of(area: Area | None, people: Mapping[Point, int]) -> View:
    """Return the viewport of the requested area, else of nearly all people, else of the default.

    `people` is the number of people at each point (latitude, longitude).
    """
    if area is not None:
        return _fitted(whole_earth_if_crossed(area), AROUND_AREA)
    if not people:
        return _fitted(HOME, AROUND_AREA)
    return _fitted(box_of(_near(people)), AROUND)


def _near(people: Mapping[Point, int]) -> list[Point]:
    """Return the points without the few distant ones that would make all others tiny."""
    middle = (_median(people, 0), _median(people, 1))
    away = {point: _away(point, middle) for point in people}
    spare, ordered = sum(people.values()) * FAR, sorted(people, key=lambda point: -away[point])
    reach = away[ordered[0]]
    for point in ordered:
        spare -= people[point]
        if spare < 0:
            reach = away[point]
            break
    # Keep points only slightly farther, and keep all if little is gained.
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
    """Return the distance of a point from the middle of the picture, in degrees of its height."""
    squeeze = cos(radians(max(-STEEP, min(STEEP, middle[0]))))
    return max(abs(point[0] - middle[0]), abs(point[1] - middle[1]) * squeeze * ASPECT)


def box_of(points: Iterable[Point], around: float = 0.0) -> Area:
    """Return the smallest area that contains the points, enlarged by `margin` degrees per side."""
    lats, lons = zip(*points, strict=True)
    return Area(
        max(-180.0, min(lons) - around),
        max(-90.0, min(lats) - around),
        min(180.0, max(lons) + around),
        min(90.0, max(lats) + around),
    )


def whole_earth_if_crossed(area: Area) -> Area:
    """Return the area, widened around the earth if it crosses the 180th meridian."""
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
