"""Checks of a workbook's ZIP file before a library opens it: integrity, size, no XML entities.

The sizes in the ZIP directory may be wrong, so each member is decompressed once and counted. No
member may define XML entities, whichever parser reads it later.
"""

import lzma
import zipfile
import zlib
from typing import IO

from biobank.exchange.imports.messages import UnreadableFile, import_message

ZIP_CHUNK_BYTES = 1 << 18
#: Bytes of a packed workbook, and of all its members: a million rows of ten short texts.
MAX_PACKED_XLSX_BYTES = 100_000_000
MAX_XLSX_BYTES = 500_000_000
#: Bytes of the shared strings of a workbook, which are held in memory.
MAX_SHARED_STRINGS_BYTES = 60_000_000
SHARED_STRINGS_MEMBER = "sharedstrings.xml"
MAX_XLSX_MEMBERS = 2_000
#: Largest expansion ratio of a member, checked from `XLSX_RATIO_CHECK_BYTES` bytes on.
MAX_XLSX_RATIO = 200
XLSX_RATIO_CHECK_BYTES = 10_000_000
#: `<!DOCTYPE` and `<!ENTITY` in the encodings that XML parsers detect by themselves.
ENTITY_MARKERS = tuple(
    word.encode(encoding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("ascii", "utf-16-le", "utf-16-be")
)
MAX_MARKER_BYTES = max(map(len, ENTITY_MARKERS))
#: Errors that the library raises for a broken, truncated or unusually packed ZIP file.
ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    OverflowError,
)


def check_workbook_zip(file: IO[bytes]) -> None:
    """Read every member of the ZIP `file` once and rewind it.

    Raises:
        UnreadableFile: if it is broken or malicious.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            _check_directory(archive)
            total = 0
            for member in archive.infolist():
                total += _count_member_bytes(archive, member, MAX_XLSX_BYTES - total)
    except ZIP_ERRORS as error:
        raise UnreadableFile(import_message("xlsx_broken")) from error
    file.seek(0)


def _check_directory(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > MAX_XLSX_MEMBERS:
        raise UnreadableFile(import_message("xlsx_files", count=len(members), most=MAX_XLSX_MEMBERS))
    if sum(member.file_size for member in members) > MAX_XLSX_BYTES:
        raise UnreadableFile(import_message("xlsx_large", most=MAX_XLSX_BYTES))
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableFile(import_message("xlsx_locked"))


def _count_member_bytes(archive: zipfile.ZipFile, member: zipfile.ZipInfo, bytes_left: int) -> int:
    """Return the decompressed bytes of a member, counted and not as the directory states."""
    limit = (
        min(bytes_left, MAX_SHARED_STRINGS_BYTES)
        if member.filename.lower().endswith(SHARED_STRINGS_MEMBER)
        else bytes_left
    )
    size, tail, part = 0, b"", member.filename[:80]
    with archive.open(member) as content:
        while chunk := content.read(ZIP_CHUNK_BYTES):
            size += len(chunk)
            if size > XLSX_RATIO_CHECK_BYTES and size > max(member.compress_size, 1) * MAX_XLSX_RATIO:
                raise UnreadableFile(import_message("xlsx_part_grows", part=part, times=MAX_XLSX_RATIO))
            if size > limit:
                raise UnreadableFile(import_message("xlsx_part_large", part=part, most=limit))
            window = tail + chunk
            if any(word in window for word in ENTITY_MARKERS):
                raise UnreadableFile(import_message("xlsx_entities", part=part))
            tail = window[-MAX_MARKER_BYTES:]
    return size
