"""Placement of labels beside circles."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from biobank.web.map.gathering import Circle
from biobank.web.map.view import ASPECT

#: Generous width of a character and height of a line in pixels.
LETTER: Final = 7.6
LINE: Final = 17.0
#: Distance of a label from its circle and from the edge of the picture, in pixels.
GAP: Final = 4.0

#: Left, top, right and bottom in pixels.
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Label:
    """A label: `anchor` is start, middle or end; `dx` and `dy` are the offset from the circle.

    The offset leads from the centre of the circle to the middle of the line.
    """

    text: str
    anchor: str
    dx: float
    dy: float


def place_labels(
    circles: Sequence[Circle], texts: Sequence[Sequence[str]], width: int
) -> list[Label | None]:
    """Return a label for each circle, or None where none fits; largest circles first.

    `texts` are the candidate texts of each circle, best first.
    """
    taken = [_around(circle) for circle in circles]
    labels: list[Label | None] = []
    for circle, choice in zip(circles, texts, strict=True):
        fitting = (label for text in choice for label in _fitting(circle, text, width, taken))
        label = next(fitting, None)
        if label:
            taken.append(_box(circle, label))
        labels.append(label)
    return labels


def _fitting(circle: Circle, text: str, width: int, taken: Iterable[Box]) -> Iterator[Label]:
    beside = circle.radius + GAP
    above = circle.radius + LINE / 2 + 1
    own = _around(circle)
    for label in (
        Label(text, "start", beside, 0),
        Label(text, "end", -beside, 0),
        Label(text, "middle", 0, -above),
        Label(text, "middle", 0, above),
    ):
        box = _box(circle, label)
        within = box[0] >= GAP and box[1] >= 0 and box[2] <= width - GAP
        if (
            within
            and box[3] <= width * ASPECT
            and not any(_meet(box, other) for other in taken if other != own)
        ):
            yield label


def _around(circle: Circle) -> Box:
    x, y, radius = circle.x, circle.y, circle.radius + 1
    return x - radius, y - radius, x + radius, y + radius


def _box(circle: Circle, label: Label) -> Box:
    wide = len(label.text) * LETTER
    left = circle.x + label.dx - {"start": 0.0, "middle": wide / 2, "end": wide}[label.anchor]
    middle = circle.y + label.dy
    return left, middle - LINE / 2, left + wide, middle + LINE / 2


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
