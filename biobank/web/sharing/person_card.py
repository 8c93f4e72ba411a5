"""The social card of a person: name, years, headline, and medallion or portrait.

Sizes are in pixels.
"""

from dataclasses import dataclass

from PIL.Image import Image as Pixels

from biobank.web.medallion import layers
from biobank.web.sharing.canvas import (
    FOOT,
    INK,
    LEFT,
    SOFT,
    WIDTH,
    Dyes,
    as_png,
    blank,
    dyes_of,
    opened,
    put_bank,
    put_frame,
    put_lines,
    put_portrait,
    put_shapes,
)
from biobank.web.sharing.typesetting import SANS, SERIF, SERIF_TEXT, Lines, fitted

#: Gap between the text and the picture at the right.
GUTTER = 56
MEDALLION = 396
PORTRAIT = (356, 432)
#: Width of the border around the portrait, and height of the credit below it.
BORDER, CREDIT_ROOM = 18, 44
#: Vertical range in which the text is centred.
TEXT_TOP, TEXT_FOOT = 40, 520
NAME_SIZES, LONG_NAME_SIZES = (92, 84, 76, 70, 64), (66, 60, 54, 48, 44)
HEADLINE_SIZES = (35, 33, 31)
YEARS_SIZE = 36
CREDIT_SIZES = (18, 17, 16, 15)
#: Line heights, as multiples of the font size.
NAME_LEADING, YEARS_LEADING, HEADLINE_LEADING, CREDIT_LEADING = 1.1, 1.2, 1.34, 1.3
AFTER_NAME, AFTER_YEARS = 20, 24


@dataclass(frozen=True)
class CardText:
    """The text of a card; all but the name may be empty. `credit` is that of the portrait."""

    id: str
    name: str
    years: str
    headline: str
    bank: str
    credit: str = ""


def draw_person(text: CardText, portrait: bytes | None) -> bytes:
    """Return the card as PNG; `portrait` is the content of a stored picture file."""
    dyes = dyes_of(text.id)
    picture = blank(dyes)
    if portrait:
        left = _put_portrait(picture, portrait, text.credit, dyes)
    else:
        left = WIDTH - LEFT - MEDALLION + 12
        put_shapes(picture, layers(text.id), MEDALLION, left, (FOOT - MEDALLION) // 2)
    _put_text(picture, text, left - GUTTER - LEFT)
    put_bank(picture, text.bank)
    return as_png(picture)


def _put_portrait(picture: Pixels, portrait: bytes, credit: str, dyes: Dyes) -> int:
    """Draw the portrait with border and credit, and return the x of its left edge."""
    wide, high = PORTRAIT
    left = WIDTH - LEFT - wide - BORDER
    top = (FOOT - high - (CREDIT_ROOM if credit else 0)) // 2
    box = (left, top, left + wide, top + high)
    put_frame(picture, box, dyes)
    put_portrait(picture, opened(portrait), box)
    if credit:
        lines = fitted(credit, SANS, wide + 2 * BORDER, CREDIT_SIZES, 2)
        put_lines(picture, lines, left - BORDER, box[3] + BORDER + 10, SOFT, CREDIT_LEADING)
    return left - BORDER


def _put_text(picture: Pixels, text: CardText, room: int) -> None:
    """Draw name, years and headline below each other, vertically centred."""
    name = fitted(text.name, SERIF, room, NAME_SIZES, 2)
    if len(name.lines) > 2 or name.is_cut:
        name = fitted(text.name, SERIF, room, LONG_NAME_SIZES, 3)
    years = Lines((text.years,) if text.years else (), YEARS_SIZE, SERIF_TEXT)
    above = (
        (name, NAME_LEADING, INK, AFTER_NAME),
        (years, YEARS_LEADING, dyes_of(text.id).ground, AFTER_YEARS),
    )
    high = sum(its.height(leading) + gap for its, leading, _colour, gap in above if its.lines)
    most = int((TEXT_FOOT - TEXT_TOP - high) / (HEADLINE_SIZES[0] * HEADLINE_LEADING))
    headline = fitted(text.headline, SERIF_TEXT, room, HEADLINE_SIZES, max(1, most))
    high += headline.height(HEADLINE_LEADING)
    parts = (*above, (headline, HEADLINE_LEADING, SOFT, 0))
    y = TEXT_TOP + max(0, (TEXT_FOOT - TEXT_TOP - high) // 2)
    for its, leading, colour, gap in parts:
        put_lines(picture, its, LEFT, y, colour, leading)
        y += its.height(leading) + gap if its.lines else 0
