"""Zip files before a library opens them: whole, of a bearable size, and no XML that defines things.

The sizes in a zip's directory may lie, so each member is unpacked here once and counted; and what
is XML may define no entities, whichever parser reads it later.
"""

import zipfile
import zlib
from typing import IO

from biobank.exchange.importing.reading import UnreadableFile

CHUNK = 1 << 18
#: Bytes of a packed workbook, and of all that is in it: a million rows of ten short texts.
PACKED_MOST = 100_000_000
TOTAL_MOST = 500_000_000
#: Bytes of the texts that a workbook keeps apart, which are held in memory whole.
SHARED_MOST = 60_000_000
SHARED = "sharedstrings.xml"
MEMBERS_MOST = 2_000
#: How many times its size a member may grow, asked from `RATIO_FROM` bytes on.
RATIO_MOST = 200
RATIO_FROM = 10_000_000
#: `<!DOCTYPE` and `<!ENTITY` in the encodings that XML parsers know of themselves.
DEFINING = tuple(
    word.encode(encoding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("ascii", "utf-16-le", "utf-16-be")
)
LONGEST = max(map(len, DEFINING))


def guard(file: IO[bytes]) -> None:
    """Reads every member of the zip `file` once and winds it back.

    Raises:
        UnreadableFile: where it is no whole zip file, or one that is made to do harm.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            _check_directory(archive)
            total = 0
            for member in archive.infolist():
                total += _read(archive, member, TOTAL_MOST - total)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise UnreadableFile(f"Is no whole XLSX file: {error}.") from error
    except (OSError, ValueError, OverflowError) as error:
        raise UnreadableFile(f"Is no whole XLSX file: {error}.") from error
    file.seek(0)


def _check_directory(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > MEMBERS_MOST:
        raise UnreadableFile(f"Holds {len(members)} files; a workbook has at most {MEMBERS_MOST}.")
    if sum(member.file_size for member in members) > TOTAL_MOST:
        _refuse(f"Unpacks to more than {TOTAL_MOST:,} bytes")
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableFile("Is locked with a password; save the table without one.")


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> int:
    """The bytes of a member as they come, not as the directory says."""
    most = min(left, SHARED_MOST) if member.filename.lower().endswith(SHARED) else left
    made, tail = 0, b""
    with archive.open(member) as content:
        while chunk := content.read(CHUNK):
            made += len(chunk)
            if made > RATIO_FROM and made > max(member.compress_size, 1) * RATIO_MOST:
                _refuse(
                    f"{member.filename[:80]!r} unpacks to more than {RATIO_MOST} times its size"
                )
            if made > most:
                _refuse(f"{member.filename[:80]!r} unpacks to more than {most:,} bytes")
            seen = tail + chunk
            if any(word in seen for word in DEFINING):
                raise UnreadableFile(
                    f"{member.filename[:80]!r} defines entities of XML, which no spreadsheet does; "
                    "save the table with a spreadsheet program."
                )
            tail = seen[-LONGEST:]
    return made


def _refuse(why: str) -> None:
    raise UnreadableFile(f"{why}; save the table as CSV, or split it.")
