"""The requested area: four numbers of the form, or `bbox` of the URL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from biobank.errors import BadQuery
from biobank.search.where import DEGREES, Area, degrees
from biobank.web.map.view import Point
from biobank.web.text import _

EDGES: Final = ("west", "south", "east", "north")
#: Maximum number of characters of one edge.
EDGE_MOST: Final = 24
#: Minimum height of an area in degrees; zooming in stops there.
CLOSEST: Final = 0.05


@dataclass(frozen=True)
class AskedArea:
    """The requested area. `edges` are as typed; `problem` describes what is wrong, if anything."""

    edges: Mapping[str, str]
    area: Area | None = None
    problem: str = ""
    #: Whether the area comes from the form.
    typed: bool = False


def asked_area(arguments: Mapping[str, str]) -> AskedArea:
    """Return the requested area; the numbers of the form take precedence over `bbox`."""
    if any(edge in arguments for edge in EDGES):
        edges = {edge: arguments.get(edge, "").strip()[:EDGE_MOST] for edge in EDGES}
        return _read(edges, typed=True)
    text = arguments.get("bbox", "").strip()
    if not text:
        return AskedArea({})
    parts = text.split(",")
    if len(parts) != len(EDGES):
        return AskedArea({}, problem=_("An area is four numbers: west, south, east, north."))
    return _read({edge: part.strip()[:EDGE_MOST] for edge, part in zip(EDGES, parts, strict=True)})


def closer(box: Area, middle: Point) -> Area | None:
    """Return half of `box` around a point (latitude, longitude), or None if it is small enough."""
    high, wide = (box.north - box.south) / 2, (box.east - box.west) / 2
    if high < CLOSEST:
        return None
    lat, lon = middle
    south = min(max(lat - high / 2, box.south), box.north - high)
    west = min(max(lon - wide / 2, box.west), box.east - wide)
    return Area(west, south, west + wide, south + high)


def wider(box: Area) -> Area | None:
    """Return twice `box` within the earth, or None if it covers all of it."""
    high, wide = (box.north - box.south) / 2, (box.east - box.west) / 2
    found = on_earth(box.west - wide, box.south - high, box.east + wide, box.north + high)
    return None if found == on_earth(-180, -90, 180, 90) else found


def on_earth(west: float, south: float, east: float, north: float) -> Area:
    """Return the area between four edges, clamped to the earth."""
    return Area(max(-180.0, west), max(-90.0, south), min(180.0, east), min(90.0, north))


def _read(edges: Mapping[str, str], *, typed: bool = False) -> AskedArea:
    if typed and not any(edges.values()):
        return AskedArea(edges, typed=True)
    numbers = [_number(edges[edge]) for edge in EDGES]
    try:
        area = Area.read(",".join(numbers))
    except BadQuery:
        return AskedArea(edges, problem=_problem(numbers), typed=typed)
    own = {edge: degrees(getattr(area, edge)) for edge in EDGES}
    return AskedArea(own, area, typed=typed)


def _number(text: str) -> str:
    """Normalize a typed number; Azerbaijani and Russian use a decimal comma."""
    return text.replace(",", ".").replace("−", "-").removesuffix("°")


def _problem(numbers: Sequence[str]) -> str:
    names = (_("West"), _("South"), _("East"), _("North"))
    for number, name, most in zip(numbers, names, (180, 90, 180, 90), strict=True):
        if not DEGREES.fullmatch(number) or abs(float(number)) > most:
            return _("%(edge)s takes a number from −%(most)s to %(most)s.", edge=name, most=most)
    return _("The south must not lie north of the north.")
