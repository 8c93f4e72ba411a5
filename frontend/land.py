"""Build biobank/web/map/land.json, the outlines below the map of search results.

Run rarely, by hand; the result is committed, so that nothing else needs npm:

    npm pack world-atlas@2.0.2                      # and unpack it into FOLDER
    python -m frontend.land FOLDER/package

The package is Natural Earth (public domain) as TopoJSON. Areas near Azerbaijan keep more detail
than distant ones. Coordinates are in 250ths of a degree: `arcs`, each a first point and the steps
from it, alternating x and y; `rings` of land and water as lists of arcs (`~n` is arc n reversed);
`borders` between countries as arcs.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import Any

OUTPUT_FILE = Path(__file__).parent.parent / "biobank" / "web" / "map" / "land.json"
#: Steps per degree, about 400 metres each.
STEPS_PER_DEGREE = 250
#: Bounding box (west, south, east, north); tolerance of a line, in degrees; smallest island, in
#: square degrees. The first box that contains a point applies.
DETAIL_LEVELS = (
    ((44.0, 38.0, 51.0, 42.5), 0.006, 0.0005),
    ((38.0, 35.0, 56.0, 44.5), 0.015, 0.005),
    ((18.0, 30.0, 66.0, 50.0), 0.05, 0.02),
    ((-12.0, 20.0, 90.0, 66.0), 0.1, 0.1),
    ((-180.0, -90.0, 180.0, 90.0), 0.25, 0.8),
)
#: De facto or leased areas that are not drawn; the map takes no position.
EXCLUDED_AREAS = frozenset({"N. Cyprus", "Somaliland", "Baikonur"})
CRIMEA_BOX = (32.0, 45.0, 36.0, 46.5)
ANTARCTICA_LATITUDE = -60.0

Point = tuple[float, float]
Ring = list[int]


def main() -> None:
    topology = json.loads((Path(sys.argv[1]) / "countries-10m.json").read_text("utf-8"))
    arcs = [list(_decode_arc(arc, topology["transform"])) for arc in topology["arcs"]]
    rings = [ring for ring in _rings(topology["objects"]["land"]) if _is_included(ring, arcs)]
    borders = [arc for arc in _shared_arcs(topology["objects"]["countries"]) if not _in_crimea(arcs[arc])]
    used = sorted({arc if arc >= 0 else ~arc for arc in chain(borders, *rings)})
    new_index = {arc: index for index, arc in enumerate(used)}
    output = {
        "arcs": [_encode_steps(_simplify(arcs[arc])) for arc in used],
        "rings": [[new_index[arc] if arc >= 0 else ~new_index[~arc] for arc in ring] for ring in rings],
        "borders": [new_index[arc] for arc in borders],
    }
    text = json.dumps(output, separators=(",", ":")) + "\n"
    OUTPUT_FILE.write_text(text, "utf-8")
    points = sum(len(arc) // 2 for arc in output["arcs"])
    print(f"{OUTPUT_FILE.name}: {len(text)} B, {len(used)} arcs, {points} points, {len(rings)} rings")


def _decode_arc(arc: list[list[int]], transform: dict[str, list[float]]) -> Iterator[Point]:
    """Yield the points of a TopoJSON arc, which is delta-encoded in integers."""
    (scale_x, scale_y), (x0, y0) = transform["scale"], transform["translate"]
    xs, ys = zip(*arc, strict=True)
    for x, y in zip(accumulate(xs), accumulate(ys), strict=True):
        yield x0 + x * scale_x, y0 + y * scale_y


def _rings(geometry: dict[str, Any]) -> Iterator[Ring]:
    if geometry["type"] == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from _rings(part)
    elif geometry["type"] == "Polygon":
        yield from geometry["arcs"]
    elif geometry["type"] == "MultiPolygon":
        yield from chain.from_iterable(geometry["arcs"])


def _shared_arcs(countries: dict[str, Any]) -> list[int]:
    """Return the arcs that two countries share."""
    times: Counter[int] = Counter()
    for country in countries["geometries"]:
        if country["properties"]["name"] not in EXCLUDED_AREAS:
            arcs = chain.from_iterable(_rings(country))
            times.update({arc if arc >= 0 else ~arc for arc in arcs})
    return sorted(arc for arc, count in times.items() if count > 1)


def _in_crimea(arc: list[Point]) -> bool:
    return all(_inside(point, CRIMEA_BOX) for point in arc)


def _is_included(ring: Ring, arcs: list[list[Point]]) -> bool:
    points = [point for arc in ring for point in (arcs[arc] if arc >= 0 else arcs[~arc][::-1])]
    if max(y for _, y in points) < ANTARCTICA_LATITUDE:
        return False
    area = abs(sum(x * y2 - x2 * y for (x, y), (x2, y2) in pairwise(points))) / 2
    return area >= min(_detail(point)[2] for point in points)


def _detail(point: Point) -> tuple[Any, float, float]:
    return next(detail for detail in DETAIL_LEVELS if _inside(point, detail[0]))


def _inside(point: Point, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    return west <= point[0] <= east and south <= point[1] <= north


def _simplify(points: list[Point]) -> list[Point]:
    """Simplify a line by the Ramer–Douglas–Peucker algorithm."""
    kept_indices = {0, len(points) - 1}
    # A closed line is first cut at the point farthest from its start.
    if points[0] == points[-1]:
        kept_indices.add(max(range(len(points)), key=lambda index: _squared_distance(points[index], points[0])))
    open_spans = list(pairwise(sorted(kept_indices)))
    while open_spans:
        first, last = open_spans.pop()
        inner = range(first + 1, last)
        off = [_relative_deviation(points[index], points[first], points[last]) for index in inner]
        worst = max(range(len(off)), key=off.__getitem__, default=None)
        if worst is not None and off[worst] > 1:
            kept_indices.add(inner[worst])
            open_spans += [(first, inner[worst]), (inner[worst], last)]
    return [points[index] for index in sorted(kept_indices)]


def _relative_deviation(point: Point, start: Point, end: Point) -> float:
    """Return the distance of a point from a line, relative to the tolerance at that point."""
    (x, y), (x1, y1), (x2, y2) = point, start, end
    length = _squared_distance(start, end)
    along = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length if length else 0.0
    along = min(1.0, max(0.0, along))
    nearest = (x1 + along * (x2 - x1), y1 + along * (y2 - y1))
    return float(_squared_distance(point, nearest) ** 0.5) / _detail(point)[1]


def _squared_distance(a: Point, b: Point) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2


def _encode_steps(points: Iterable[Point]) -> list[int]:
    scaled = [(round(x * STEPS_PER_DEGREE), round(y * STEPS_PER_DEGREE)) for x, y in points]
    steps = [(x2 - x, y2 - y) for (x, y), (x2, y2) in pairwise(scaled)]
    return list(chain(scaled[0], *(step for step in steps if step != (0, 0))))


if __name__ == "__main__":
    main()
