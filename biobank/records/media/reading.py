"""Image processing: from uploaded bytes to the stored WebP files.

The format is detected from the content only, and nothing but the pixels is kept: no metadata, no
colour profile, no thumbnail, no trailing data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import Final

from PIL import Image, ImageOps
from PIL.Image import DecompressionBombError, DecompressionBombWarning
from PIL.Image import Image as Pixels

from biobank.errors import PictureRefused
from biobank.records.media.addresses import SQUARE

#: Largest accepted file in bytes. A desk form may be 8,000,000 bytes in total.
BYTES_MOST: Final = 7_500_000
PIXELS_MOST: Final = 40_000_000
#: Longest long side and shortest short side in pixels.
SIDE_MOST, SIDE_LEAST = 20_000, 64
#: Scans of a JPEG: ten are usual, and each takes as long as decoding the whole picture.
SCANS_MOST: Final = 40
#: Long sides of the stored files in pixels; none is larger than the uploaded picture.
SIZES: Final = (160, 320, 640, 1280)
#: Side of the square crop in pixels: 56 CSS pixels on the widest card, at double density.
SQUARE_SIDE: Final = 128
#: Centre of the square crop: faces are above the middle of tall pictures.
FACE: Final = (0.5, 0.25)
#: WebP quality, 0 to 100: higher values make no visible difference at these sizes.
QUALITY: Final = 82

_KINDS: Final = {"JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n\x1a\n", "WEBP": b"RIFF"}
#: The largest picture takes 200 MB to decode, as WebP 500 MB: one at a time per process.
_one_at_a_time = Lock()


@dataclass(frozen=True)
class Cleaned:
    """A processed picture: WebP files by long side or SQUARE, and the size of the largest."""

    width: int
    height: int
    sizes: tuple[int, ...]
    files: Mapping[int | str, bytes]


def clean(data: bytes) -> Cleaned:
    """Convert an uploaded picture into the files to store.

    Raises:
        PictureRefused: the code gives the reason.
    """
    if len(data) > BYTES_MOST:
        raise PictureRefused("picture_heavy")
    kind = _kind(data)
    if kind == "JPEG" and data.count(b"\xff\xda") > SCANS_MOST:
        raise PictureRefused("picture_broken")
    with _one_at_a_time:
        return _files(_pixels(data, kind))


def _kind(data: bytes) -> str:
    """Return the image format by the magic number, ignoring the file name."""
    for kind, mark in _KINDS.items():
        if data.startswith(mark) and (kind != "WEBP" or data[8:12] == b"WEBP"):
            return kind
    raise PictureRefused("picture_unknown")


def _pixels(data: bytes, kind: str) -> Pixels:
    """Return the upright, downscaled picture without metadata."""
    try:
        with Image.open(BytesIO(data), formats=[kind]) as opened:
            _check(opened, kind)
            # Decodes a large JPEG at 1/2, 1/4 or 1/8 of its size, which saves memory.
            opened.draft("RGB", (2 * SIZES[-1], 2 * SIZES[-1]))
            opened.load()
            ImageOps.exif_transpose(opened, in_place=True)
            return _bare(opened)
    except PictureRefused:
        raise
    except (DecompressionBombError, DecompressionBombWarning) as error:
        raise PictureRefused("picture_large") from error
    except Exception as error:
        # Decoders raise many types of errors on corrupt files, even IndexError and struct.error.
        raise PictureRefused("picture_broken") from error


def _check(opened: Pixels, kind: str) -> None:
    """Check size and animation in the header, before anything is decoded."""
    width, height = opened.size
    if width * height > PIXELS_MOST or max(width, height) > SIDE_MOST:
        raise PictureRefused("picture_large")
    if min(width, height) < SIDE_LEAST:
        raise PictureRefused("picture_small")
    # Phones store several pictures in one JPEG (MPO); the first is the photograph.
    if kind != "JPEG" and getattr(opened, "is_animated", False):
        raise PictureRefused("picture_moves")


def _bare(image: Pixels) -> Pixels:
    """Return a new image of the pixels only, in one of WebP's two modes."""
    if image.mode.startswith("I"):
        # 16-bit greyscale; a plain conversion would clip all but the darkest values.
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    through = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    mode = "RGBA" if through else "RGB"
    # Converting to the same mode would copy the whole picture.
    pixels = image if image.mode == mode else image.convert(mode)
    pixels.thumbnail((SIZES[-1], SIZES[-1]), Image.Resampling.LANCZOS)
    return Image.frombytes(mode, pixels.size, pixels.tobytes())


def _files(image: Pixels) -> Cleaned:
    long = max(image.size)
    sizes = (*(size for size in SIZES if size < long), long)
    files: dict[int | str, bytes] = {}
    for size in sizes:
        copy = image.copy()
        copy.thumbnail((size, size), Image.Resampling.LANCZOS)
        files[size] = _webp(copy)
    side = min(SQUARE_SIDE, *image.size)
    files[SQUARE] = _webp(ImageOps.fit(image, (side, side), centering=FACE))
    return Cleaned(*image.size, sizes, files)


def _webp(image: Pixels) -> bytes:
    written = BytesIO()
    image.save(written, "WEBP", quality=QUALITY, method=4)
    return written.getvalue()
