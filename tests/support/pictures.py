"""Pictures as cameras, phones and attackers produce them."""

import struct
import zlib
from io import BytesIO

from PIL import Image

#: Colours of the four quarters, row by row from the upper left.
RED, GREEN, BLUE, YELLOW = (200, 30, 30), (30, 160, 60), (30, 60, 200), (220, 200, 40)
DETAILS = {
    "licence": "CC BY 4.0",
    "author": "Foto Çəkən",
    "source": "https://pictures.example/1",
    "alt": {"az": "Kvadratlar", "en": "Squares", "ru": "Квадраты"},
}


def quarters(width: int = 400, height: int = 300, mode: str = "RGB") -> Image.Image:
    """Return a picture with four different quarters, which shows its orientation."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    image.paste(BLUE, (0, height // 2, width // 2, height))
    image.paste(YELLOW, (width // 2, height // 2, width, height))
    return image.convert(mode)


def encode(image: Image.Image | None = None, kind: str = "JPEG", **options: object) -> bytes:
    written = BytesIO()
    (image or quarters()).save(written, kind, **options)
    return written.getvalue()


def jpeg_with_metadata(orientation: int = 6) -> bytes:
    """Return a JPEG of a phone: rotated by EXIF, with location, model, comment and profile."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SECRETPHONE"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (40.0, 22.0, 11.0)
    return encode(exif=exif, icc_profile=b"SECRETPROFILE" * 20, comment=b"SECRETCOMMENT", quality=92)


def png_with_size(width: int, height: int, rows: bytes = b"") -> bytes:
    """Return a PNG whose header claims `width` by `height`."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def webp_chunks(webp: bytes) -> list[bytes]:
    """Return the chunk types of a WebP file."""
    assert webp[:4] == b"RIFF"
    assert webp[8:12] == b"WEBP"
    kinds, at = [], 12
    while at < len(webp):
        size = int.from_bytes(webp[at + 4 : at + 8], "little")
        kinds.append(webp[at : at + 4])
        at += 8 + size + size % 2
    assert at == len(webp)
    return kinds
