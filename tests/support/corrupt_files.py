"""Corrupt files."""

import io
import zipfile


def corrupt_zip(method: int) -> bytes:
    """Return a zip with a valid directory and one corrupt member compressed by `method`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("xl/workbook.xml", "".join(f"{number:05}" for number in range(5_000)))
    content = bytearray(buffer.getvalue())
    # Behind the member's header and LZMA's properties.
    for at in range(70, 400):
        content[at] ^= 0xFF
    return bytes(content)


def flip_bytes(content: bytes, at: int, size: int = 40) -> bytes:
    """Return the content with `size` bytes inverted from `at` on."""
    return content[:at] + bytes(byte ^ 0xFF for byte in content[at : at + size]) + content[at + size :]
