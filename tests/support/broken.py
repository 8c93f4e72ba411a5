"""Corrupt files."""

import io
import zipfile


def broken_zip(method: int) -> bytes:
    """Return a zip with a valid directory and one corrupt member compressed by `method`."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr("xl/workbook.xml", "".join(f"{it:05}" for it in range(5_000)))
    content = bytearray(made.getvalue())
    # Behind the member's header and LZMA's properties.
    for at in range(70, 400):
        content[at] ^= 0xFF
    return bytes(content)
