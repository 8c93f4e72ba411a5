"""Clustering of map places whose circles would overlap."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from math import hypot, sqrt
from operator import or_
from typing import Final

import numpy as np

from biobank.search.geo import Area
from biobank.web.map.viewport import PICTURE_ASPECT, Point, Viewport, bounding_box

#: Maximum radius in pixels, and the radius of one person on sparse maps; circle areas are
#: proportional to counts.
MAX_RADIUS_PX: Final = 26.0
PERSON_RADIUS_PX: Final = 6.0
#: Minimum visible radius, and minimum touch radius (WCAG 2.2, 2.5.8: 24 px across), in pixels.
MIN_RADIUS_PX: Final = 4.5
MIN_TOUCH_RADIUS_PX: Final = 12.0
#: Minimum distance between two circles in pixels.
CIRCLE_GAP_PX: Final = 2.0
#: URLs round degrees to four digits, so boxes are enlarged by this much.
URL_PRECISION_DEGREES: Final = 0.0001


@dataclass(frozen=True)
class MapPlace:
    """A place on the map: its latitude and longitude, and the ids of its people."""

    id: str
    point: Point
    people: frozenset[str] = field(repr=False)

    @property
    def count(self) -> int:
        return len(self.people)

    @property
    def box(self) -> Area:
        """Return the area of the point at the precision of URLs."""
        return bounding_box((self.point,), URL_PRECISION_DEGREES)

    @property
    def sort_key(self) -> tuple[int, str]:
        """Return the sort key: most people first."""
        return -self.count, self.id


@dataclass(frozen=True)
class Cluster:
    """A cluster of places, drawn at `main`, the place with most people.

    `x` and `y` are pixels of the picture. `box` is the area of the places: a search for it with the
    same tie finds exactly the `count` people of the cluster, whose bitset is `people_bits`.
    """

    main: MapPlace
    places: tuple[MapPlace, ...]
    people_bits: int = field(repr=False)
    count: int
    x: float
    y: float
    radius: float
    box: Area

    @property
    def touch_radius(self) -> float:
        return max(self.radius, MIN_TOUCH_RADIUS_PX)


def people_bits_by_place(places: Sequence[MapPlace]) -> dict[str, int]:
    """Return the people of each place as a bitset, by the id of the place.

    Sets of ids would take most of the time of a map of 100,000 people.
    """
    numbers: dict[str, int] = {}
    return {
        place.id: _bitset([numbers.setdefault(id_, len(numbers)) for id_ in place.people]) for place in places
    }


def _bitset(numbers: list[int]) -> int:
    bits = np.zeros(max(numbers, default=0) + 1, bool)
    bits[numbers] = True
    return int.from_bytes(np.packbits(bits, bitorder="little").tobytes(), "little")


def cluster_places(
    places: Sequence[MapPlace], people_bits: Mapping[str, int], view: Viewport, width: int
) -> list[Cluster]:
    """Return the non-overlapping clusters of a picture `width` pixels wide, largest first.

    `people_bits` are the bitsets of the places.
    """
    max_count = max((place.count for place in places), default=1)
    # A cluster may be larger than any single place; repeat with it as the maximum.
    while True:
        clusters = _Clusterer(people_bits, view, width, max_count).cluster(places)
        greatest = max((cluster.count for cluster in clusters), default=0)
        if greatest <= max_count:
            break
        max_count = greatest
    return sorted(clusters, key=lambda cluster: (-cluster.count, cluster.main.id))


@dataclass(frozen=True)
class _Clusterer:
    """The clustering of one picture; `max_count` people have the largest circle."""

    people_bits: Mapping[str, int] = field(repr=False)
    view: Viewport
    width: int
    max_count: int

    def cluster(self, places: Sequence[MapPlace]) -> list[Cluster]:
        """Return clusters that do not overlap; overlapping ones are merged."""
        cells = (self._cell_cluster(members) for members in self._cells(places))
        pending = sorted(cells, key=lambda candidate: (candidate.count, candidate.main.id))
        placed: list[Cluster] = []
        while pending:
            candidate = pending.pop()
            touching: list[Cluster] = []
            separate: list[Cluster] = []
            for neighbour in placed:
                (touching if _touch(candidate, neighbour) else separate).append(neighbour)
            placed = separate
            if touching:
                pending.append(self._merge([candidate, *touching]))
            else:
                placed.append(candidate)
        return placed

    def _cells(self, places: Sequence[MapPlace]) -> Iterator[list[MapPlace]]:
        """Yield places that share a grid cell of the touch size, which bounds their number."""
        cells: dict[tuple[int, int], list[MapPlace]] = {}
        for place in places:
            x, y = self._to_pixels(place)
            cells.setdefault((int(x / MIN_TOUCH_RADIUS_PX / 2), int(y / MIN_TOUCH_RADIUS_PX / 2)), []).append(
                place
            )
        yield from cells.values()

    def _cell_cluster(self, places: Sequence[MapPlace]) -> Cluster:
        people_bits = reduce(or_, (self.people_bits[place.id] for place in places))
        box = bounding_box((place.point for place in places), URL_PRECISION_DEGREES)
        return self._make_cluster(min(places, key=lambda place: place.sort_key), places, people_bits, box)

    def _merge(self, clusters: Sequence[Cluster]) -> Cluster:
        return self._make_cluster(
            min((cluster.main for cluster in clusters), key=lambda place: place.sort_key),
            [place for cluster in clusters for place in cluster.places],
            reduce(or_, (cluster.people_bits for cluster in clusters)),
            Area(
                min(cluster.box.west for cluster in clusters),
                min(cluster.box.south for cluster in clusters),
                max(cluster.box.east for cluster in clusters),
                max(cluster.box.north for cluster in clusters),
            ),
        )

    def _make_cluster(
        self, main: MapPlace, places: Sequence[MapPlace], people_bits: int, box: Area
    ) -> Cluster:
        x, y = self._to_pixels(main)
        count = people_bits.bit_count()
        max_radius = min(MAX_RADIUS_PX, PERSON_RADIUS_PX * sqrt(self.max_count))
        radius = max(MIN_RADIUS_PX, max_radius * sqrt(min(1.0, count / self.max_count)))
        return Cluster(main, tuple(places), people_bits, count, x, y, radius, box)

    def _to_pixels(self, place: MapPlace) -> tuple[float, float]:
        x, y = self.view.project(place.point)
        return x * self.width, y * self.width * PICTURE_ASPECT


def _touch(first: Cluster, second: Cluster) -> bool:
    """Return whether two circles touch, or the box of one contains a place of the other."""
    min_distance = first.touch_radius + second.touch_radius + CIRCLE_GAP_PX
    if (
        abs(first.x - second.x) < min_distance
        and hypot(first.x - second.x, first.y - second.y) < min_distance
    ):
        return True
    return _boxes_overlap(first.box, second.box) and (
        _box_contains_place(first, second) or _box_contains_place(second, first)
    )


def _boxes_overlap(first: Area, second: Area) -> bool:
    overlap_longitude = first.west <= second.east and second.west <= first.east
    return overlap_longitude and first.south <= second.north and second.south <= first.north


def _box_contains_place(container: Cluster, cluster: Cluster) -> bool:
    return any(container.box.contains(*place.point) for place in cluster.places)
