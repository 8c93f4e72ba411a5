"""From the bytes that somebody sent to clean pixels, and from these to the files that are kept.

What was sent is looked at by its content alone, and nothing of it goes further but pixels: no
metadata, no colour profile, no thumbnail, nothing hidden behind the picture.
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

#: Bytes of a file. A form of the desk may be 8,000,000 all in all (BODY_MOST of the app).
BYTES_MOST: Final = 7_500_000
PIXELS_MOST: Final = 40_000_000
#: Of the long and of the short side.
SIDE_MOST, SIDE_LEAST = 20_000, 64
#: Scans of a JPEG: ten are usual, and each takes as long as the whole picture.
SCANS_MOST: Final = 40
#: Long sides of the files that are kept; none is larger than what was sent.
SIZES: Final = (160, 320, 640, 1280)
#: The side of the square: 56 CSS pixels of the widest card, on a screen of double density.
SQUARE_SIDE: Final = 128
#: Where the square is cut from a picture that is taller than wide: faces are above the middle.
FACE: Final = (0.5, 0.25)
#: Of WebP, from 0 to 100: portraits show no difference above it at these sizes.
QUALITY: Final = 82

_KINDS: Final = {"JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n\x1a\n", "WEBP": b"RIFF"}
#: A picture of PIXELS_MOST takes 200 MB while it is decoded, as WebP 500: one at a time a process.
_one_at_a_time = Lock()


@dataclass(frozen=True)
class Cleaned:
    """A picture as it is kept: WebP files by the long side, or by SQUARE; the largest's sides."""

    width: int
    height: int
    sizes: tuple[int, ...]
    files: Mapping[int | str, bytes]


def clean(data: bytes) -> Cleaned:
    """The files to keep of the picture `data`.

    Raises:
        PictureRefused: the code says why.
    """
    if len(data) > BYTES_MOST:
        raise PictureRefused("picture_heavy")
    kind = _kind(data)
    if kind == "JPEG" and data.count(b"\xff\xda") > SCANS_MOST:
        raise PictureRefused("picture_broken")
    with _one_at_a_time:
        return _files(_pixels(data, kind))


def _kind(data: bytes) -> str:
    """What `data` is by its first bytes, whatever it is called."""
    for kind, mark in _KINDS.items():
        if data.startswith(mark) and (kind != "WEBP" or data[8:12] == b"WEBP"):
            return kind
    raise PictureRefused("picture_unknown")


def _pixels(data: bytes, kind: str) -> Pixels:
    """The picture upright and no larger than need be, as pixels and nothing else."""
    try:
        with Image.open(BytesIO(data), formats=[kind]) as opened:
            _check(opened, kind)
            # A large JPEG is decoded at a half, a quarter or an eighth, for as much less memory.
            opened.draft("RGB", (2 * SIZES[-1], 2 * SIZES[-1]))
            opened.load()
            ImageOps.exif_transpose(opened, in_place=True)
            return _bare(opened)
    except PictureRefused:
        raise
    except (DecompressionBombError, DecompressionBombWarning) as error:
        raise PictureRefused("picture_large") from error
    except Exception as error:
        # Decoders meet broken files with errors of a dozen kinds, IndexError and struct.error too.
        raise PictureRefused("picture_broken") from error


def _check(opened: Pixels, kind: str) -> None:
    """Looks at what the head of the file says, before anything is decoded."""
    width, height = opened.size
    if width * height > PIXELS_MOST or max(width, height) > SIDE_MOST:
        raise PictureRefused("picture_large")
    if min(width, height) < SIDE_LEAST:
        raise PictureRefused("picture_small")
    # Telephones put several pictures into one JPEG; the first is the one that was taken.
    if kind != "JPEG" and getattr(opened, "is_animated", False):
        raise PictureRefused("picture_moves")


def _bare(image: Pixels) -> Pixels:
    """A new image of the pixels alone, in one of the two modes that WebP has."""
    if image.mode.startswith("I"):
        # Sixteen bits of grey; a plain conversion would cut off all that is not black.
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    through = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    mode = "RGBA" if through else "RGB"
    # A conversion to the mode that it has would be one copy more of the whole.
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
