"""The social card of the bank: its name beside a carpet of nine medallions.

Sizes are in pixels.
"""

from dataclasses import dataclass
from typing import Final

from biobank.web.medallion import layers
from biobank.web.sharing.canvas import (
    FOOT,
    INK,
    LEFT,
    MARK,
    OWN_DYES,
    SOFT,
    WIDTH,
    as_png,
    blank,
    put_frame,
    put_lines,
    put_shapes,
)
from biobank.web.sharing.typesetting import SERIF, SERIF_TEXT, fitted

#: Seeds of nine medallions in many colours; not ids of people.
CARPET: Final = ("sel", "nar", "buta", "xari", "alma", "qonca", "ulduz", "lale", "zer")
KNOT, GAP, MARGIN = 128, 14, 22
GUTTER = 64
NAME_SIZES, LINE_SIZES = (84, 78, 72, 66, 60, 54), (36, 34, 32)
NAME_LEADING, LINE_LEADING = 1.12, 1.34
MARK_SIDE = 72


@dataclass(frozen=True)
class BankText:
    """The text of the card, in the language of the page."""

    name: str
    line: str


def draw_bank(text: BankText) -> bytes:
    """Return the card as PNG."""
    picture = blank(OWN_DYES)
    side = 3 * KNOT + 2 * GAP
    left, top = WIDTH - LEFT - side - MARGIN, (FOOT - side) // 2
    box = (left - MARGIN, top - MARGIN, left + side + MARGIN, top + side + MARGIN)
    put_frame(picture, box, OWN_DYES)
    for place, word in enumerate(CARPET):
        row, column = divmod(place, 3)
        x, y = left + column * (KNOT + GAP), top + row * (KNOT + GAP)
        put_shapes(picture, layers(word), KNOT, x, y)
    room = box[0] - 18 - GUTTER - LEFT
    name = fitted(text.name, SERIF, room, NAME_SIZES, 3)
    line = fitted(text.line, SERIF_TEXT, room, LINE_SIZES, 2)
    high = MARK_SIDE + 26 + name.height(NAME_LEADING) + 22 + line.height(LINE_LEADING)
    y = (FOOT - high) // 2
    put_shapes(picture, MARK, MARK_SIDE, LEFT, y)
    y += MARK_SIDE + 26
    put_lines(picture, name, LEFT, y, INK, NAME_LEADING)
    y += name.height(NAME_LEADING) + 22
    put_lines(picture, line, LEFT, y, SOFT, LINE_LEADING)
    return as_png(picture)
