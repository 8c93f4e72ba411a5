"""Outlines of land and borders within a view, as paths of SVG."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Final

from biobank.web.map.view import ASPECT, View

#: Made by frontend/land.py, which tells its form.
FILE: Final = Path(__file__).parent / "land.json"
#: Steps of the file in a degree.
UNIT: Final = 250
#: Degrees around the earth.
FULL_TURN: Final = 360.0
#: Units of a path along the picture's width and height.
WIDTH: Final = 1000
HEIGHT: Final = round(WIDTH * ASPECT)
#: Units around the picture in which lines still run, so that cut edges are never seen.
MARGIN: Final = 20
#: Units that a step along a line has at least: finer than what a screen shows.
STEP: Final = 2

Point = tuple[float, float]
Line = Sequence[Point]


@dataclass(frozen=True)
class Outlines:
    """Paths in units of a picture of WIDTH by HEIGHT."""

    land: str
    borders: str


@dataclass(frozen=True)
class _Earth:
    """Lines as points (latitude, longitude), and the box of each: south, west, north, east."""

    rings: tuple[tuple[Line, tuple[float, ...]], ...]
    borders: tuple[tuple[Line, tuple[float, ...]], ...]


@lru_cache(maxsize=128)
def outlines(view: View) -> Outlines:
    """The land and the borders in a view; neighbours of one answer often share it."""
    earth = _earth()
    rings = (_clipped(_placed(ring, view)) for ring in _seen(earth.rings, view))
    borders = (part for line in _seen(earth.borders, view) for part in _within(_placed(line, view)))
    return Outlines(
        land="".join(_path(ring, closed=True) for ring in rings),
        borders="".join(_path(line, closed=False) for line in borders),
    )


@cache
def _earth() -> _Earth:
    made = json.loads(FILE.read_text("utf-8"))
    arcs = [_points(steps) for steps in made["arcs"]]
    joined = (
        [point for arc in ring for point in (arcs[arc] if arc >= 0 else arcs[~arc][::-1])]
        for ring in made["rings"]
    )
    rings = [turned for ring in joined for turned in _around(_unbroken(ring))]
    borders = [arcs[arc] for arc in made["borders"]]
    return _Earth(
        tuple((ring, _box(ring)) for ring in rings), tuple((line, _box(line)) for line in borders)
    )


def _unbroken(line: Line) -> list[Point]:
    """The line without the leap at the 180th meridian: it runs on beyond it."""
    leaps = accumulate(
        round((one[1] - other[1]) / FULL_TURN) * FULL_TURN for one, other in pairwise(line)
    )
    return [line[0], *((lat, lon + leap) for (lat, lon), leap in zip(line[1:], leaps, strict=True))]


def _around(line: Line) -> Iterator[Line]:
    """The line where it belongs; what runs over an edge of the earth, at the other edge too."""
    _, west, _, east = _box(line)
    home = -round((west + east) / 2 / FULL_TURN) * FULL_TURN
    edge = FULL_TURN / 2
    turns = (home, *((home - FULL_TURN,) if east + home > edge else ()))
    turns += (home + FULL_TURN,) if west + home < -edge else ()
    for turn in turns:
        yield [(lat, lon + turn) for lat, lon in line]


def _points(steps: Sequence[int]) -> list[Point]:
    lons, lats = accumulate(steps[::2]), accumulate(steps[1::2])
    return [(lat / UNIT, lon / UNIT) for lon, lat in zip(lons, lats, strict=True)]


def _box(line: Line) -> tuple[float, ...]:
    lats, lons = zip(*line, strict=True)
    return min(lats), min(lons), max(lats), max(lons)


def _seen(lines: Iterable[tuple[Line, tuple[float, ...]]], view: View) -> Iterator[Line]:
    for line, (south, west, north, east) in lines:
        apart = east < view.west or west > view.east or north < view.south or south > view.north
        if not apart:
            yield line


def _placed(line: Line, view: View) -> list[Point]:
    placed = (view.place(point) for point in line)
    return [(x * WIDTH, y * HEIGHT) for x, y in placed]


def _clipped(ring: list[Point]) -> list[Point]:
    """What of a ring is in the picture, by Sutherland and Hodgman: one edge after the other."""
    for axis, edge, sign in (
        (0, -MARGIN, 1),
        (0, WIDTH + MARGIN, -1),
        (1, -MARGIN, 1),
        (1, HEIGHT + MARGIN, -1),
    ):
        kept: list[Point] = []
        for one, other in pairwise([ring[-1], *ring] if ring else ()):
            one_in = (one[axis] - edge) * sign >= 0
            other_in = (other[axis] - edge) * sign >= 0
            if one_in != other_in:
                kept.append(_crossing(one, other, axis, edge))
            if other_in:
                kept.append(other)
        ring = kept
    return ring


def _crossing(one: Point, other: Point, axis: int, edge: float) -> Point:
    along = (edge - one[axis]) / (other[axis] - one[axis])
    return (one[0] + along * (other[0] - one[0]), one[1] + along * (other[1] - one[1]))


def _within(line: list[Point]) -> Iterator[list[Point]]:
    """The stretches of a line that may be seen."""
    part: list[Point] = []
    for one, other in pairwise(line):
        if _apart(one, other):
            if part:
                yield part
            part = []
        else:
            part = [*(part or (one,)), other]
    if part:
        yield part


def _apart(one: Point, other: Point) -> bool:
    """Whether a stretch lies on one side of the picture, and so not in it."""
    sides = ((0, WIDTH), (1, HEIGHT))
    return any(
        max(one[axis], other[axis]) < 0 or min(one[axis], other[axis]) > most
        for axis, most in sides
    )


def _path(line: Sequence[Point], *, closed: bool) -> str:
    """Whole units, each step from the point before; what is too small to be seen is left out."""
    points: list[tuple[int, int]] = []
    for x, y in line:
        point = (round(x), round(y))
        if not points or abs(point[0] - points[-1][0]) + abs(point[1] - points[-1][1]) >= STEP:
            points.append(point)
    if len(points) < (3 if closed else 2):
        return ""
    steps = " ".join(f"{x2 - x} {y2 - y}" for (x, y), (x2, y2) in pairwise(points))
    text = f"M{points[0][0]} {points[0][1]}l{steps}".replace(" -", "-")
    return f"{text}z" if closed else text
