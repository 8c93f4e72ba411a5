"""The social card of the bank: its name beside a carpet of nine medallions.

Sizes are in pixels.
"""

from typing import Final

from biobank.web.core.social_meta import CARD_WIDTH, BankCardText
from biobank.web.sharing.canvas import (
    BANK_MARK,
    BANK_PALETTE,
    CONTENT_BOTTOM,
    INK_COLOUR,
    LEFT_MARGIN,
    MUTED_COLOUR,
    blank_card,
    draw_frame,
    draw_shapes,
    draw_text,
    encode_png,
)
from biobank.web.sharing.medallion import layers
from biobank.web.sharing.typesetting import SERIF, SERIF_TEXT, fit_text

#: Seeds of nine medallions in many colours; not ids of people.
CARPET_SEEDS: Final = ("sel", "nar", "buta", "xari", "alma", "qonca", "ulduz", "lale", "zer")
TILE_SIZE, TILE_GAP, CARPET_MARGIN = 128, 14, 22
BANK_TEXT_GUTTER = 64
BANK_NAME_SIZES, TAGLINE_SIZES = (84, 78, 72, 66, 60, 54), (36, 34, 32)
BANK_NAME_LEADING, TAGLINE_LEADING = 1.12, 1.34
BANK_MARK_SIZE = 72


def render_bank_card(text: BankCardText) -> bytes:
    """Return the card as PNG."""
    picture = blank_card(BANK_PALETTE)
    side = 3 * TILE_SIZE + 2 * TILE_GAP
    left, top = CARD_WIDTH - LEFT_MARGIN - side - CARPET_MARGIN, (CONTENT_BOTTOM - side) // 2
    box = (left - CARPET_MARGIN, top - CARPET_MARGIN, left + side + CARPET_MARGIN, top + side + CARPET_MARGIN)
    draw_frame(picture, box, BANK_PALETTE)
    for index, word in enumerate(CARPET_SEEDS):
        row, column = divmod(index, 3)
        x, y = left + column * (TILE_SIZE + TILE_GAP), top + row * (TILE_SIZE + TILE_GAP)
        draw_shapes(picture, layers(word), TILE_SIZE, x, y)
    max_width = box[0] - 18 - BANK_TEXT_GUTTER - LEFT_MARGIN
    name = fit_text(text.name, SERIF, max_width, BANK_NAME_SIZES, 3)
    tagline = fit_text(text.tagline, SERIF_TEXT, max_width, TAGLINE_SIZES, 2)
    height = BANK_MARK_SIZE + 26 + name.height(BANK_NAME_LEADING) + 22 + tagline.height(TAGLINE_LEADING)
    y = (CONTENT_BOTTOM - height) // 2
    draw_shapes(picture, BANK_MARK, BANK_MARK_SIZE, LEFT_MARGIN, y)
    y += BANK_MARK_SIZE + 26
    draw_text(picture, name, LEFT_MARGIN, y, INK_COLOUR, BANK_NAME_LEADING)
    y += name.height(BANK_NAME_LEADING) + 22
    draw_text(picture, tagline, LEFT_MARGIN, y, MUTED_COLOUR, TAGLINE_LEADING)
    return encode_png(picture)
