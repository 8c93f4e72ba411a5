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
from biobank.records.media.urls import SQUARE

#: Largest accepted file in bytes. A desk form may be 8,000,000 bytes in total.
MAX_PICTURE_BYTES: Final = 7_500_000
MAX_PICTURE_PIXELS: Final = 40_000_000
#: Longest long side and shortest short side in pixels.
MAX_SIDE_PIXELS, MIN_SIDE_PIXELS = 20_000, 64
#: Scans of a JPEG: ten are usual, and each takes as long as decoding the whole picture.
MAX_JPEG_SCANS: Final = 40
#: Long sides of the stored files in pixels; none is larger than the uploaded picture.
LONG_SIDES_PIXELS: Final = (160, 320, 640, 1280)
#: Side of the square crop in pixels: 56 CSS pixels on the widest card, at double density.
SQUARE_SIDE_PIXELS: Final = 128
#: Centre of the square crop: faces are above the middle of tall pictures.
SQUARE_CENTERING: Final = (0.5, 0.25)
#: WebP quality, 0 to 100: higher values make no visible difference at these sizes.
WEBP_QUALITY: Final = 82

_SIGNATURES: Final = {"JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n\x1a\n", "WEBP": b"RIFF"}
#: The largest picture takes 200 MB to decode, as WebP 500 MB: one at a time per process.
_decoding_lock = Lock()


@dataclass(frozen=True)
class ProcessedImage:
    """A processed picture: WebP files by long side or SQUARE, and the size of the largest."""

    width: int
    height: int
    sizes: tuple[int, ...]
    files: Mapping[int | str, bytes]


def process_image(data: bytes) -> ProcessedImage:
    """Convert an uploaded picture into the files to store.

    Raises:
        PictureRefused: the code gives the reason.
    """
    if len(data) > MAX_PICTURE_BYTES:
        raise PictureRefused("picture_heavy")
    format_name = _detect_format(data)
    if format_name == "JPEG" and data.count(b"\xff\xda") > MAX_JPEG_SCANS:
        raise PictureRefused("picture_broken")
    with _decoding_lock:
        return _render_sizes(_decode(data, format_name))


def _detect_format(data: bytes) -> str:
    """Return the image format by the magic number, ignoring the file name."""
    for format_name, signature in _SIGNATURES.items():
        if data.startswith(signature) and (format_name != "WEBP" or data[8:12] == b"WEBP"):
            return format_name
    raise PictureRefused("picture_unknown")


def _decode(data: bytes, format_name: str) -> Pixels:
    """Return the upright, downscaled picture without metadata."""
    try:
        with Image.open(BytesIO(data), formats=[format_name]) as opened:
            _check_header(opened, format_name)
            # Decodes a large JPEG at 1/2, 1/4 or 1/8 of its size, which saves memory.
            opened.draft("RGB", (2 * LONG_SIDES_PIXELS[-1], 2 * LONG_SIDES_PIXELS[-1]))
            opened.load()
            ImageOps.exif_transpose(opened, in_place=True)
            return _strip_to_pixels(opened)
    except PictureRefused:
        raise
    except (DecompressionBombError, DecompressionBombWarning) as error:
        raise PictureRefused("picture_large") from error
    except Exception as error:
        # Decoders raise many types of errors on corrupt files, even IndexError and struct.error.
        raise PictureRefused("picture_broken") from error


def _check_header(opened: Pixels, format_name: str) -> None:
    """Check size and animation in the header, before anything is decoded."""
    width, height = opened.size
    if width * height > MAX_PICTURE_PIXELS or max(width, height) > MAX_SIDE_PIXELS:
        raise PictureRefused("picture_large")
    if min(width, height) < MIN_SIDE_PIXELS:
        raise PictureRefused("picture_small")
    # Phones store several pictures in one JPEG (MPO); the first is the photograph.
    if format_name != "JPEG" and getattr(opened, "is_animated", False):
        raise PictureRefused("picture_moves")


def _strip_to_pixels(image: Pixels) -> Pixels:
    """Return a new image of the pixels only, in one of WebP's two modes."""
    if image.mode.startswith("I"):
        # 16-bit greyscale; a plain conversion would clip all but the darkest values.
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    mode = "RGBA" if has_alpha else "RGB"
    # Converting to the same mode would copy the whole picture.
    pixels = image if image.mode == mode else image.convert(mode)
    pixels.thumbnail((LONG_SIDES_PIXELS[-1], LONG_SIDES_PIXELS[-1]), Image.Resampling.LANCZOS)
    return Image.frombytes(mode, pixels.size, pixels.tobytes())


def _render_sizes(image: Pixels) -> ProcessedImage:
    long_side = max(image.size)
    sizes = (*(size for size in LONG_SIDES_PIXELS if size < long_side), long_side)
    files: dict[int | str, bytes] = {}
    for size in sizes:
        copy = image.copy()
        copy.thumbnail((size, size), Image.Resampling.LANCZOS)
        files[size] = _encode_webp(copy)
    side = min(SQUARE_SIDE_PIXELS, *image.size)
    files[SQUARE] = _encode_webp(ImageOps.fit(image, (side, side), centering=SQUARE_CENTERING))
    return ProcessedImage(*image.size, sizes, files)


def _encode_webp(image: Pixels) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "WEBP", quality=WEBP_QUALITY, method=4)
    return buffer.getvalue()
