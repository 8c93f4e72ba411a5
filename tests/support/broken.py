"""Files that are broken within."""

import io
import zipfile


def broken_zip(method: int) -> bytes:
    """A zip whose directory is whole and whose one part, packed by `method`, is not."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr("xl/workbook.xml", "".join(f"{it:05}" for it in range(5_000)))
    content = bytearray(made.getvalue())
    # Behind the head of the part and what LZMA says of itself.
    for at in range(70, 400):
        content[at] ^= 0xFF
    return bytes(content)
