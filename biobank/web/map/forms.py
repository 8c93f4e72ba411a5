"""The requested area: four numbers of the form, or `bbox` of the URL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from biobank.errors import BadQuery
from biobank.search.geo import DEGREES_PATTERN, Area, format_degrees
from biobank.web.core.gettext import _
from biobank.web.map.viewport import Point

EDGES: Final = ("west", "south", "east", "north")
#: Maximum number of characters of one edge.
MAX_EDGE_CHARS: Final = 24
#: Minimum height of an area in degrees; zooming in stops there.
MIN_AREA_DEGREES: Final = 0.05


@dataclass(frozen=True)
class RequestedArea:
    """The requested area. `edges` are as typed; `problem` describes what is wrong, if anything."""

    edges: Mapping[str, str]
    area: Area | None = None
    problem: str = ""
    #: Whether the area comes from the form.
    typed: bool = False


def area_from_args(arguments: Mapping[str, str]) -> RequestedArea:
    """Return the requested area; the numbers of the form take precedence over `bbox`."""
    if any(edge in arguments for edge in EDGES):
        edges = {edge: arguments.get(edge, "").strip()[:MAX_EDGE_CHARS] for edge in EDGES}
        return _parse_edges(edges, typed=True)
    text = arguments.get("bbox", "").strip()
    if not text:
        return RequestedArea({})
    parts = text.split(",")
    if len(parts) != len(EDGES):
        return RequestedArea({}, problem=_("Enter the area as four numbers: west, south, east, north."))
    return _parse_edges(
        {edge: part.strip()[:MAX_EDGE_CHARS] for edge, part in zip(EDGES, parts, strict=True)}
    )


def zoom_in(box: Area, middle: Point) -> Area | None:
    """Return half of `box` around a point (latitude, longitude), or None if it is small enough."""
    half_height, half_width = (box.north - box.south) / 2, (box.east - box.west) / 2
    if half_height < MIN_AREA_DEGREES:
        return None
    lat, lon = middle
    south = min(max(lat - half_height / 2, box.south), box.north - half_height)
    west = min(max(lon - half_width / 2, box.west), box.east - half_width)
    return Area(west, south, west + half_width, south + half_height)


def zoom_out(box: Area) -> Area | None:
    """Return twice `box` within the earth, or None if it covers all of it."""
    half_height, half_width = (box.north - box.south) / 2, (box.east - box.west) / 2
    enlarged = clamp_to_earth(
        box.west - half_width, box.south - half_height, box.east + half_width, box.north + half_height
    )
    return None if enlarged == clamp_to_earth(-180, -90, 180, 90) else enlarged


def clamp_to_earth(west: float, south: float, east: float, north: float) -> Area:
    """Return the area between four edges, clamped to the earth."""
    return Area(max(-180.0, west), max(-90.0, south), min(180.0, east), min(90.0, north))


def _parse_edges(edges: Mapping[str, str], *, typed: bool = False) -> RequestedArea:
    if typed and not any(edges.values()):
        return RequestedArea(edges, typed=True)
    numbers = [_normalize_number(edges[edge]) for edge in EDGES]
    try:
        area = Area.parse(",".join(numbers))
    except BadQuery:
        return RequestedArea(edges, problem=_problem(numbers), typed=typed)
    formatted = {edge: format_degrees(getattr(area, edge)) for edge in EDGES}
    return RequestedArea(formatted, area, typed=typed)


def _normalize_number(text: str) -> str:
    """Normalize a typed number; Azerbaijani and Russian use a decimal comma."""
    return text.replace(",", ".").replace("−", "-").removesuffix("°")


def _problem(numbers: Sequence[str]) -> str:
    names = (_("West"), _("South"), _("East"), _("North"))
    for value, name, limit in zip(numbers, names, (180, 90, 180, 90), strict=True):
        if not DEGREES_PATTERN.fullmatch(value) or abs(float(value)) > limit:
            return _("%(edge)s: enter a number from −%(most)s to %(most)s.", edge=name, most=limit)
    return _("The south value must be less than the north value.")
