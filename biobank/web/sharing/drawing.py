"""The drawing of social cards.

The card of a person has name, years, headline, and medallion or portrait; that of the bank its
name beside a carpet of nine medallions. Sizes are in pixels.
"""

from typing import Final

from PIL.Image import Image as Pixels

from biobank.web.core.social_meta import CARD_WIDTH, PORTRAIT_SIZE, BankCardText, CardText
from biobank.web.sharing.canvas import (
    BANK_MARK,
    BANK_PALETTE,
    CONTENT_BOTTOM,
    INK_COLOUR,
    LEFT_MARGIN,
    MUTED_COLOUR,
    Palette,
    blank_card,
    draw_footer,
    draw_frame,
    draw_portrait,
    draw_shapes,
    draw_text,
    encode_png,
    open_image,
    palette_for,
)
from biobank.web.sharing.medallion import layers
from biobank.web.sharing.typesetting import SANS, SERIF, SERIF_TEXT, TextBlock, fit_text

#: Gap between the text and the picture at the right.
PERSON_TEXT_GUTTER = 56
MEDALLION_SIZE = 396
#: Width of the border around the portrait, and height of the credit below it.
PORTRAIT_BORDER, CREDIT_HEIGHT = 18, 44
#: Vertical range in which the text is centred.
TEXT_TOP, TEXT_BOTTOM = 40, 520
PERSON_NAME_SIZES, LONG_NAME_SIZES = (92, 84, 76, 70, 64), (66, 60, 54, 48, 44)
HEADLINE_SIZES = (35, 33, 31)
YEARS_SIZE = 36
CREDIT_SIZES = (18, 17, 16, 15)
#: Line heights, as multiples of the font size.
PERSON_NAME_LEADING, YEARS_LEADING, HEADLINE_LEADING, CREDIT_LEADING = 1.1, 1.2, 1.34, 1.3
NAME_MARGIN, YEARS_MARGIN = 20, 24
#: Seeds of nine medallions in many colours; not ids of people.
CARPET_SEEDS: Final = ("sel", "nar", "buta", "xari", "alma", "qonca", "ulduz", "lale", "zer")
TILE_SIZE, TILE_GAP, CARPET_MARGIN = 128, 14, 22
BANK_TEXT_GUTTER = 64
BANK_NAME_SIZES, TAGLINE_SIZES = (84, 78, 72, 66, 60, 54), (36, 34, 32)
BANK_NAME_LEADING, TAGLINE_LEADING = 1.12, 1.34
BANK_MARK_SIZE = 72


def render_person_card(text: CardText, portrait: bytes | None) -> bytes:
    """Return the card as PNG; `portrait` is the content of a stored picture file."""
    palette = palette_for(text.id)
    picture = blank_card(palette)
    if portrait:
        left = _draw_portrait(picture, portrait, text.credit, palette)
    else:
        left = CARD_WIDTH - LEFT_MARGIN - MEDALLION_SIZE + 12
        draw_shapes(picture, layers(text.id), MEDALLION_SIZE, left, (CONTENT_BOTTOM - MEDALLION_SIZE) // 2)
    _draw_text(picture, text, left - PERSON_TEXT_GUTTER - LEFT_MARGIN)
    draw_footer(picture, text.bank)
    return encode_png(picture)


def _draw_portrait(picture: Pixels, portrait: bytes, credit: str, palette: Palette) -> int:
    """Draw the portrait with border and credit, and return the x of its left edge."""
    width, height = PORTRAIT_SIZE
    left = CARD_WIDTH - LEFT_MARGIN - width - PORTRAIT_BORDER
    top = (CONTENT_BOTTOM - height - (CREDIT_HEIGHT if credit else 0)) // 2
    box = (left, top, left + width, top + height)
    draw_frame(picture, box, palette)
    draw_portrait(picture, open_image(portrait), box)
    if credit:
        lines = fit_text(credit, SANS, width + 2 * PORTRAIT_BORDER, CREDIT_SIZES, 2)
        draw_text(
            picture,
            lines,
            left - PORTRAIT_BORDER,
            box[3] + PORTRAIT_BORDER + 10,
            MUTED_COLOUR,
            CREDIT_LEADING,
        )
    return left - PORTRAIT_BORDER


def _draw_text(picture: Pixels, text: CardText, max_width: int) -> None:
    """Draw name, years and headline below each other, vertically centred."""
    name = fit_text(text.name, SERIF, max_width, PERSON_NAME_SIZES, 2)
    if len(name.lines) > 2 or name.is_cut:
        name = fit_text(text.name, SERIF, max_width, LONG_NAME_SIZES, 3)
    years = TextBlock((text.years,) if text.years else (), YEARS_SIZE, SERIF_TEXT)
    above = (
        (name, PERSON_NAME_LEADING, INK_COLOUR, NAME_MARGIN),
        (years, YEARS_LEADING, palette_for(text.id).ground, YEARS_MARGIN),
    )
    height = sum(block.height(leading) + gap for block, leading, _colour, gap in above if block.lines)
    max_lines = int((TEXT_BOTTOM - TEXT_TOP - height) / (HEADLINE_SIZES[0] * HEADLINE_LEADING))
    headline = fit_text(text.headline, SERIF_TEXT, max_width, HEADLINE_SIZES, max(1, max_lines))
    height += headline.height(HEADLINE_LEADING)
    parts = (*above, (headline, HEADLINE_LEADING, MUTED_COLOUR, 0))
    y = TEXT_TOP + max(0, (TEXT_BOTTOM - TEXT_TOP - height) // 2)
    for block, leading, colour, gap in parts:
        draw_text(picture, block, LEFT_MARGIN, y, colour, leading)
        y += block.height(leading) + gap if block.lines else 0


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
