"""Circles of a picture: places that would stand on one another are gathered into one."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import hypot, sqrt
from typing import Final

from biobank.search.where import Area
from biobank.web.map.view import ASPECT, Point, View, box_of

#: Radius in pixels of the circle with most people, and of one person where there are few; people
#: are to each other as areas are.
LARGEST: Final = 26.0
PERSON: Final = 6.0
#: What can still be seen, and what can still be hit with a finger (WCAG 2.2, 2.5.8: 24 across).
SMALLEST: Final = 4.5
TOUCHED: Final = 12.0
#: Pixels between two circles.
APART: Final = 2.0
#: An address rounds degrees to their fourth digit: the box of a circle is that much larger.
ROUNDED: Final = 0.0001


@dataclass(frozen=True)
class Spot:
    """A place on the map: its latitude and longitude, and how many people are tied to it."""

    id: str
    point: Point
    count: int

    @property
    def box(self) -> Area:
        """The area of its point as an address can say it."""
        return box_of((self.point,), ROUNDED)


@dataclass(frozen=True)
class Circle:
    """Spots gathered into one, most people first; `count` counts each person once.

    `x` and `y` are pixels of the picture, where the first spot stands.
    """

    spots: tuple[Spot, ...]
    count: int
    x: float
    y: float
    radius: float

    @property
    def box(self) -> Area:
        """The area of its spots: asked with the same tie, it finds `count` people."""
        return box_of((spot.point for spot in self.spots), ROUNDED)

    @property
    def reach(self) -> float:
        return max(self.radius, TOUCHED)


#: How many people are tied to any of some places.
Count = Callable[[Iterable[str]], int]


def circles(spots: Sequence[Spot], view: View, width: int, count: Count) -> list[Circle]:
    """The circles of a picture `width` pixels wide, most people first; none touch another."""
    picture = _Picture(view, width, count)
    first = picture.gathered(spots, most=max((spot.count for spot in spots), default=1))
    # Gathered circles may be greater than any place: sizes are told by the greatest there is.
    found = picture.gathered(spots, most=max((circle.count for circle in first), default=1))
    return sorted(found, key=lambda circle: (-circle.count, circle.spots[0].id))


@dataclass(frozen=True)
class _Picture:
    view: View
    width: int
    count: Count

    def gathered(self, spots: Sequence[Spot], most: int) -> list[Circle]:
        found = [self._circle(members, most) for members in self._cells(spots)]
        while pair := _meeting(found):
            found = [each for each in found if each not in pair]
            found.append(self._circle((*pair[0].spots, *pair[1].spots), most))
        return found

    def _circle(self, members: Iterable[Spot], most: int) -> Circle:
        ordered = tuple(sorted(members, key=lambda spot: (-spot.count, spot.id)))
        people = self.count(spot.id for spot in ordered) if len(ordered) > 1 else ordered[0].count
        x, y = self._pixels(ordered[0])
        largest = min(LARGEST, PERSON * sqrt(most))
        radius = max(SMALLEST, largest * sqrt(min(1.0, people / most)))
        return Circle(ordered, people, x, y, radius)

    def _cells(self, spots: Sequence[Spot]) -> Iterator[list[Spot]]:
        """Spots that share a square as wide as a finger: few, however many spots there are."""
        cells: dict[tuple[int, int], list[Spot]] = {}
        for spot in spots:
            x, y = self._pixels(spot)
            cells.setdefault((int(x / TOUCHED / 2), int(y / TOUCHED / 2)), []).append(spot)
        yield from cells.values()

    def _pixels(self, spot: Spot) -> tuple[float, float]:
        x, y = self.view.place(spot.point)
        return x * self.width, y * self.width * ASPECT


def _meeting(found: Sequence[Circle]) -> tuple[Circle, Circle] | None:
    """Two circles that touch, or of which the box of one holds a spot of the other."""
    for one, other in combinations(found, 2):
        near = hypot(one.x - other.x, one.y - other.y) < one.reach + other.reach + APART
        if near or _holds(one, other) or _holds(other, one):
            return one, other
    return None


def _holds(one: Circle, other: Circle) -> bool:
    box = one.box
    return any(box.contains(*spot.point) for spot in other.spots)
