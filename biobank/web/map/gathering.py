"""Clustering of map places whose circles would overlap."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from math import hypot, sqrt
from operator import or_
from typing import Final

import numpy as np

from biobank.search.where import Area
from biobank.web.map.view import ASPECT, Point, View, box_of

#: Maximum radius in pixels, and the radius of one person on sparse maps; circle areas are
#: proportional to counts.
LARGEST: Final = 26.0
PERSON: Final = 6.0
#: Minimum visible radius, and minimum touch radius (WCAG 2.2, 2.5.8: 24 px across), in pixels.
SMALLEST: Final = 4.5
TOUCHED: Final = 12.0
#: Minimum distance between two circles in pixels.
APART: Final = 2.0
#: URLs round degrees to four digits, so boxes are enlarged by this much.
ROUNDED: Final = 0.0001


@dataclass(frozen=True)
class Spot:
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
        return box_of((self.point,), ROUNDED)

    @property
    def order(self) -> tuple[int, str]:
        """Return the sort key: most people first."""
        return -self.count, self.id


@dataclass(frozen=True)
class Circle:
    """A cluster of places, drawn at `main`, the place with most people.

    `x` and `y` are pixels of the picture. `box` is the area of the places: a search for it with the
    same tie finds exactly the `count` people of the cluster, whose bitset is `people_bits`.
    """

    first: Spot
    spots: tuple[Spot, ...]
    crowd: int = field(repr=False)
    count: int
    x: float
    y: float
    radius: float
    box: Area

    @property
    def reach(self) -> float:
        return max(self.radius, TOUCHED)


def crowds_of(spots: Sequence[Spot]) -> dict[str, int]:
    """Return the people of each place as a bitset, by the id of the place.

    Sets of ids would take most of the time of a map of 100,000 people.
    """
    numbers: dict[str, int] = {}
    return {
        spot.id: _crowd([numbers.setdefault(id_, len(numbers)) for id_ in spot.people])
        for spot in spots
    }


def _crowd(numbers: list[int]) -> int:
    bits = np.zeros(max(numbers, default=0) + 1, bool)
    bits[numbers] = True
    return int.from_bytes(np.packbits(bits, bitorder="little").tobytes(), "little")


def circles(
    spots: Sequence[Spot], crowds: Mapping[str, int], view: View, width: int
) -> list[Circle]:
    """Return the non-overlapping clusters of a picture `width` pixels wide, largest first.

    `people_bits` are the bitsets of the places.
    """
    most = max((spot.count for spot in spots), default=1)
    # A cluster may be larger than any single place; repeat with it as the maximum.
    while True:
        found = _Picture(crowds, view, width, most).gathered(spots)
        greatest = max((circle.count for circle in found), default=0)
        if greatest <= most:
            break
        most = greatest
    return sorted(found, key=lambda circle: (-circle.count, circle.first.id))


@dataclass(frozen=True)
class _Picture:
    """The clustering of one picture; `max_count` people have the largest circle."""

    crowds: Mapping[str, int] = field(repr=False)
    view: View
    width: int
    most: int

    def gathered(self, spots: Sequence[Spot]) -> list[Circle]:
        """Return clusters that do not overlap; overlapping ones are merged."""
        cells = (self._circle(members) for members in self._cells(spots))
        waiting = sorted(cells, key=lambda circle: (circle.count, circle.first.id))
        placed: list[Circle] = []
        while waiting:
            circle = waiting.pop()
            met: list[Circle] = []
            apart: list[Circle] = []
            for other in placed:
                (met if _meet(circle, other) else apart).append(other)
            placed = apart
            if met:
                waiting.append(self._together([circle, *met]))
            else:
                placed.append(circle)
        return placed

    def _cells(self, spots: Sequence[Spot]) -> Iterator[list[Spot]]:
        """Yield places that share a grid cell of the touch size, which bounds their number."""
        cells: dict[tuple[int, int], list[Spot]] = {}
        for spot in spots:
            x, y = self._pixels(spot)
            cells.setdefault((int(x / TOUCHED / 2), int(y / TOUCHED / 2)), []).append(spot)
        yield from cells.values()

    def _circle(self, spots: Sequence[Spot]) -> Circle:
        crowd = reduce(or_, (self.crowds[spot.id] for spot in spots))
        box = box_of((spot.point for spot in spots), ROUNDED)
        return self._placed(min(spots, key=lambda spot: spot.order), spots, crowd, box)

    def _together(self, found: Sequence[Circle]) -> Circle:
        return self._placed(
            min((circle.first for circle in found), key=lambda spot: spot.order),
            [spot for circle in found for spot in circle.spots],
            reduce(or_, (circle.crowd for circle in found)),
            Area(
                min(circle.box.west for circle in found),
                min(circle.box.south for circle in found),
                max(circle.box.east for circle in found),
                max(circle.box.north for circle in found),
            ),
        )

    def _placed(self, first: Spot, spots: Sequence[Spot], crowd: int, box: Area) -> Circle:
        x, y = self._pixels(first)
        count = crowd.bit_count()
        largest = min(LARGEST, PERSON * sqrt(self.most))
        radius = max(SMALLEST, largest * sqrt(min(1.0, count / self.most)))
        return Circle(first, tuple(spots), crowd, count, x, y, radius, box)

    def _pixels(self, spot: Spot) -> tuple[float, float]:
        x, y = self.view.place(spot.point)
        return x * self.width, y * self.width * ASPECT


def _meet(one: Circle, other: Circle) -> bool:
    """Return whether two circles touch, or the box of one contains a place of the other."""
    apart = one.reach + other.reach + APART
    if abs(one.x - other.x) < apart and hypot(one.x - other.x, one.y - other.y) < apart:
        return True
    return _overlap(one.box, other.box) and (_holds(one, other) or _holds(other, one))


def _overlap(one: Area, other: Area) -> bool:
    across = one.west <= other.east and other.west <= one.east
    return across and one.south <= other.north and other.south <= one.north


def _holds(one: Circle, other: Circle) -> bool:
    return any(one.box.contains(*spot.point) for spot in other.spots)
