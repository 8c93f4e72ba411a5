"""Generated carpet medallions, shown for people without a portrait.

A medallion has the symmetry of the square and three natural dyes on undyed wool. It reveals nothing
about the person, such as initials or gender. The same id always gives the same bytes; a change
would alter every medallion in the bank, so it requires a new version name.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from math import pi
from typing import TypeVar

from biobank.web.medallion_shapes import (
    Polygon,
    bars,
    beads,
    comb,
    cross,
    diamond,
    dot,
    four,
    horn,
    hourglass,
    lozenge,
    lozenge_small,
    nothing,
    octagon,
    scallop,
    square,
    square_cut,
    star,
    steps,
    teeth,
    tips,
    tree,
    tulip,
    turned,
)

T = TypeVar("T")

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ID_MOST = 120
#: Half the side of the picture in SVG units; shapes are centred at 0, 0.
HALF = 32.0

WOOL = "#f7f2e8"
MADDER, INDIGO, SAFFRON = "#8c2b32", "#22406b", "#d39a33"
WALNUT, RUST, WELD, SKY, ROSE = "#4a362b", "#b3542c", "#5d6b35", "#6f8fb3", "#c98378"
#: Ground, field and accent colours, each pair distinct in lightness.
DYES = (
    (MADDER, INDIGO, SAFFRON),
    (INDIGO, MADDER, SAFFRON),
    (MADDER, WALNUT, SKY),
    (INDIGO, RUST, SAFFRON),
    (WALNUT, MADDER, SAFFRON),
    (WELD, MADDER, SAFFRON),
    (RUST, INDIGO, SAFFRON),
    (INDIGO, WELD, ROSE),
    (WALNUT, INDIGO, ROSE),
    (MADDER, WELD, SAFFRON),
    (RUST, WALNUT, SKY),
    (WELD, INDIGO, SAFFRON),
)


@dataclass(frozen=True)
class Layer:
    """Polygons of one colour, drawn over all previous layers."""

    colour: str
    polygons: tuple[Polygon, ...]


def is_drawable(person_id: str) -> bool:
    """Return whether this can be the id of a person."""
    return len(person_id) <= _ID_MOST and _ID.fullmatch(person_id) is not None


@lru_cache(maxsize=2048)
def medallion(person_id: str) -> str:
    """Return the medallion as an SVG of 64 by 64 units on a transparent background."""
    paths = "".join(
        f'<path fill="{layer.colour}" d="{"".join(map(_path, layer.polygons))}"/>'
        for layer in layers(person_id)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">'
        f"{paths}</svg>"
    )


def layers(person_id: str) -> tuple[Layer, ...]:
    """Return the layers of a medallion from the ground up, centred at 0, 0."""
    choose = _Chooser(person_id)
    ground, field, accent = choose.of(*DYES)
    outer = choose.of(octagon, scallop, star, square_cut)
    inner = choose.of(star, octagon, diamond, steps, square, cross)
    inner_size = choose.of(19.0, 20.0, 21.0)
    arm = choose.of(horn, tree, tulip, comb, hourglass, lozenge)
    arm_colour = choose.of(WOOL, accent)
    ring, count = choose.of(beads, teeth, bars), choose.of(16, 24)
    heart = choose.of(star, diamond, steps, square, octagon, cross)
    heart_size = choose.of(7.0, 8.0)
    seed = choose.of(star, diamond, square)
    corner = choose.of(lozenge_small, dot, nothing)
    other = accent if arm_colour == WOOL else WOOL
    parts = [
        Layer(accent, (outer(31.5),)),
        Layer(ground, (outer(30.2),)),
        Layer(other, tuple(tips() if outer is star else ring(count))),
        Layer(WOOL, (inner(inner_size + 1.3),)),
        Layer(field, (inner(inner_size),)),
        Layer(arm_colour, four(arm())),
        Layer(WOOL, (heart(heart_size + 1.2),)),
        Layer(ground, (heart(heart_size),)),
        Layer(accent, (seed(heart_size * 0.55),)),
        Layer(WOOL, (diamond(1.4),)),
    ]
    corners = four([turned(shape, pi / 4) for shape in corner()])
    if corners:
        parts.insert(6, Layer(other, corners))
    return tuple(parts)


class _Chooser:
    """A deterministic chooser that consumes the hash of the id."""

    def __init__(self, person_id: str) -> None:
        self._rest = int.from_bytes(sha256(f"medallion 1 {person_id}".encode()).digest())

    def of(self, *options: T) -> T:
        self._rest, index = divmod(self._rest, len(options))
        return options[index]


def _path(polygon: Polygon) -> str:
    points = (f"{_short(HALF + x)} {_short(HALF + y)}" for x, y in polygon)
    return f"M{'L'.join(points)}z"


def _short(value: float) -> str:
    """Format with at most one decimal: a tenth of a unit is below a seventh of a pixel at 96 px."""
    return f"{value:.1f}".removesuffix(".0")
