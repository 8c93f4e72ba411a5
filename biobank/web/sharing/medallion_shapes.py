"""The shapes of a medallion, after the carpets of Shirvan and Karabakh.

Each shape is a polygon around 0, 0, in units of a picture 64 wide. Fields have the symmetry of the
square themselves; a motif is drawn at the top and repeated on all four sides.
"""

from collections.abc import Iterable
from math import cos, pi, sin

Point = tuple[float, float]
Polygon = tuple[Point, ...]


def _polar(radius: float, angle: float) -> Point:
    return radius * sin(angle), -radius * cos(angle)


def _regular(sides: int, radius: float, start: float) -> Polygon:
    return tuple(_polar(radius, start + 2 * pi * step / sides) for step in range(sides))


def octagon(radius: float) -> Polygon:
    return _regular(8, radius, pi / 8)


def diamond(radius: float) -> Polygon:
    return _regular(4, radius, 0)


def square(radius: float) -> Polygon:
    return _regular(4, radius, pi / 4)


def star(radius: float) -> Polygon:
    """Return two crossed squares: the eight-pointed star of Shirvan."""
    inner = radius * cos(pi / 4) / cos(pi / 8)
    return tuple(_polar(inner if step % 2 else radius, pi * step / 8) for step in range(16))


def scallop(radius: float) -> Polygon:
    return tuple(_polar(radius * (0.93 if step % 2 else 1), pi * step / 16 + pi / 16) for step in range(32))


def square_cut(radius: float) -> Polygon:
    """Return a square with stepped corners."""
    outer, middle, inner = radius * 0.9, radius * 0.72, radius * 0.54
    corner = ((inner, -outer), (inner, -middle), (middle, -middle), (middle, -inner), (outer, -inner))
    return tuple(_quarter(point, turn) for turn in range(4) for point in corner)


def steps(radius: float) -> Polygon:
    """Return a stepped diamond."""
    knot = radius / 3.5
    corner = [(knot * 0.5, -radius)]
    for level in range(1, 4):
        corner.append((knot * (level - 0.5), -knot * (3.5 - level)))
        corner.append((knot * (level + 0.5), -knot * (3.5 - level)))
    return tuple(_quarter(point, turn) for turn in range(4) for point in corner)


def cross(radius: float) -> Polygon:
    arm, waist = radius * 0.38, radius * 0.72
    corner = ((arm, -radius), (arm, -waist), (waist, -waist), (waist, -arm), (radius, -arm))
    return tuple(_quarter(point, turn) for turn in range(4) for point in corner)


def beads(count: int) -> Iterable[Polygon]:
    for middle in _ring_angles(count):
        yield tuple(_polar(*part) for part in _kite(middle, 25.6, 1.25))


def teeth(count: int) -> Iterable[Polygon]:
    half = pi / count * 0.72
    for middle in _ring_angles(count):
        yield (_polar(27, middle - half), _polar(27, middle + half), _polar(24, middle))


def bars(count: int) -> Iterable[Polygon]:
    half = pi / count * 0.42
    for middle in _ring_angles(count):
        yield (
            _polar(26.6, middle - half),
            _polar(26.6, middle + half),
            _polar(24.4, middle + half),
            _polar(24.4, middle - half),
        )


def star_tips() -> Iterable[Polygon]:
    """Yield one bead for each point of a star, which leaves no space for a whole ring."""
    for step in range(8):
        yield tuple(_polar(*part) for part in _kite(pi * step / 4, 26, 1.5))


def _ring_angles(count: int) -> Iterable[float]:
    return (2 * pi * (step + 0.5) / count for step in range(count))


def _kite(middle: float, radius: float, half: float) -> Iterable[tuple[float, float]]:
    half_angle = half / radius
    return (
        (radius + half, middle),
        (radius, middle + half_angle),
        (radius - half, middle),
        (radius, middle - half_angle),
    )


def _box(left: float, top: float, right: float, bottom: float) -> Polygon:
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def horn() -> list[Polygon]:
    """Return the ram's horn motif: a stem with two hooks."""
    right = ((0.9, -17.5), (5.2, -17.5), (5.2, -12), (2.9, -12), (2.9, -13.6), (3.7, -13.6))
    hook: Polygon = (*right, (3.7, -15.9), (0.9, -15.9))
    return [_box(-0.9, -17.5, 0.9, -9), hook, _mirrored(hook)]


def tree() -> list[Polygon]:
    return [((0, -top), (3.6, 3.2 - top), (-3.6, 3.2 - top)) for top in (17.8, 14.8, 11.8)]


def tulip() -> list[Polygon]:
    right: Polygon = ((0, -13), (1.6, -15), (3.8, -17.4), (3.4, -11.6), (0, -9))
    return [right, _mirrored(right), ((0, -18), (1.3, -15.6), (0, -13.8), (-1.3, -15.6))]


def comb() -> list[Polygon]:
    teeth = [_box(x - 0.8, -17.4, x + 0.8, -13) for x in (-3.6, 0, 3.6)]
    return [*teeth, _box(-4.4, -13.2, 4.4, -11.6), _box(-0.8, -11.8, 0.8, -9)]


def hourglass() -> list[Polygon]:
    return [((-3.6, -17.4), (3.6, -17.4), (0, -13.6)), ((0, -13.8), (3.6, -10), (-3.6, -10))]


def lozenge() -> list[Polygon]:
    ring: Polygon = ((0, -18), (3.8, -14), (0, -10), (-3.8, -14))
    return [ring, ((0, -15.8), (-1.7, -14), (0, -12.2), (1.7, -14))]


def lozenge_small() -> list[Polygon]:
    return [((0, -15), (1.7, -12.9), (0, -10.8), (-1.7, -12.9))]


def dot() -> list[Polygon]:
    return [_box(-1.1, -13.8, 1.1, -11.6)]


def no_motif() -> list[Polygon]:
    return []


def _mirrored(polygon: Polygon) -> Polygon:
    return tuple((-x, y) for x, y in reversed(polygon))


def rotated(polygon: Polygon, angle: float) -> Polygon:
    return tuple((x * cos(angle) - y * sin(angle), x * sin(angle) + y * cos(angle)) for x, y in polygon)


def _quarter(point: Point, turns: int) -> Point:
    x, y = point
    for _ in range(turns):
        x, y = -y, x
    return x, y


def on_four_sides(polygons: Iterable[Polygon]) -> tuple[Polygon, ...]:
    """Repeat each polygon on all four sides."""
    return tuple(
        tuple(_quarter(point, turn) for point in polygon) for polygon in polygons for turn in range(4)
    )
