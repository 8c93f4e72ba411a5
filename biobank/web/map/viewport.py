"""The viewport of the map and its projection."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, radians
from operator import itemgetter
from typing import Final

from biobank.search.geo import Area

#: Height of the picture relative to its width.
PICTURE_ASPECT: Final = 0.65
#: Minimum height of a viewport in degrees: about five kilometres.
MIN_VIEWPORT_DEGREES: Final = 0.05
#: Free margin on each side, relative to the picture: around people, and around a requested area.
PEOPLE_MARGIN: Final = 0.1
AREA_MARGIN: Final = 0.04
#: Share of people that may be left out as outliers, and the tolerance for points only slightly
#: farther.
OUTLIER_SHARE: Final = 0.06
OUTLIER_TOLERANCE: Final = 1.25
#: Maximum latitude of the scale; near the poles a degree of longitude would be too small.
MAX_SCALE_LATITUDE: Final = 75.0
#: Azerbaijan and its surroundings, shown if nobody is on the map.
DEFAULT_AREA: Final = Area(44.5, 38.2, 51.0, 42.0)

Point = tuple[float, float]


@dataclass(frozen=True)
class Viewport:
    """A rectangle in degrees, which may extend beyond the earth.

    Equirectangular with the standard parallel in the middle, so a rectangle of the picture is one
    of degrees.
    """

    west: float
    south: float
    east: float
    north: float

    def project(self, point: Point) -> Point:
        """Return the position of a point (latitude, longitude) from left and top, 0 to 1 inside."""
        lat, lon = point
        return ((lon - self.west) / (self.east - self.west), (self.north - lat) / (self.north - self.south))

    def contains(self, point: Point) -> bool:
        """Return whether a point (latitude, longitude) is inside."""
        return all(0 <= part <= 1 for part in self.project(point))


def choose_viewport(area: Area | None, people: Mapping[Point, int]) -> Viewport:
    """Return the viewport of the requested area, else of nearly all people, else of the default.

    `people` is the number of people at each point (latitude, longitude).
    """
    if area is not None:
        return _fit_viewport(widen_if_crossing(area), AREA_MARGIN)
    if not people:
        return _fit_viewport(DEFAULT_AREA, AREA_MARGIN)
    return _fit_viewport(bounding_box(_without_outliers(people)), PEOPLE_MARGIN)


def _without_outliers(people: Mapping[Point, int]) -> list[Point]:
    """Return the points without the few distant ones that would make all others tiny."""
    middle = (_median(people, 0), _median(people, 1))
    distances = {point: _distance(point, middle) for point in people}
    allowance, ordered = (
        sum(people.values()) * OUTLIER_SHARE,
        sorted(people, key=lambda point: -distances[point]),
    )
    max_distance = distances[ordered[0]]
    for point in ordered:
        allowance -= people[point]
        if allowance < 0:
            max_distance = distances[point]
            break
    # Keep points only slightly farther, and keep all if little is gained.
    max_distance *= OUTLIER_TOLERANCE
    farthest = distances[ordered[0]]
    return [
        point
        for point in people
        if farthest < max_distance * OUTLIER_TOLERANCE or distances[point] <= max_distance
    ]


def _median(people: Mapping[Point, int], axis: int) -> float:
    remaining = sum(people.values()) / 2
    for point in sorted(people, key=itemgetter(axis)):
        remaining -= people[point]
        if remaining <= 0:
            return point[axis]
    raise ValueError("no people")


def _distance(point: Point, middle: Point) -> float:
    """Return the distance of a point from the middle of the picture, in degrees of its height."""
    longitude_scale = cos(radians(max(-MAX_SCALE_LATITUDE, min(MAX_SCALE_LATITUDE, middle[0]))))
    return max(abs(point[0] - middle[0]), abs(point[1] - middle[1]) * longitude_scale * PICTURE_ASPECT)


def bounding_box(points: Iterable[Point], margin: float = 0.0) -> Area:
    """Return the smallest area that contains the points, enlarged by `margin` degrees per side."""
    lats, lons = zip(*points, strict=True)
    return Area(
        max(-180.0, min(lons) - margin),
        max(-90.0, min(lats) - margin),
        min(180.0, max(lons) + margin),
        min(90.0, max(lats) + margin),
    )


def widen_if_crossing(area: Area) -> Area:
    """Return the area, widened around the earth if it crosses the 180th meridian."""
    return Area(-180, area.south, 180, area.north) if area.crosses_antimeridian else area


def _fit_viewport(box: Area, margin: float) -> Viewport:
    middle_lat, middle_lon = (box.south + box.north) / 2, (box.west + box.east) / 2
    longitude_scale = cos(radians(max(-MAX_SCALE_LATITUDE, min(MAX_SCALE_LATITUDE, middle_lat))))
    scale = 1 / (1 - 2 * margin)
    width = (box.east - box.west) * longitude_scale * scale
    height = max((box.north - box.south) * scale, width * PICTURE_ASPECT, MIN_VIEWPORT_DEGREES)
    width = height / PICTURE_ASPECT / longitude_scale
    return Viewport(
        middle_lon - width / 2, middle_lat - height / 2, middle_lon + width / 2, middle_lat + height / 2
    )
