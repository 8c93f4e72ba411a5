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

from biobank.web.sharing.medallion_shapes import (
    Polygon,
    bars,
    beads,
    comb,
    cross,
    diamond,
    dot,
    horn,
    hourglass,
    lozenge,
    lozenge_small,
    no_motif,
    octagon,
    on_four_sides,
    rotated,
    scallop,
    square,
    square_cut,
    star,
    star_tips,
    steps,
    teeth,
    tree,
    tulip,
)

T = TypeVar("T")

_ID_PATTERN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MAX_ID_CHARS = 120
#: Half the side of the picture in SVG units; shapes are centred at 0, 0.
HALF_SIZE = 32.0

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
    return len(person_id) <= _MAX_ID_CHARS and _ID_PATTERN.fullmatch(person_id) is not None


@lru_cache(maxsize=2048)
def medallion(person_id: str) -> str:
    """Return the medallion as an SVG of 64 by 64 units on a transparent background."""
    paths = "".join(
        f'<path fill="{layer.colour}" d="{"".join(map(_path, layer.polygons))}"/>'
        for layer in layers(person_id)
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">{paths}</svg>'


def layers(person_id: str) -> tuple[Layer, ...]:
    """Return the layers of a medallion from the ground up, centred at 0, 0."""
    chooser = _HashChooser(person_id)
    ground, field, accent = chooser.choose(*DYES)
    outer = chooser.choose(octagon, scallop, star, square_cut)
    inner = chooser.choose(star, octagon, diamond, steps, square, cross)
    inner_size = chooser.choose(19.0, 20.0, 21.0)
    arm = chooser.choose(horn, tree, tulip, comb, hourglass, lozenge)
    arm_colour = chooser.choose(WOOL, accent)
    ring, count = chooser.choose(beads, teeth, bars), chooser.choose(16, 24)
    heart = chooser.choose(star, diamond, steps, square, octagon, cross)
    heart_size = chooser.choose(7.0, 8.0)
    seed = chooser.choose(star, diamond, square)
    corner = chooser.choose(lozenge_small, dot, no_motif)
    contrast = accent if arm_colour == WOOL else WOOL
    parts = [
        Layer(accent, (outer(31.5),)),
        Layer(ground, (outer(30.2),)),
        Layer(contrast, tuple(star_tips() if outer is star else ring(count))),
        Layer(WOOL, (inner(inner_size + 1.3),)),
        Layer(field, (inner(inner_size),)),
        Layer(arm_colour, on_four_sides(arm())),
        Layer(WOOL, (heart(heart_size + 1.2),)),
        Layer(ground, (heart(heart_size),)),
        Layer(accent, (seed(heart_size * 0.55),)),
        Layer(WOOL, (diamond(1.4),)),
    ]
    corners = on_four_sides([rotated(shape, pi / 4) for shape in corner()])
    if corners:
        parts.insert(6, Layer(contrast, corners))
    return tuple(parts)


class _HashChooser:
    """A deterministic chooser that consumes the hash of the id."""

    def __init__(self, person_id: str) -> None:
        self._remaining_hash = int.from_bytes(sha256(f"medallion 1 {person_id}".encode()).digest())

    def choose(self, *options: T) -> T:
        self._remaining_hash, index = divmod(self._remaining_hash, len(options))
        return options[index]


def _path(polygon: Polygon) -> str:
    points = (f"{_format_coordinate(HALF_SIZE + x)} {_format_coordinate(HALF_SIZE + y)}" for x, y in polygon)
    return f"M{'L'.join(points)}z"


def _format_coordinate(value: float) -> str:
    """Format with at most one decimal: a tenth of a unit is below a seventh of a pixel at 96 px."""
    return f"{value:.1f}".removesuffix(".0")
