"""Drawing primitives of social cards: background, woven edge, medallion, portrait and text.

Sizes are in pixels; 1200 × 630 is the size that all large networks recommend.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageOps
from PIL.Image import Image as Pixels

from biobank.records.media.image_processing import SQUARE_CENTERING
from biobank.web.core.social_meta import CARD_HEIGHT, CARD_WIDTH
from biobank.web.sharing.medallion import HALF_SIZE, INDIGO, MADDER, SAFFRON, WOOL, Layer, layers
from biobank.web.sharing.medallion_shapes import Polygon, diamond, star
from biobank.web.sharing.typesetting import SANS, TextBlock, load_font

INK_COLOUR, MUTED_COLOUR = "#2a211c", "#514339"
#: Factor by which shapes are drawn larger before they are scaled down, for smooth edges.
SUPERSAMPLING: Final = 4
#: Height of the woven edge at the bottom, and width of its repeat (two diamonds).
EDGE_HEIGHT: Final = 26
EDGE_PERIOD: Final = 78
#: The y where the content ends, and the x where it begins.
CONTENT_BOTTOM: Final = CARD_HEIGHT - EDGE_HEIGHT
LEFT_MARGIN: Final = 72
#: Logo size, font size and vertical centre of the footer.
FOOTER_MARK_SIZE, FOOTER_FONT_SIZE, FOOTER_MIDDLE = 40, 25, CONTENT_BOTTOM - 46


@dataclass(frozen=True)
class Palette:
    """The three colours of a medallion, used for the whole card."""

    ground: str
    field: str
    accent: str


#: Colours of the logo.
BANK_PALETTE: Final = Palette(MADDER, INDIGO, SAFFRON)
#: The logo, as in static/mark.svg: the star of Shirvan in two squares.
BANK_MARK: Final = (
    Layer(SAFFRON, (star(31.8),)),
    Layer(MADDER, (star(30.0),)),
    Layer(WOOL, (star(20.0),)),
    Layer(INDIGO, (star(18.0),)),
    Layer(WOOL, (diamond(10.5),)),
    Layer(SAFFRON, (diamond(8.2),)),
    Layer(MADDER, (diamond(3.4),)),
)


def palette_for(person_id: str) -> Palette:
    shapes = layers(person_id)
    return Palette(ground=shapes[1].colour, field=shapes[4].colour, accent=shapes[0].colour)


def blank_card(palette: Palette) -> Pixels:
    """Create an empty card with a woven edge."""
    picture = Image.new("RGB", (CARD_WIDTH, CARD_HEIGHT), WOOL)
    picture.paste(_edge(palette), (0, CARD_HEIGHT - EDGE_HEIGHT))
    return picture


def draw_shapes(picture: Pixels, shapes: Iterable[Layer], side: int, x: int, y: int) -> None:
    """Draw a medallion or the logo with its upper left corner at `x`, `y`."""
    tile = Image.new("RGB", (side * SUPERSAMPLING, side * SUPERSAMPLING), WOOL)
    drawing = ImageDraw.Draw(tile)
    unit = side * SUPERSAMPLING / (2 * HALF_SIZE)
    for layer in shapes:
        for polygon in layer.polygons:
            drawing.polygon(_scaled(polygon, unit), fill=layer.colour)
    picture.paste(tile.resize((side, side), Image.Resampling.LANCZOS), (x, y))


def draw_portrait(picture: Pixels, portrait: Pixels, box: tuple[int, int, int, int]) -> None:
    """Draw a portrait cropped to `box` (left, top, right, bottom) around the usual face area."""
    left, top, right, bottom = box
    size = (right - left, bottom - top)
    cropped = ImageOps.fit(portrait, size, Image.Resampling.LANCZOS, centering=SQUARE_CENTERING)
    picture.paste(cropped, (left, top))


def draw_frame(picture: Pixels, box: tuple[int, int, int, int], palette: Palette) -> None:
    """Draw a carpet border around the outside of `box`."""
    drawing = ImageDraw.Draw(picture)
    left, top, right, bottom = box
    for offset, colour in ((18, palette.ground), (10, WOOL), (6, palette.accent), (3, WOOL)):
        drawing.rectangle((left - offset, top - offset, right + offset - 1, bottom + offset - 1), fill=colour)


def draw_text(picture: Pixels, text: TextBlock, x: int, y: int, colour: str, leading: float = 1.2) -> None:
    """Draw the lines of a text block, the top of the first at `y`."""
    drawing = ImageDraw.Draw(picture)
    for number, line in enumerate(text.lines):
        # Align on the baseline, so that the heights of letters do not matter.
        baseline = y + round((number * leading + leading / 2 + 0.35) * text.size)
        drawing.text((x, baseline), line, fill=colour, font=load_font(text.font, text.size), anchor="ls")


def draw_footer(picture: Pixels, name: str) -> None:
    """Draw the logo and the name of the bank at the bottom."""
    draw_shapes(picture, BANK_MARK, FOOTER_MARK_SIZE, LEFT_MARGIN, FOOTER_MIDDLE - FOOTER_MARK_SIZE // 2)
    line = TextBlock((name,), FOOTER_FONT_SIZE, SANS)
    draw_text(
        picture,
        line,
        LEFT_MARGIN + FOOTER_MARK_SIZE + 16,
        FOOTER_MIDDLE - round(FOOTER_FONT_SIZE * 0.6),
        MUTED_COLOUR,
    )


def encode_png(picture: Pixels) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


def open_image(content: bytes) -> Pixels:
    """Open a stored WebP file and flatten its transparency onto the background colour."""
    with Image.open(BytesIO(content), formats=["WEBP"]) as image:
        rgba = image.convert("RGBA")
    background = Image.new("RGBA", rgba.size, WOOL)
    return Image.alpha_composite(background, rgba).convert("RGB")


def _edge(palette: Palette) -> Pixels:
    """Return a strip of diamonds in alternating colours, as below the header of pages."""
    step, height = EDGE_PERIOD * SUPERSAMPLING, EDGE_HEIGHT * SUPERSAMPLING
    tile = Image.new("RGB", (step, height), palette.ground)
    drawing = ImageDraw.Draw(tile)
    for middle, outer, inner in (
        (step / 4, WOOL, palette.field),
        (step * 3 / 4, palette.accent, palette.ground),
    ):
        for width, colour in ((0.165, outer), (0.078, inner)):
            half = (step * width, height * width * 2.2)
            drawing.polygon(_rhombus((middle, height / 2), half), fill=colour)
    small = tile.resize((EDGE_PERIOD, EDGE_HEIGHT), Image.Resampling.LANCZOS)
    strip = Image.new("RGB", (CARD_WIDTH, EDGE_HEIGHT))
    for x in range(0, CARD_WIDTH, EDGE_PERIOD):
        strip.paste(small, (x, 0))
    return strip


def _rhombus(centre: tuple[float, float], half: tuple[float, float]) -> list[tuple[float, float]]:
    (x, y), (half_width, half_height) = centre, half
    return [(x, y - half_height), (x + half_width, y), (x, y + half_height), (x - half_width, y)]


def _scaled(polygon: Polygon, unit: float) -> list[tuple[float, float]]:
    return [((HALF_SIZE + x) * unit, (HALF_SIZE + y) * unit) for x, y in polygon]
