"""Checks of a workbook's ZIP file before a library opens it: integrity, size, no XML entities.

The sizes in the ZIP directory may be wrong, so each member is decompressed once and counted. No
member may define XML entities, whichever parser reads it later.
"""

import lzma
import zipfile
import zlib
from typing import IO

from biobank.exchange.importing.said import UnreadableFile, say

CHUNK = 1 << 18
#: Bytes of a packed workbook, and of all its members: a million rows of ten short texts.
PACKED_MOST = 100_000_000
TOTAL_MOST = 500_000_000
#: Bytes of the shared strings of a workbook, which are held in memory.
SHARED_MOST = 60_000_000
SHARED = "sharedstrings.xml"
MEMBERS_MOST = 2_000
#: Largest expansion ratio of a member, checked from `XLSX_RATIO_CHECK_BYTES` bytes on.
RATIO_MOST = 200
RATIO_FROM = 10_000_000
#: `<!DOCTYPE` and `<!ENTITY` in the encodings that XML parsers detect by themselves.
DEFINING = tuple(
    word.encode(encoding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("ascii", "utf-16-le", "utf-16-be")
)
LONGEST = max(map(len, DEFINING))
#: Errors that the library raises for a broken, truncated or unusually packed ZIP file.
BROKEN = (
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


def guard(file: IO[bytes]) -> None:
    """Read every member of the ZIP `file` once and rewind it.

    Raises:
        UnreadableFile: if it is broken or malicious.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            _check_directory(archive)
            total = 0
            for member in archive.infolist():
                total += _read(archive, member, TOTAL_MOST - total)
    except BROKEN as error:
        raise UnreadableFile(say("xlsx_broken")) from error
    file.seek(0)


def _check_directory(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > MEMBERS_MOST:
        raise UnreadableFile(say("xlsx_files", count=len(members), most=MEMBERS_MOST))
    if sum(member.file_size for member in members) > TOTAL_MOST:
        raise UnreadableFile(say("xlsx_large", most=TOTAL_MOST))
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableFile(say("xlsx_locked"))


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> int:
    """Return the decompressed bytes of a member, counted and not as the directory states."""
    most = min(left, SHARED_MOST) if member.filename.lower().endswith(SHARED) else left
    made, tail, part = 0, b"", member.filename[:80]
    with archive.open(member) as content:
        while chunk := content.read(CHUNK):
            made += len(chunk)
            if made > RATIO_FROM and made > max(member.compress_size, 1) * RATIO_MOST:
                raise UnreadableFile(say("xlsx_part_grows", part=part, times=RATIO_MOST))
            if made > most:
                raise UnreadableFile(say("xlsx_part_large", part=part, most=most))
            seen = tail + chunk
            if any(word in seen for word in DEFINING):
                raise UnreadableFile(say("xlsx_entities", part=part))
            tail = seen[-LONGEST:]
    return made
