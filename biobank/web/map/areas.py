"""The area that a reader asks for: four numbers of the form, or `bbox` of an address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from biobank.errors import BadQuery
from biobank.search.where import DEGREES, Area, degrees
from biobank.web.map.view import Point
from biobank.web.text import _

EDGES: Final = ("west", "south", "east", "north")
#: Characters of one edge that are read; more are no number of degrees.
EDGE_MOST: Final = 24
#: Degrees from south to north than which one does not come closer.
CLOSEST: Final = 0.05


@dataclass(frozen=True)
class AskedArea:
    """`edges` are as they were typed; `problem` says what is wrong with them, or is empty."""

    edges: Mapping[str, str]
    area: Area | None = None
    problem: str = ""
    #: Whether it was the form that asked.
    typed: bool = False


def asked_area(arguments: Mapping[str, str]) -> AskedArea:
    """The area of an address; the form's numbers go before `bbox`."""
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
    """Half of `box` around a point (latitude, longitude); None where it is small enough."""
    high, wide = (box.north - box.south) / 2, (box.east - box.west) / 2
    if high < CLOSEST:
        return None
    lat, lon = middle
    south = min(max(lat - high / 2, box.south), box.north - high)
    west = min(max(lon - wide / 2, box.west), box.east - wide)
    return Area(west, south, west + wide, south + high)


def wider(box: Area) -> Area | None:
    """Twice `box`, as far as the earth reaches; None where it is the whole of it."""
    high, wide = (box.north - box.south) / 2, (box.east - box.west) / 2
    found = on_earth(box.west - wide, box.south - high, box.east + wide, box.north + high)
    return None if found == on_earth(-180, -90, 180, 90) else found


def on_earth(west: float, south: float, east: float, north: float) -> Area:
    """The area between four edges, which may lie beyond those of the earth."""
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
    """Readers of two of the three languages write a comma in a number."""
    return text.replace(",", ".").replace("−", "-").removesuffix("°")


def _problem(numbers: Sequence[str]) -> str:
    names = (_("West"), _("South"), _("East"), _("North"))
    for number, name, most in zip(numbers, names, (180, 90, 180, 90), strict=True):
        if not DEGREES.fullmatch(number) or abs(float(number)) > most:
            return _("%(edge)s takes a number from −%(most)s to %(most)s.", edge=name, most=most)
    return _("The south must not lie north of the north.")
