"""Placement of labels beside circles."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from biobank.web.map.clustering import Cluster
from biobank.web.map.viewport import PICTURE_ASPECT

#: Generous width of a character and height of a line in pixels.
CHARACTER_WIDTH_PX: Final = 7.6
LINE_HEIGHT_PX: Final = 17.0
#: Distance of a label from its circle and from the edge of the picture, in pixels.
LABEL_GAP_PX: Final = 4.0

#: Left, top, right and bottom in pixels.
PixelBox = tuple[float, float, float, float]


@dataclass(frozen=True)
class MapLabel:
    """A label: `anchor` is start, middle or end; `dx` and `dy` are the offset from the circle.

    The offset leads from the centre of the circle to the middle of the line.
    """

    text: str
    anchor: str
    dx: float
    dy: float


def place_labels(
    clusters: Sequence[Cluster], texts: Sequence[Sequence[str]], width: int
) -> list[MapLabel | None]:
    """Return a label for each circle, or None where none fits; largest circles first.

    `texts` are the candidate texts of each circle, best first.
    """
    occupied = [_circle_box(cluster) for cluster in clusters]
    labels: list[MapLabel | None] = []
    for cluster, candidates in zip(clusters, texts, strict=True):
        placements = (
            label for text in candidates for label in _fitting_labels(cluster, text, width, occupied)
        )
        label = next(placements, None)
        if label:
            occupied.append(_label_box(cluster, label))
        labels.append(label)
    return labels


def _fitting_labels(
    cluster: Cluster, text: str, width: int, occupied: Iterable[PixelBox]
) -> Iterator[MapLabel]:
    x_offset = cluster.radius + LABEL_GAP_PX
    y_offset = cluster.radius + LINE_HEIGHT_PX / 2 + 1
    own_box = _circle_box(cluster)
    for label in (
        MapLabel(text, "start", x_offset, 0),
        MapLabel(text, "end", -x_offset, 0),
        MapLabel(text, "middle", 0, -y_offset),
        MapLabel(text, "middle", 0, y_offset),
    ):
        box = _label_box(cluster, label)
        is_inside = box[0] >= LABEL_GAP_PX and box[1] >= 0 and box[2] <= width - LABEL_GAP_PX
        if (
            is_inside
            and box[3] <= width * PICTURE_ASPECT
            and not any(_boxes_overlap(box, other) for other in occupied if other != own_box)
        ):
            yield label


def _circle_box(cluster: Cluster) -> PixelBox:
    x, y, radius = cluster.x, cluster.y, cluster.radius + 1
    return x - radius, y - radius, x + radius, y + radius


def _label_box(cluster: Cluster, label: MapLabel) -> PixelBox:
    label_width = len(label.text) * CHARACTER_WIDTH_PX
    left = cluster.x + label.dx - {"start": 0.0, "middle": label_width / 2, "end": label_width}[label.anchor]
    middle = cluster.y + label.dy
    return left, middle - LINE_HEIGHT_PX / 2, left + label_width, middle + LINE_HEIGHT_PX / 2


def _boxes_overlap(first: PixelBox, second: PixelBox) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]
