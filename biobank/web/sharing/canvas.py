"""Drawing primitives of social cards: background, woven edge, medallion, portrait and text.

Sizes are in pixels; 1200 × 630 is the size that all large networks recommend.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageOps
from PIL.Image import Image as Pixels

from biobank.records.media.reading import FACE
from biobank.web.medallion import HALF, INDIGO, MADDER, SAFFRON, WOOL, Layer, layers
from biobank.web.medallion_shapes import Polygon, diamond, star
from biobank.web.sharing.typesetting import SANS, Lines, face

WIDTH, HEIGHT = 1200, 630
INK, SOFT = "#2a211c", "#514339"
#: Factor by which shapes are drawn larger before they are scaled down, for smooth edges.
FINER: Final = 4
#: Height of the woven edge at the bottom, and width of its repeat (two diamonds).
EDGE: Final = 26
EDGE_STEP: Final = 78
#: The y where the content ends, and the x where it begins.
FOOT: Final = HEIGHT - EDGE
LEFT: Final = 72
#: Logo size, font size and vertical centre of the footer.
MARK_SIDE, BANK_SIZE, BANK_MIDDLE = 40, 25, FOOT - 46


@dataclass(frozen=True)
class Dyes:
    """The three colours of a medallion, used for the whole card."""

    ground: str
    field: str
    accent: str


#: Colours of the logo.
OWN_DYES: Final = Dyes(MADDER, INDIGO, SAFFRON)
#: The logo, as in static/mark.svg: the star of Shirvan in two squares.
MARK: Final = (
    Layer(SAFFRON, (star(31.8),)),
    Layer(MADDER, (star(30.0),)),
    Layer(WOOL, (star(20.0),)),
    Layer(INDIGO, (star(18.0),)),
    Layer(WOOL, (diamond(10.5),)),
    Layer(SAFFRON, (diamond(8.2),)),
    Layer(MADDER, (diamond(3.4),)),
)


def dyes_of(person_id: str) -> Dyes:
    found = layers(person_id)
    return Dyes(ground=found[1].colour, field=found[4].colour, accent=found[0].colour)


def blank(dyes: Dyes) -> Pixels:
    """Create an empty card with a woven edge."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), WOOL)
    picture.paste(_edge(dyes), (0, HEIGHT - EDGE))
    return picture


def put_shapes(picture: Pixels, shapes: Iterable[Layer], side: int, x: int, y: int) -> None:
    """Draw a medallion or the logo with its upper left corner at `x`, `y`."""
    drawn = Image.new("RGB", (side * FINER, side * FINER), WOOL)
    draw = ImageDraw.Draw(drawn)
    unit = side * FINER / (2 * HALF)
    for layer in shapes:
        for polygon in layer.polygons:
            draw.polygon(_scaled(polygon, unit), fill=layer.colour)
    picture.paste(drawn.resize((side, side), Image.Resampling.LANCZOS), (x, y))


def put_portrait(picture: Pixels, portrait: Pixels, box: tuple[int, int, int, int]) -> None:
    """Draw a portrait cropped to `box` (left, top, right, bottom) around the usual face area."""
    left, top, right, bottom = box
    size = (right - left, bottom - top)
    fitted = ImageOps.fit(portrait, size, Image.Resampling.LANCZOS, centering=FACE)
    picture.paste(fitted, (left, top))


def put_frame(picture: Pixels, box: tuple[int, int, int, int], dyes: Dyes) -> None:
    """Draw a carpet border around the outside of `box`."""
    draw = ImageDraw.Draw(picture)
    left, top, right, bottom = box
    for out, colour in ((18, dyes.ground), (10, WOOL), (6, dyes.accent), (3, WOOL)):
        draw.rectangle((left - out, top - out, right + out - 1, bottom + out - 1), fill=colour)


def put_lines(
    picture: Pixels, text: Lines, x: int, y: int, colour: str, leading: float = 1.2
) -> None:
    """Draw the lines of a text block, the top of the first at `y`."""
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(text.lines):
        # Align on the baseline, so that the heights of letters do not matter.
        foot = y + round((number * leading + leading / 2 + 0.35) * text.size)
        draw.text((x, foot), line, fill=colour, font=face(text.font, text.size), anchor="ls")


def put_bank(picture: Pixels, name: str) -> None:
    """Draw the logo and the name of the bank at the bottom."""
    put_shapes(picture, MARK, MARK_SIDE, LEFT, BANK_MIDDLE - MARK_SIDE // 2)
    line = Lines((name,), BANK_SIZE, SANS)
    put_lines(picture, line, LEFT + MARK_SIDE + 16, BANK_MIDDLE - round(BANK_SIZE * 0.6), SOFT)


def as_png(picture: Pixels) -> bytes:
    written = BytesIO()
    picture.save(written, "PNG", compress_level=6)
    return written.getvalue()


def opened(content: bytes) -> Pixels:
    """Open a stored WebP file and flatten its transparency onto the background colour."""
    with Image.open(BytesIO(content), formats=["WEBP"]) as found:
        through = found.convert("RGBA")
    wool = Image.new("RGBA", through.size, WOOL)
    return Image.alpha_composite(wool, through).convert("RGB")


def _edge(dyes: Dyes) -> Pixels:
    """Return a strip of diamonds in alternating colours, as below the header of pages."""
    step, high = EDGE_STEP * FINER, EDGE * FINER
    tile = Image.new("RGB", (step, high), dyes.ground)
    draw = ImageDraw.Draw(tile)
    for middle, outer, inner in (
        (step / 4, WOOL, dyes.field),
        (step * 3 / 4, dyes.accent, dyes.ground),
    ):
        for wide, colour in ((0.165, outer), (0.078, inner)):
            half = (step * wide, high * wide * 2.2)
            draw.polygon(_rhombus((middle, high / 2), half), fill=colour)
    small = tile.resize((EDGE_STEP, EDGE), Image.Resampling.LANCZOS)
    strip = Image.new("RGB", (WIDTH, EDGE))
    for x in range(0, WIDTH, EDGE_STEP):
        strip.paste(small, (x, 0))
    return strip


def _rhombus(middle: tuple[float, float], half: tuple[float, float]) -> list[tuple[float, float]]:
    (x, y), (wide, high) = middle, half
    return [(x, y - high), (x + wide, y), (x, y + high), (x - wide, y)]


def _scaled(polygon: Polygon, unit: float) -> list[tuple[float, float]]:
    return [((HALF + x) * unit, (HALF + y) * unit) for x, y in polygon]
